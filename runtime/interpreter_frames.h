// Overlays of the interpreter for what has to do with frames: tail calls, returns of all kinds, variable arguments, closing; and constructors' lists.

#ifndef PERILUNE_RUNTIME_INTERPRETER_FRAMES_H_
#define PERILUNE_RUNTIME_INTERPRETER_FRAMES_H_

#include "runtime/handler.h"

namespace perilune::vm {

PERILUNE_HANDLER_CC void OpTailCall(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void OpReturn(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void OpVararg(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void OpClose(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void OpSetList(PERILUNE_HANDLER_PARAMS);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_INTERPRETER_FRAMES_H_
