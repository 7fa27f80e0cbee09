#include "jit/code_threads.h"

#include <time.h>

#include <algorithm>
#include <cassert>
#include <cerrno>

#include "jit/code_handshake.h"

namespace perilune::vm::jit {

void CodeThreads::Add(CodeThread& thread) {
  absl::MutexLock lock(&mutex_);
  threads_.push_back(&thread);
}

void CodeThreads::Remove(CodeThread& thread) {
  assert(!thread.running.load(std::memory_order_relaxed));  // relaxed: the caller's own store
  absl::MutexLock lock(&mutex_);
  std::erase(threads_, &thread);
}

void CodeThreads::ForEach(absl::FunctionRef<void(CodeThread&)> visit) const {
  absl::MutexLock lock(&mutex_);
  for (CodeThread* thread : threads_) visit(*thread);
}

bool CodeThreads::AllRunning(absl::FunctionRef<bool(CodeThread&)> condition) const {
  absl::MutexLock lock(&mutex_);
  return std::ranges::all_of(threads_, [&](CodeThread* thread) {
    return thread == CodeThread::Current() || !handshake::IsRunning(*thread) || condition(*thread);
  });
}

Acknowledgements::Acknowledgements() { sem_init(&semaphore_, /*pshared=*/0, 0); }
Acknowledgements::~Acknowledgements() { sem_destroy(&semaphore_); }

bool Acknowledgements::Wait(absl::FunctionRef<bool()> condition, std::chrono::nanoseconds limit) {
  absl::MutexLock lock(&mutex_);
  timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  constexpr int64_t kSecond = 1'000'000'000;
  const int64_t end = deadline.tv_nsec + limit.count();
  deadline.tv_sec += end / kSecond;
  deadline.tv_nsec = end % kSecond;
  return handshake::SleepUntil(waiting_, condition, [&] {
    // Interrupted, it looks once more.
    return sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &deadline) == 0 || errno != ETIMEDOUT;
  });
}

void Acknowledgements::Notify() {
  handshake::WakeSleeper(waiting_, [this] { sem_post(&semaphore_); });
}

}  // namespace perilune::vm::jit
