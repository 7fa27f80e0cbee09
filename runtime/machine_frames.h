// Frames of machine code on the Lua stack: which they are, and how they are left for the interpreter.
//
// [DOC] Leaving machine code. A caller in machine code goes on at an address of it, which stands in the link of the frame it called. As both tiers
// share the frame layout, replacing that address by the return handler of the calling instruction makes the caller go on in the interpreter; nothing
// is to be reconstructed. Who polls in machine code is told to leave by the poll itself (PollFromMachineCode, EnterSlowFromMachineCode).
//
// One thing cannot be replaced: where C++ code that machine code called runs Lua code itself (finalizers in a poll, hooks), the address is in the
// native stack. Such a function is pinned until that C++ code has returned, and then leaves by the poll's answer.

#ifndef PERILUNE_RUNTIME_MACHINE_FRAMES_H_
#define PERILUNE_RUNTIME_MACHINE_FRAMES_H_

#include <vector>

#include "lang/bytecode.h"
#include "runtime/handler.h"
#include "runtime/isolate.h"
#include "runtime/module.h"

namespace perilune::vm {

// Is it one of the interpreter's, and not an address in machine code?
bool IsReturnHandler(Handler resume);

// The return handler by which the interpreter goes on after a call made by the instruction `op`.
Handler InterpreterResume(lang::Op op);

// Visits all frames of all coroutines of an isolate that stands still, or is the caller's own and polls. Frames in the machine code of functions that
// are being retired (ProtoSlots::retiring), or in any (`all`), will go on in the interpreter. Answers the functions whose machine code may be
// returned to by C++ code. Marks those in whose machine code frames are as seen.
std::vector<const ProtoSlots*> LeaveRetiredCode(Isolate* vm, bool all);
// Only answers those functions.
std::vector<const ProtoSlots*> PinnedCode(Isolate* vm);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_MACHINE_FRAMES_H_
