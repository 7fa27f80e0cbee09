// Code synchronisation: makes every thread drop what it fetched before.
//
// [DOC] Code synchronisation
//
// Cache maintenance makes new words reachable by every core, yet a core may
// have fetched the old ones into its pipeline already. Only a context
// synchronisation event (an `isb`, or taking and leaving an exception) on
// *that* core drops them. A CodeSync is one way to give that event to every
// thread that may run code:
//
//   publisher                              every other thread
//   ─────────                              ──────────────────
//   clean, invalidate, dsb ish
//   epoch = Request()          ─────────►  context synchronisation event
//   Quiesced(epoch) or Wait(epoch)  ◄────  acknowledged
//   slot.store(target, release)
//                                          slot.load; branch to target
//
// The order is the point: an event that was requested before the maintenance
// finished, or one that is not waited for before the slot changes, permits
// stale instructions. The publisher enforces both.
//
// Request() may finish the whole matter (membarrier: the kernel interrupts all
// running threads, and returns once each had its event) or only begin it
// (epochs, signals: threads acknowledge one by one). Quiesced() lets a compile
// thread do something else meanwhile; once true for an epoch it stays true.
//
// Threads. Strategies that need each thread's help hear of it through the
// hooks: a thread calls OnThreadStart() before it can run code, OnPark() before
// it blocks outside and OnUnpark() before it runs code again. A parked thread
// counts as synchronised, so OnUnpark() must give it an event. membarrier and
// none need no hooks, and theirs do nothing.
//
// All methods are thread-safe.

#ifndef PERILUNE_JIT_CODE_SYNC_H_
#define PERILUNE_JIT_CODE_SYNC_H_

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace perilune::vm::jit {

// Numbers requests. Later requests have greater epochs.
using CodeEpoch = uint64_t;

class CodeSync {
 public:
  virtual ~CodeSync() = default;

  // As in --code-sync=NAME and in diagnostics.
  virtual absl::string_view name() const = 0;

  // Asks that every thread pass a context synchronisation event from now on.
  // kUnimplemented: this machine or kernel cannot; another strategy is needed.
  // Other errors may be tried again. After an error nothing may be installed.
  virtual absl::StatusOr<CodeEpoch> Request() = 0;

  // Has every thread passed one since Request() returned `epoch`?
  virtual bool Quiesced(CodeEpoch epoch) = 0;

  // Returns once Quiesced(epoch), or fails and leaves it open.
  virtual absl::Status Wait(CodeEpoch epoch) = 0;

  // Threads that may run code; see the head of this file.
  virtual void OnThreadStart() {}
  virtual void OnThreadStop() {}
  virtual void OnPark() {}
  virtual void OnUnpark() {}
};

// The common half of strategies whose Request() does everything.
class ImmediateCodeSync : public CodeSync {
 public:
  absl::StatusOr<CodeEpoch> Request() final;
  bool Quiesced(CodeEpoch epoch) final;
  absl::Status Wait(CodeEpoch epoch) final;

 protected:
  // Returns once every thread had its event.
  virtual absl::Status Broadcast() = 0;

 private:
  std::atomic<CodeEpoch> epoch_{0};
};

// "membarrier": one system call, no cost to readers, the default on Linux.
//
// MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE returns after every running thread
// of the process has executed a core-serialising instruction; threads that are
// not running do so on their way back to user mode. The process registers its
// intent once. EPERM says it has not (or lost it): it registers and retries.
class MembarrierSync : public ImmediateCodeSync {
 public:
  // Issues membarrier(command); returns 0 or an errno value.
  using SystemCall = std::function<int(int command)>;

  MembarrierSync();
  // For tests of what the kernel may answer.
  explicit MembarrierSync(SystemCall system_call);

  // Registers with the kernel. Good to call at start, to learn early whether
  // another strategy is needed; otherwise the first Request() does it.
  absl::Status Register();

  absl::string_view name() const override { return "membarrier"; }
  // Barriers that succeeded.
  uint64_t barriers() const {
    // Relaxed: a statistic, ordered with nothing.
    return barriers_.load(std::memory_order_relaxed);
  }

 protected:
  absl::Status Broadcast() override;

 private:
  const SystemCall system_call_;
  std::atomic<uint64_t> barriers_{0};
};

// "none": does nothing. Only for tests that show what the others are for, and
// for a process that never has a second thread.
class NoSync : public ImmediateCodeSync {
 public:
  absl::string_view name() const override { return "none"; }

 protected:
  absl::Status Broadcast() override;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_SYNC_H_
