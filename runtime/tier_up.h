// Tier-up as the interpreter sees it: budgets that run out, code that has become ready.

#ifndef PERILUNE_RUNTIME_TIER_UP_H_
#define PERILUNE_RUNTIME_TIER_UP_H_

#include <cstdint>
#include <optional>

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

// The function's machine code was taken away: it may become hot again, with a new budget. By the native tier.
void ReturnToInterpreter(ProtoSlots& slots);

// A call whose budget is used up: asks for compilation, and answers the target to call.
const CallTarget* HotCall(Isolate* vm, ProtoInstance* instance);

// For assertions where the interpreter enters what a slot leads to: has the isolate's thread had the context synchronisation event that the code needs?
bool MayEnter(const Isolate& vm, const CallTarget& target);

// The first call that a function's slot leads to its machine code: notes the time, so that later calls need not ask, and answers the target to call.
const CallTarget* FirstCall(ProtoSlots& slots);

// How far a function has got, as one isolate sees it.
struct TierUpState {
  // Of the isolate.
  uint64_t interpreted_calls = 0;
  uint64_t native_calls = 0;           // where machine code counts them (the native tier's options)
  std::optional<int32_t> budget_left;  // in the units of Tuning; none once compilation was requested, or where there is no native tier
  // Of all isolates.
  std::optional<int32_t> budget;       // of a fresh instance; none where there is no native tier
  CompileState state = CompileState::kCold;
  Tier tier = Tier::kInterpreter;      // of the code that calls run now
  uint32_t compilations = 0;
  uint64_t code_bytes = 0;
  const char* refusal = nullptr;       // why it was not compiled; static
  TierTimes times;                     // of the last compilation; on MonotonicNs(), as Engine::started_ns()
};

// By the isolate's thread.
TierUpState InspectTierUp(const Engine& engine, const LuaFunction& function);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_TIER_UP_H_
