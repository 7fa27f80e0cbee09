// Tier-up latency: from the call that makes a function hot to the first time its machine code runs, by stage.
//
// Each iteration loads the function anew and calls it until its machine code was used. Time is that of the function's tier record; the counters are the
// medians of the stages, in nanoseconds. What an emulator needs to translate the compiler's own code is spent before the first iteration.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "runtime/module.h"
#include "runtime/tier_record.h"

namespace perilune::vm::benchmarks {
namespace {

struct Case {
  std::string sync;
  bool background;
  int bytecodes;
  int threads;  // that run Lua, with the one measured

  std::string Name() const {
    return absl::StrCat("TierUp/bytecodes:", bytecodes, "/threads:", threads, background ? "/jit:background/" : "/jit:sync/", sync);
  }
};

// Loads the function and calls it until its machine code was used.
absl::StatusOr<TierTimes> OneTierUp(Isolate& vm, const std::string& source, size_t* bytecodes) {
  const absl::StatusOr<LuaFunction*> f = Define(vm, source);
  if (!f.ok()) return f.status();
  const ProtoSlots& slots = *(*f)->slots;
  *bytecodes = slots.proto->code.size();
  Table* t = vm.NewTable();
  for (const auto& [key, value] : {std::pair("a", 1), std::pair("b", 2)}) {
    if (!vm.RawSet(t, Value::Of(vm.NewString(key)), Value::Integer(value))) return absl::InternalError("out of memory");
  }
  if (!vm.RawSet(t, Value::Integer(1), Value::Integer(1))) return absl::InternalError("out of memory");
  const std::array args = {Value::Of(t), Value::Integer(7)};
  while (!slots.tier_record.times().reached(TierStage::kUsed)) {
    Value result;
    if (absl::Status status = Run(vm, *f, args, &result); !status.ok()) return status;
    // relaxed: a hint
    if (const char* refusal = slots.refusal.load(std::memory_order_relaxed)) return absl::InternalError(refusal);
  }
  return slots.tier_record.times();
}

double Median(std::vector<uint64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

void TierUp(benchmark::State& state, const Case& c) {
  if (!HaveMachineCode()) return state.SkipWithError(kNeedsAArch64);
  constexpr int kWarmUp = 8;
  constexpr int kCollectEvery = 32;
  const std::string source = SourceOfSize(c.bytecodes);
  // Hot soon: how long a function is interpreted first is not measured.
  const auto engine = JitEngine::Create({.sync = c.sync, .background = c.background, .tuning = {.words_factor = 0, .min_budget = 20}});
  if (!engine.ok()) return state.SkipWithError(engine.status().ToString().c_str());
  Isolate vm((*engine)->engine());
  std::vector<TierTimes> samples;
  size_t bytecodes = 0;
  {
    const Companions companions((*engine)->engine(), c.threads - 1);
    for (int i = 0; i < kWarmUp; ++i) {
      if (const auto times = OneTierUp(vm, source, &bytecodes); !times.ok()) return state.SkipWithError(times.status().ToString().c_str());
    }
    for (auto _ : state) {
      const absl::StatusOr<TierTimes> times = OneTierUp(vm, source, &bytecodes);
      if (!times.ok()) {
        state.SkipWithError(times.status().ToString().c_str());
        break;
      }
      state.SetIterationTime(static_cast<double>(times->Between(TierStage::kHot, TierStage::kUsed)) * 1e-9);
      samples.push_back(*times);
      // Modules end, and their code with them.
      if (samples.size() % kCollectEvery == 0) vm.CollectGarbage();
    }
  }
  if (samples.empty()) return;
  for (size_t i = 1; i < kTierStages; ++i) {
    std::vector<uint64_t> ns;
    for (const TierTimes& times : samples) ns.push_back(times.Took(static_cast<TierStage>(i)));
    state.counters[absl::StrCat(kTierStageNames[i], " ns")] = Median(std::move(ns));
  }
  std::vector<uint64_t> ns;
  for (const TierTimes& times : samples) ns.push_back(times.Between(TierStage::kHot, TierStage::kUsed));
  state.counters["in all ns"] = Median(std::move(ns));
  state.counters["bytecodes"] = static_cast<double>(bytecodes);
}

void Register(const Case& c) {
  benchmark::RegisterBenchmark(c.Name().c_str(), [c](benchmark::State& state) { TierUp(state, c); })
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

// By size, with the default strategy; then by strategy and number of threads.
const bool kRegistered = [] {
  for (const bool background : {false, true}) {
    for (const int bytecodes : {16, 64, 256, 1024, 4096}) Register({"membarrier", background, bytecodes, 1});
    for (const std::string& sync : SyncStrategies()) {
      for (const int threads : {1, 2, 4, 8}) Register({sync, background, 128, threads});
    }
  }
  return true;
}();

}  // namespace
}  // namespace perilune::vm::benchmarks
