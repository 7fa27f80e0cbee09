// Tier-up as the interpreter sees it: budgets that run out, code that has become ready.

#ifndef PERILUNE_RUNTIME_TIER_UP_H_
#define PERILUNE_RUNTIME_TIER_UP_H_

#include <cstdint>

#include "runtime/isolate.h"
#include "runtime/module.h"

namespace perilune::vm {

// What a call costs of a function's budget; a back-edge costs one. Never affects results.
inline constexpr int32_t kCallCost = 4;

// The budget of a fresh instance.
int32_t InitialHotness(const Engine& engine, const lang::Proto& proto);

// A loop's back-edge whose budget is used up or that must poll; pc is the loop's head. *entry: machine code to enter there, or null. False:
// an error was raised.
bool BackEdge(Isolate* vm, Value* base, const lang::Word* pc, Value* k, uint32_t loop, const void** entry);

// A call whose budget is used up: asks for compilation, and answers the target to call.
const CallTarget* HotCall(Isolate* vm, ProtoInstance* instance);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_TIER_UP_H_
