// Ctrl-C: the first one interrupts what runs in isolates with the error "interrupted!", the next
// one ends the process.

#ifndef PERILUNE_REPL_INTERRUPT_H_
#define PERILUNE_REPL_INTERRUPT_H_

#include "runtime/isolate.h"

namespace perilune::vm::repl {

// While it lives, SIGINT interrupts `vm`. Scopes of several isolates may live at a time, on any
// threads; SIGINT has its default action when there is none (but see below), and from the first SIGINT on until
// then. An interrupt that nothing noticed is forgotten at the end.
class InterruptScope {
 public:
  explicit InterruptScope(Isolate& vm);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  // Has an interrupt come that nothing has noticed so far?
  bool is_pending() const { return (vm_.poll.load() & kPollInterrupt) != 0; }

 private:
  Isolate& vm_;
  size_t slot_ = 0;
};

// While it lives, SIGINT does nothing when there is no InterruptScope: for a session that is not to end with what it runs.
class IgnoreInterruptsScope {
 public:
  IgnoreInterruptsScope();
  ~IgnoreInterruptsScope();
  IgnoreInterruptsScope(const IgnoreInterruptsScope&) = delete;
  IgnoreInterruptsScope& operator=(const IgnoreInterruptsScope&) = delete;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_INTERRUPT_H_
