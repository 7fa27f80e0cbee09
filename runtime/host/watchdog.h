// Ends scripts at their deadlines: one thread per engine, which sleeps until the next one. It begins with the first deadline.
// Thread-safe.

#ifndef PERILUNE_RUNTIME_HOST_WATCHDOG_H_
#define PERILUNE_RUNTIME_HOST_WATCHDOG_H_

#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "runtime/host/engine.h"
#include "runtime/isolate.h"

namespace perilune {

class Watchdog {
 public:
  Watchdog() = default;
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // While it lives, `vm` is stopped once `limit` has passed.
  class Scope {
   public:
    Scope(Watchdog& watchdog, vm::Isolate& vm, absl::Duration limit);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    friend class Watchdog;

    Watchdog* watchdog_ = nullptr;  // null: no deadline
    vm::Isolate& vm_;
    bool passed_ = false;           // guarded by watchdog_->mutex_; true: deadlines_ has no entry for this any more
    std::multimap<absl::Time, Scope*>::iterator entry_;
  };

 private:
  void Run();
  // Something changed that the thread sleeps on: an earlier deadline, or the end.
  bool Woken() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || (!deadlines_.empty() && deadlines_.begin()->first < sleeping_until_); }

  absl::Mutex mutex_;
  std::multimap<absl::Time, Scope*> deadlines_ ABSL_GUARDED_BY(mutex_);  // that have not passed
  absl::Time sleeping_until_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_WATCHDOG_H_
