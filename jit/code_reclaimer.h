// Grace periods: when no thread is in a function's machine code any more, nor will return into it.
//
// [DOC] Rounds. In a round every code thread comes by a place where it is in no machine code that it could not leave, and leaves what is being
// retired:
//
//   reclaimer                                   thread
//   ─────────                                   ──────
//   slots lead elsewhere; retiring = true
//   round_.store(r)               ───────►      at its next poll: LeaveRetiredCode(retiring), visited.store(r)
//   all that run have visited r?  ◄───────      when it parks: it is in no code; what is pinned is said before
//                                               when it unparks and missed a round: LeaveRetiredCode(all), visited.store(r)
//
// A thread that does not run holds nobody up: its frames may still lead to code that is gone, but before it runs again it makes all of them go on in
// the interpreter. The words are those of [DOC] Code handshake (code_handshake.h): whichever of reclaimer and thread is later sees the other.
// `retiring` and the slots are stored before round_ and loaded after it.
//
// After a round in which a slot was not loaded any more, nothing that it led to is in any thread's registers, since polls stand between loads of
// slots and their use nowhere.
//
// Thread-safe; one round at a time.

#ifndef PERILUNE_JIT_CODE_RECLAIMER_H_
#define PERILUNE_JIT_CODE_RECLAIMER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_fork.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"
#include "runtime/module.h"

namespace perilune::vm::jit {

class CodeReclaimer {
 public:
  explicit CodeReclaimer(CodeThreads* threads) : threads_(threads) {}

  // Returns once every thread has come by: the functions that stay pinned, because native code will return into their machine code.
  // kDeadlineExceeded: a thread has not polled for kRoundLimit; nothing may be reclaimed.
  absl::StatusOr<std::set<const ProtoSlots*>> Round() ABSL_LOCKS_EXCLUDED(mutex_);
  // Rounds so far.
  uint64_t rounds() const { return round_.load(std::memory_order_relaxed); }  // relaxed: a statistic

  // ---- By the thread itself: at a poll, as running, still as running, and as not running any more.
  void OnPoll(CodeThread& thread) { ComeBy(thread, /*all=*/false); }
  void OnUnpark(CodeThread& thread) { ComeBy(thread, /*all=*/true); }
  void BeforePark(CodeThread& thread);
  void AfterPark() { acknowledgements_.Notify(); }
  // It is registered no longer.
  void Forget(CodeThread& thread) ABSL_LOCKS_EXCLUDED(mutex_);

  // ---- As a ForkObserver's.
  void BeforeFork() ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex_) { mutex_.Lock(); }
  void AfterForkInParent() ABSL_UNLOCK_FUNCTION(mutex_) { mutex_.Unlock(); }
  void AfterForkInChild() ABSL_UNLOCK_FUNCTION(mutex_) { UnlockInChild(mutex_); }

 private:
  static constexpr std::chrono::milliseconds kRoundLimit{250};

  void ComeBy(CodeThread& thread, bool all);
  void Pin(CodeThread& thread, std::vector<const ProtoSlots*> pinned) ABSL_LOCKS_EXCLUDED(mutex_);

  CodeThreads* const threads_;
  std::atomic<uint64_t> round_{0};
  Acknowledgements acknowledgements_;
  absl::Mutex mutex_;
  std::map<const CodeThread*, std::vector<const ProtoSlots*>> pinned_ ABSL_GUARDED_BY(mutex_);  // of threads that pin any
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_RECLAIMER_H_
