// What machine code does at a call site whose slot does not fit: find the callee's code, and link the slot so that the next call goes straight.

#ifndef PERILUNE_JIT_CALL_LINKING_H_
#define PERILUNE_JIT_CALL_LINKING_H_

#include <atomic>
#include <cstdint>

#include "runtime/calls.h"
#include "runtime/module.h"

namespace perilune::vm::jit {

// The callee's frame at `base` has its function, link and arguments. Links `slot` (null: none) if the callee is a Lua function of the caller's module
// with machine code and as many parameters as arguments. An unlinked slot, or one of an older target of the same function, is swapped; a
// site that calls several functions stays with the first.
Transfer CallAndLink(Isolate* vm, Value* base, uint64_t nargs, std::atomic<const CallTarget*>* slot);

// Strategy "private": the isolate's thread calls the function with the constants `k`, and was led to an entry of its jump table that is none yet, or none
// any more. Answers the code to go to, whose way it enters in the table. AdoptExact: as a call site's; null if the function has no such code now.
const void* AdoptEntry(Isolate* vm, Value* k);
const void* AdoptExact(Isolate* vm, Value* k);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CALL_LINKING_H_
