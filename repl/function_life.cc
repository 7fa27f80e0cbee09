#include "repl/function_life.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lang/diagnostic.h"
#include "runtime/engine.h"
#include "runtime/module.h"
#include "runtime/tier_record.h"
#include "runtime/tier_up.h"

namespace perilune::vm::repl {
namespace {

std::string DescribeState(const TierUpState& life) {
  if (!life.budget) {
#if defined(__aarch64__)
    return "interpreted: machine code is off (--jit)";
#else
    return "interpreted: machine code runs on AArch64 only (:asm shows what it would be)";
#endif
  }
  if (life.tier == Tier::kNative) return "machine code";
  switch (life.state) {
    case CompileState::kCold:
      return "interpreted, not hot so far";
    case CompileState::kQueued:
    case CompileState::kCompiled:
      return "interpreted, being compiled";
    case CompileState::kRefused:
      return absl::StrCat("interpreted, not compiled: ", life.refusal);
  }
  return "";
}

std::string DescribeBudget(const TierUpState& life) {
  if (!life.budget) return "none";
  if (!life.budget_left) return absl::StrCat("used up, ", *life.budget);
  return absl::StrFormat("%d of %d left (a call costs %d, a turn of a loop 1)", *life.budget_left, *life.budget, kCallCost);
}

// A line per stage that was reached: when, and after how long.
std::string DescribeStages(const TierTimes& times, uint64_t start) {
  const auto ms = [start](uint64_t at) { return static_cast<double>(at - start) / 1e6; };
  std::string text = absl::StrFormat("  %-10s %14.3f ms after the start\n", "hot", ms(times[TierStage::kHot]));
  for (size_t i = 1; i < kTierStages; ++i) {
    const auto stage = static_cast<TierStage>(i);
    if (!times.reached(stage)) continue;
    const double us = static_cast<double>(times.Took(stage)) / 1e3;
    absl::StrAppendFormat(&text, "  %-10s %14.3f ms, took %.1f us\n", kTierStageNames[i], ms(times[stage]), us);
  }
  return text;
}

}  // namespace

std::string DescribeLife(Isolate& vm, const LuaFunction& function) {
  vm.CountCalls();
  const ProtoSlots& slots = *function.slots;
  const TierUpState life = InspectTierUp(vm.engine(), function);
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) { absl::StrAppendFormat(&text, "%-18s %s\n", name, value); };
  const lang::Proto& proto = *slots.proto;
  add("function", absl::StrFormat("%s:%d, %d words of bytecode", lang::ChunkId(*proto.source), proto.line_defined, proto.code.size()));
  add("state", DescribeState(life));
  // relaxed: statistics
  add("interpreted calls", absl::StrCat(slots.interpreted_calls.load(std::memory_order_relaxed)));
  if (life.budget) add("native calls", absl::StrCat(slots.native_calls.load(std::memory_order_relaxed)));
  add("budget", DescribeBudget(life));
  if (life.compilations != 0) add("machine code", absl::StrCat(life.code_bytes, " bytes"));
  if (life.times.reached(TierStage::kHot)) absl::StrAppend(&text, "stages\n", DescribeStages(life.times, vm.engine().started_ns()));
  return text;
}

}  // namespace perilune::vm::repl
