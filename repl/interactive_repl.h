// Interactive mode at a terminal: editing, colours, completion, history, values shown in full, locals that live on, commands.

#ifndef PERILUNE_REPL_INTERACTIVE_REPL_H_
#define PERILUNE_REPL_INTERACTIVE_REPL_H_

#include "jit/baseline_tier.h"
#include "repl/session.h"

namespace perilune::vm::repl {

// Runs until the end of the input or :quit. `tier` may be null. Requires CanEditLines().
void RunInteractiveRepl(Session& session, jit::BaselineTier* tier);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_INTERACTIVE_REPL_H_
