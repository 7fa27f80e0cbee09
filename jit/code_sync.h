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
// Threads are CodeThreads (runtime/code_thread.h). Each calls Unpark() before it
// may run code, Park() before it blocks outside, and OnPoll() where it polls. A
// parked thread counts as synchronised, so Unpark() gives it an event.
//
//   name        how a thread gets its event            who waits
//   membarrier  the kernel interrupts it               the system call
//   epoch       it polls                               Wait()
//   signal      a handler runs in it                   Wait()
//   private     it finds that it has not adopted a     nobody: code is installed
//               target yet (Adopt)                     at once
//   none        not at all                             nobody
//
// Wait() gives up after kHandshakeLimit: a thread may be in native code that
// does not poll, and perhaps itself waits for the publisher. Nothing is
// installed then, and the function is compiled again some other time.
//
// All methods are thread-safe.

#ifndef PERILUNE_JIT_CODE_SYNC_H_
#define PERILUNE_JIT_CODE_SYNC_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"

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

  // May code be installed before threads had their event, since each has one
  // before it enters newer code (Adopt)?
  virtual bool adopts() const { return false; }

  // ---- By the thread itself. `thread` is registered where the strategy was
  // told to look.
  void Unpark(CodeThread& thread);
  void Park(CodeThread& thread);
  virtual void OnPoll(CodeThread&) {}
  // Before the thread enters code for the first time, whose address it has
  // loaded.
  virtual void Adopt(CodeThread&) {}

  // For checks: the epoch of the last event that the running `thread` had, where
  // threads have their events one by one; else 0, which is also what the epoch
  // of code is then, as all may run whatever is installed.
  virtual CodeEpoch SynchronizedEpoch(const CodeThread&) const { return 0; }
  virtual CodeEpoch EpochOfCode(CodeEpoch) const { return 0; }

 private:
  // `thread` counts as running since just now; it does not any more.
  virtual void OnUnpark(CodeThread&) {}
  virtual void OnParked() {}
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

  // The kernel's.
  static int Kernel(int command);

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

// How a thread empties its own pipeline: CacheMaintenance::SynchronizeContext,
// or nothing where machine code cannot run. Signal-safe.
using SynchronizeContextFn = void (*)();

// The common half of strategies in which each thread acknowledges for itself.
//
// Request() raises the epoch and asks all that run; Wait() returns when none
// that runs is behind. See [DOC] Code handshake in code_handshake.h.
class HandshakeSync : public CodeSync {
 public:
  HandshakeSync(CodeThreads* threads, SynchronizeContextFn synchronize)
      : threads_(threads), synchronize_(synchronize) {}

  absl::StatusOr<CodeEpoch> Request() override;
  bool Quiesced(CodeEpoch epoch) override;
  absl::Status Wait(CodeEpoch epoch) override;
  void OnPoll(CodeThread& thread) override { CatchUp(thread); }
  CodeEpoch SynchronizedEpoch(const CodeThread& thread) const override;
  CodeEpoch EpochOfCode(CodeEpoch epoch) const override { return epoch; }

 protected:
  static constexpr std::chrono::milliseconds kHandshakeLimit{250};

  // Makes the running thread call CatchUp() soon.
  virtual void Ask(CodeThread& thread) = 0;
  // Gives the calling thread, which is `thread`, its event if it misses one.
  void CatchUp(CodeThread& thread);
  void OnUnpark(CodeThread& thread) override { CatchUp(thread); }

 private:
  void OnParked() override { acknowledgements_.Notify(); }

  CodeThreads* const threads_;
  const SynchronizeContextFn synchronize_;
  Acknowledgements acknowledgements_;
  // Not 0, which `synchronized` is while a thread is parked.
  std::atomic<CodeEpoch> epoch_{1};
};

// "epoch": threads acknowledge at their polls. The portable fallback.
class EpochSync final : public HandshakeSync {
 public:
  using HandshakeSync::HandshakeSync;
  absl::string_view name() const override { return "epoch"; }

 private:
  void Ask(CodeThread& thread) override { thread.RequestPoll(); }
};

// "signal": a real-time signal interrupts each thread wherever it is.
class SignalSync final : public HandshakeSync {
 public:
  // kUnavailable: the signal is taken by somebody else.
  static absl::StatusOr<std::unique_ptr<SignalSync>> Create(
      CodeThreads* threads, SynchronizeContextFn synchronize);
  absl::string_view name() const override { return "signal"; }

 private:
  using HandshakeSync::HandshakeSync;
  void OnUnpark(CodeThread& thread) override;
  void Ask(CodeThread& thread) override;
  static void Handle(int);
};

// "private": every thread for itself. Slots lead to jumps that go by the thread's
// own table (jump_tables.h), whose entries lead to code only once the thread has
// adopted it. The price is that jump in every call.
class PrivateSync final : public ImmediateCodeSync {
 public:
  explicit PrivateSync(SynchronizeContextFn synchronize) : synchronize_(synchronize) {}
  absl::string_view name() const override { return "private"; }
  bool adopts() const override { return true; }
  void Adopt(CodeThread&) override { synchronize_(); }

 protected:
  absl::Status Broadcast() override;

 private:
  void OnUnpark(CodeThread& thread) override;

  const SynchronizeContextFn synchronize_;
};

enum class CodeSyncKind : uint8_t {
  kAuto,  // membarrier, or epoch where the kernel has none
  kMembarrier,
  kEpoch,
  kSignal,
  kPrivate,
  kNone,
};

// "auto" and the strategies' names; nothing for others.
std::optional<CodeSyncKind> ParseCodeSyncKind(absl::string_view name);

struct ChosenCodeSync {
  std::unique_ptr<CodeSync> sync;
  // Takes over if `sync` turns out to be unimplemented; or null.
  std::unique_ptr<CodeSync> fallback;
  // Why it is not what was asked for; empty if it is.
  std::string reason;
};

// What is asked for, or else epoch. `membarrier` is the system call, for tests.
ChosenCodeSync ChooseCodeSync(CodeSyncKind kind, CodeThreads* threads,
                              SynchronizeContextFn synchronize,
                              MembarrierSync::SystemCall membarrier);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_SYNC_H_
