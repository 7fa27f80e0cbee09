// The handlers that frame links name as their resume address, and the entries of functions that handlers implement. By these the unwinder and
// tracebacks know what kind of call made a frame.

#ifndef PERILUNE_RUNTIME_RETURN_HANDLERS_H_
#define PERILUNE_RUNTIME_RETURN_HANDLERS_H_

#include "runtime/handler.h"

namespace perilune::vm {

// ---- Function entries (word: number of arguments).
PERILUNE_HANDLER_CC void EnterInterpreter(PERILUNE_HANDLER_PARAMS);  // a Lua function in the interpreter
PERILUNE_HANDLER_CC void EnterMachineCodeFirst(PERILUNE_HANDLER_PARAMS);  // a Lua function whose machine code was not called yet
PERILUNE_HANDLER_CC void EnterNative(PERILUNE_HANDLER_PARAMS);       // a native function
PERILUNE_HANDLER_CC void EnterPcall(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void EnterXpcall(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void EnterResume(PERILUNE_HANDLER_PARAMS);       // coroutine.resume
PERILUNE_HANDLER_CC void EnterWrapped(PERILUNE_HANDLER_PARAMS);      // a function made by coroutine.wrap
PERILUNE_HANDLER_CC void EnterYield(PERILUNE_HANDLER_PARAMS);
// Where the last three go on when anything is out of the ordinary.
PERILUNE_HANDLER_CC void EnterResumeSlow(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void EnterWrappedSlow(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void EnterYieldSlow(PERILUNE_HANDLER_PARAMS);

// ---- Returns (pc: position word of the link; word: number of results, from base[-2] on).
PERILUNE_HANDLER_CC void ReturnToCall(PERILUNE_HANDLER_PARAMS);      // to a Call of the interpreter
PERILUNE_HANDLER_CC void ReturnToTForCall(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void ReturnToTailCall(PERILUNE_HANDLER_PARAMS);  // a native function that was called in tail position
PERILUNE_HANDLER_CC void ReturnToOp(PERILUNE_HANDLER_PARAMS);        // from a metamethod to the op that called it
PERILUNE_HANDLER_CC void ReturnThrough(PERILUNE_HANDLER_PARAMS);     // to a native function that ended with NativeFrame::Call
PERILUNE_HANDLER_CC void ReturnToPcall(PERILUNE_HANDLER_PARAMS);     // from the protected function; the link's pc is OwnNesting() outside
PERILUNE_HANDLER_CC void ReturnToXpcall(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void ReturnToNative(PERILUNE_HANDLER_PARAMS);    // to C++: ends a nested run
PERILUNE_HANDLER_CC void ReturnToResumer(PERILUNE_HANDLER_PARAMS);   // from a coroutine's function
PERILUNE_HANDLER_CC void ReturnToUnwind(PERILUNE_HANDLER_PARAMS);    // from __close, called while an error unwinds to a pcall; pc: as above
PERILUNE_HANDLER_CC void ReturnToNativeUnwind(PERILUNE_HANDLER_PARAMS);  // the same towards C++
PERILUNE_HANDLER_CC void ReturnFromMessageHandler(PERILUNE_HANDLER_PARAMS);
PERILUNE_HANDLER_CC void ReturnFromHookedNative(PERILUNE_HANDLER_PARAMS);  // from a native function whose return hooks may see

// Ends the innermost run of the virtual machine; the C++ caller of RunCall goes on.
PERILUNE_HANDLER_CC void ExitVm(PERILUNE_HANDLER_PARAMS);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_RETURN_HANDLERS_H_
