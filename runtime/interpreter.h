// The bytecode interpreter: a handler per op, chained by jumps (see [DOC] Register plan in handler.h). It has overlays for the common cases of the
// hot ops; everything else goes through the semantic functions (semantics.h).

#ifndef PERILUNE_RUNTIME_INTERPRETER_H_
#define PERILUNE_RUNTIME_INTERPRETER_H_

#include "lang/bytecode.h"
#include "runtime/handler.h"

namespace perilune::vm {

// Handlers by opcode.
extern const Handler kHandlers[];
// The same without overlays: each op runs its semantic function. For tests (Tuning::semantics_only).
extern const Handler kSemanticHandlers[];

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_INTERPRETER_H_
