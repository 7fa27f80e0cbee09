// The threads that may run machine code, and waiting for them.
//
// CodeThreads is the registry of an engine: publisher and reclaim ask it whom to wait for. The rules for the threads' own words stand in
// runtime/code_thread.h. Adding, removing and visiting take its mutex; a thread that is not running may be removed at any time, so that one which
// ends in the midst of a handshake is waited for no longer.
//
// Acknowledgements is the waiting: one publisher sleeps until a condition over the threads' words holds, and the threads wake it, in the order of
// [DOC] Code handshake (code_handshake.h). Notify() is a load and rarely a sem_post(), which is safe in a signal handler.

#ifndef PERILUNE_JIT_CODE_THREADS_H_
#define PERILUNE_JIT_CODE_THREADS_H_

#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "runtime/code_thread.h"

namespace perilune::vm::jit {

class CodeThreads {
 public:
  void Add(CodeThread& thread) ABSL_LOCKS_EXCLUDED(mutex_);
  // It must not be running.
  void Remove(CodeThread& thread) ABSL_LOCKS_EXCLUDED(mutex_);
  // `visit` must not block: adding and removing threads waits for it.
  void ForEach(absl::FunctionRef<void(CodeThread&)> visit) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Does `condition` hold for each that is running? The calling thread's own is left out: it is where its caller wants it.
  bool AllRunning(absl::FunctionRef<bool(CodeThread&)> condition) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::vector<CodeThread*> threads_ ABSL_GUARDED_BY(mutex_);
};

class Acknowledgements {
 public:
  Acknowledgements();
  ~Acknowledgements();
  Acknowledgements(const Acknowledgements&) = delete;
  Acknowledgements& operator=(const Acknowledgements&) = delete;

  // Returns true once `condition` holds, false if it does not within `limit`. One waiter at a time; others queue up.
  bool Wait(absl::FunctionRef<bool()> condition, std::chrono::nanoseconds limit) ABSL_LOCKS_EXCLUDED(mutex_);
  // What `condition` is about may have changed: after a seq_cst store of it.
  void Notify();

 private:
  absl::Mutex mutex_;
  sem_t semaphore_;
  std::atomic<bool> waiting_{false};
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_THREADS_H_
