#include "runtime/host/watchdog.h"

#include <utility>

#include "absl/time/clock.h"

namespace perilune {

Watchdog::~Watchdog() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

Watchdog::Scope::Scope(Watchdog& watchdog, vm::Isolate& vm, absl::Duration limit) : vm_(vm) {
  if (limit == absl::InfiniteDuration()) return;
  watchdog_ = &watchdog;
  absl::MutexLock lock(&watchdog.mutex_);
  entry_ = watchdog.deadlines_.emplace(absl::Now() + limit, this);
  if (!watchdog.thread_.joinable()) watchdog.thread_ = std::thread(&Watchdog::Run, &watchdog);
}

Watchdog::Scope::~Scope() {
  if (watchdog_ == nullptr) return;
  absl::MutexLock lock(&watchdog_->mutex_);
  if (!passed_) watchdog_->deadlines_.erase(entry_);
}

void Watchdog::Run() {
  absl::MutexLock lock(&mutex_);
  while (!ended_) {
    const absl::Time now = absl::Now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
      Scope* scope = deadlines_.begin()->second;
      deadlines_.erase(deadlines_.begin());
      scope->passed_ = true;
      scope->vm_.RequestStop(vm::StopReason::kDeadline);
    }
    sleeping_until_ = deadlines_.empty() ? absl::InfiniteFuture() : deadlines_.begin()->first;
    mutex_.AwaitWithDeadline(absl::Condition(this, &Watchdog::Woken), sleeping_until_);
  }
}

}  // namespace perilune
