// A CodeThread is an isolate in the eyes of those who publish and reclaim machine code: something that may be running it.
//
// [DOC] Code threads. An isolate is *running* from the beginning of its outermost run of the virtual machine to the end, except while it is parked:
// in a native function that blocks or is the host's (BlockingScope), while another isolate runs on its thread from within it, and while its thread
// compiles. A thread that is not running is in no machine code and enters none before NativeTier::OnUnpark, which gives it what it missed. A native
// function that machine code called is outside of it: where to return is in its frame's link, which runtime/machine_frames.h can change.
//
//   native tier (publisher)                          isolate's thread
//   ───────────────────────                          ────────────────
//   request: store the new epoch (seq_cst)           running.store(true, seq_cst)
//   running.load (seq_cst): false → nothing to wait  load the epoch (seq_cst): new → catch up before any code
//   for; true → RequestPoll, wait for `synchronized` at the poll: catch up, then synchronized.store(epoch, release)
//
// It is the two-sided pattern of Dekker: whichever thread comes later sees the other's store. `synchronized` and `visited` are written by the thread
// that runs the isolate (its signal handler included) and by nobody else while it runs; the tier reads them with acquire.
//
// The words stand on cache lines of their own, as the tier's thread reads what others write.

#ifndef PERILUNE_RUNTIME_CODE_THREAD_H_
#define PERILUNE_RUNTIME_CODE_THREAD_H_

#include <atomic>
#include <cstdint>
#include <memory>

namespace perilune::vm {

class Isolate;
class NativeTier;

struct alignas(64) CodeThread {
  CodeThread(Isolate* of, void (*request)(CodeThread*)) : isolate(of), request_poll(request) {}
  CodeThread(const CodeThread&) = delete;
  CodeThread& operator=(const CodeThread&) = delete;

  // Makes the thread poll soon (NativeTier::OnPoll). Any thread.
  void RequestPoll() { request_poll(this); }

  // The one that the calling thread runs, or null. Safe in signal handlers.
  static CodeThread* Current() { return current_; }

  // For one who is about to run this one on the calling thread, and when it is over: makes it the current one; answers what was.
  static CodeThread* SetCurrent(CodeThread* thread) {
    CodeThread* const outer = current_;
    current_ = thread;
    return outer;
  }

  Isolate* const isolate;  // null in tests
  void (*const request_poll)(CodeThread*);
  std::atomic<bool> running{false};
  std::atomic<uint64_t> synchronized{0};  // newest code epoch since whose request the thread had a context synchronisation event
  std::atomic<uint64_t> visited{0};       // newest round of reclaim in which its frames were visited
  std::atomic<int32_t> os_thread{0};      // the kernel's number of the thread that runs it, for strategies that need it
  // Strategy "private": where the thread goes for the target with an index; of the tier's own size. Stored by the thread, and reset by the tier.
  std::unique_ptr<std::atomic<const void*>[]> jumps;
  bool pins = false;                      // native code will return into its machine code; the thread's own
  void* sync = nullptr;                   // the strategy's own; written before the thread first runs

 private:
  // initial-exec: a signal handler must not be the one for whom it is allocated.
  static constinit thread_local CodeThread* current_ __attribute__((tls_model("initial-exec")));
};

// Around what may block outside of the virtual machine for long (reading a pipe, waiting for a process, a host's function): nobody waits for this
// thread then. The running frame must be a native function's: other C++ code that machine code called returns there by the native stack. Lua code that
// runs within is in a RunScope of its own. Of nested scopes the outermost counts.
class BlockingScope {
 public:
  explicit BlockingScope(Isolate& vm);
  // The same for the isolate that the calling thread runs, if any.
  explicit BlockingScope(CodeThread* current);
  ~BlockingScope();
  BlockingScope(const BlockingScope&) = delete;
  BlockingScope& operator=(const BlockingScope&) = delete;

 private:
  CodeThread* const thread_;  // null: nobody to park
};

// A run of an isolate on a native thread, nested or not: it is running within, and an isolate from whose native function it is run is parked.
class RunScope {
 public:
  // Null: there is no machine code.
  explicit RunScope(CodeThread* thread) : thread_(thread) {
    if (thread == nullptr) return;
    // relaxed: stored by this thread only, which is the one that runs it, if any does
    if (thread->running.load(std::memory_order_relaxed) && CodeThread::Current() == thread) {
      thread_ = nullptr;
    } else {
      Begin();
    }
  }
  ~RunScope() {
    if (thread_ != nullptr) End();
  }
  RunScope(const RunScope&) = delete;
  RunScope& operator=(const RunScope&) = delete;

 private:
  void Begin();
  void End();

  CodeThread* thread_;  // null: nobody minds, or it is running anyway
  CodeThread* outer_ = nullptr;
  bool outer_ran_ = false;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_CODE_THREAD_H_
