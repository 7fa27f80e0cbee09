// What becomes of machine code when the host forks.
//
// [DOC] Fork. The child of a fork has one thread, a copy of all private memory, and the same shared memory as its parent; the code memory of policy
// `dual` is shared. What the parent publishes later the child would run, under slots and frames that know nothing of it. So the child gets a copy of
// its own, as it was when the host forked, and goes on in that: what was compiled stays compiled. Nothing is published any more there, and nothing
// reclaimed, as the threads that would do it are not among those who live on.
//
//   before, in the forking thread   locks all that writes code or leads to it; copies the code memory
//   in the parent                   drops the copy, unlocks
//   in the child                    the copy takes the place of the executable view, whose caches are maintained as for a publication; forked
//
// Where there is no memory for a copy, the parent never uses again what it frees from then on, so that the view they share stays as it is.
//
// The mutexes that are taken here are new ones in the child, since those who wait for the old ones are gone.

#ifndef PERILUNE_JIT_CODE_FORK_H_
#define PERILUNE_JIT_CODE_FORK_H_

#include <new>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace perilune::vm::jit {

// Told of each fork() between AddForkObserver and RemoveForkObserver, by pthread_atfork(3). vfork and posix_spawn are no forks in this sense: the
// child only goes on to exec.
class ForkObserver {
 public:
  virtual void BeforeFork() = 0;
  virtual void AfterForkInParent() = 0;
  virtual void AfterForkInChild() = 0;

 protected:
  ~ForkObserver() = default;
};

void AddForkObserver(ForkObserver* observer);
void RemoveForkObserver(ForkObserver* observer);

// Of a mutex that the forking thread holds. Unlocking it could wait for a thread that was about to queue up, and there is nobody to wake.
inline void UnlockInChild(absl::Mutex& mutex) ABSL_UNLOCK_FUNCTION(mutex) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  mutex.ForgetDeadlockInfo();
  new (&mutex) absl::Mutex;
}

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_FORK_H_
