// Interactive mode, a line at a time: the plain one, which works with any terminal and with pipes.

#ifndef PERILUNE_REPL_LINE_REPL_H_
#define PERILUNE_REPL_LINE_REPL_H_

#include "repl/session.h"

namespace perilune::vm::repl {

// Reads chunks from standard input until its end, runs them and prints their results. A line that
// is an expression needs no `return`, and a chunk goes on for as many lines as it needs to be
// complete. Prompts are the globals _PROMPT and _PROMPT2, if they are set.
void RunLineRepl(Session& session);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_LINE_REPL_H_
