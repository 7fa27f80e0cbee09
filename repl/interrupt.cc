// The handler cannot take locks, so scopes register in an array of atomic slots. A scope that ends
// clears its slot and then waits for handlers that may have read it; a handler counts itself before
// it reads. All of this is sequentially consistent: the scope sees the handler, or the handler sees
// the empty slot.

#include "repl/interrupt.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "repl/options.h"

namespace perilune::vm::repl {
namespace {

std::atomic<Isolate*> slots[kMaxThreads];
std::atomic<int> handlers_running{0};

ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);
int scopes ABSL_GUARDED_BY(mutex) = 0;
void (*idle_action)(int) ABSL_GUARDED_BY(mutex) = SIG_DFL;  // while there are none

void SetAction(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;  // and no SA_RESTART: a script that waits for input notices
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

void OnInterrupt(int) {
  const int error = errno;
  SetAction(SIG_DFL);
  ++handlers_running;
  for (std::atomic<Isolate*>& slot : slots) {
    if (Isolate* vm = slot.load()) vm->RequestPoll(kPollInterrupt);
  }
  --handlers_running;
  errno = error;
}

}  // namespace

InterruptScope::InterruptScope(Isolate& vm) : vm_(vm) {
  for (Isolate* empty = nullptr; !slots[slot_].compare_exchange_strong(empty, &vm);
       empty = nullptr) {
    slot_ = (slot_ + 1) % kMaxThreads;
  }
  absl::MutexLock lock(&mutex);
  if (scopes++ == 0) SetAction(OnInterrupt);
}

InterruptScope::~InterruptScope() {
  {
    absl::MutexLock lock(&mutex);
    if (--scopes == 0) SetAction(idle_action);
  }
  slots[slot_].store(nullptr);
  while (handlers_running.load() != 0) {
  }
  vm_.poll.fetch_and(~uint32_t{kPollInterrupt});
}

namespace {

void SetIdleAction(void (*action)(int)) {
  absl::MutexLock lock(&mutex);
  idle_action = action;
  if (scopes == 0) SetAction(action);
}

}  // namespace

IgnoreInterruptsScope::IgnoreInterruptsScope() { SetIdleAction(SIG_IGN); }
IgnoreInterruptsScope::~IgnoreInterruptsScope() { SetIdleAction(SIG_DFL); }

}  // namespace perilune::vm::repl
