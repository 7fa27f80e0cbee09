#include "repl/function_life.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lang/diagnostic.h"
#include "runtime/engine.h"
#include "runtime/module.h"
#include "runtime/tier_up.h"

namespace perilune::vm::repl {
namespace {

std::string DescribeState(const ProtoSlots& slots, const jit::BaselineTier* tier) {
  if (tier == nullptr) {
#if defined(__aarch64__)
    return "interpreted: machine code is off (--jit)";
#else
    return "interpreted: machine code runs on AArch64 only (:asm shows what it would be)";
#endif
  }
  // Acquire: partner of the native tier's release store, to read the target.
  if (slots.target.load(std::memory_order_acquire)->tier == Tier::kNative) return "machine code";
  // relaxed: for people
  switch (slots.state.load(std::memory_order_relaxed)) {
    case CompileState::kCold:
      return "interpreted, not hot so far";
    case CompileState::kQueued:
      return "interpreted, being compiled";
    case CompileState::kCompiled:
      return "machine code";
    case CompileState::kRefused:
      return absl::StrCat("interpreted, not compiled: ", slots.refusal.load(std::memory_order_relaxed));
  }
  return "";
}

std::string DescribeBudget(const Isolate& vm, const ProtoInstance& instance, const jit::BaselineTier* tier) {
  if (tier == nullptr) return "none";
  if (instance.slots->state.load(std::memory_order_relaxed) != CompileState::kCold) return "used up";
  const int32_t initial = InitialHotness(vm.engine(), *instance.proto);
  return absl::StrFormat("%d of %d left (a call costs %d, a loop's turn 1)", std::max(instance.hotness, 0), initial, kCallCost);
}

}  // namespace

std::string DescribeLife(Isolate& vm, const LuaFunction& function, const jit::BaselineTier* tier) {
  vm.CountCalls();
  const ProtoSlots& slots = *function.slots;
  const ProtoInstance& instance = *ProtoInstance::FromConstants(function.k);
  constexpr auto kRelaxed = std::memory_order_relaxed;
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) { absl::StrAppendFormat(&text, "%-18s%s\n", name, value); };
  add("function", absl::StrFormat("%s:%d, %d words of bytecode", lang::ChunkId(*slots.proto->source), slots.proto->line_defined, slots.proto->code.size()));
  add("state", DescribeState(slots, tier));
  add("interpreted calls", absl::StrCat(slots.interpreted_calls.load(kRelaxed)));
  if (tier != nullptr) add("native calls", absl::StrCat(slots.native_calls.load(kRelaxed)));
  add("budget", DescribeBudget(vm, instance, tier));
  if (slots.compilations.load(kRelaxed) != 0) {
    add("machine code", absl::StrFormat("%d bytes, emitted in %.1f us", slots.code_bytes.load(kRelaxed),
                                        static_cast<double>(slots.compile_ns.load(kRelaxed)) / 1000));
  }
  return text;
}

}  // namespace perilune::vm::repl
