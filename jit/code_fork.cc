#include "jit/code_fork.h"

#include <pthread.h>

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace perilune::vm::jit {
namespace {

struct Observers {
  absl::Mutex mutex;
  std::vector<ForkObserver*> all ABSL_GUARDED_BY(mutex);
};

// Never destroyed: the process may fork as long as it lives.
Observers& TheObservers() {
  static auto* const observers = new Observers;
  return *observers;
}

void Before() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  Observers& observers = TheObservers();
  observers.mutex.Lock();
  for (ForkObserver* observer : observers.all) observer->BeforeFork();
}
void InParent() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  Observers& observers = TheObservers();
  for (ForkObserver* observer : observers.all) observer->AfterForkInParent();
  observers.mutex.Unlock();
}
void InChild() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  Observers& observers = TheObservers();
  for (ForkObserver* observer : observers.all) observer->AfterForkInChild();
  UnlockInChild(observers.mutex);
}

}  // namespace

void AddForkObserver(ForkObserver* observer) {
  // It fails for want of memory only, which at this point nothing survives.
  [[maybe_unused]] static const int registered = pthread_atfork(&Before, &InParent, &InChild);
  Observers& observers = TheObservers();
  absl::MutexLock lock(&observers.mutex);
  observers.all.push_back(observer);
}

void RemoveForkObserver(ForkObserver* observer) {
  Observers& observers = TheObservers();
  absl::MutexLock lock(&observers.mutex);
  std::erase(observers.all, observer);
}

}  // namespace perilune::vm::jit
