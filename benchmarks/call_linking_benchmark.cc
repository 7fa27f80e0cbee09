// Call sites of machine code: through a slot that fits, through one that must be linked first, and at a site that calls another function than the one it
// is linked to. Time is per call, with a return; the callee returns its argument.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "runtime/module.h"

namespace perilune::vm::benchmarks {
namespace {

constexpr int kSites = 200;

// A chunk that returns sites(other): calls `f`, or `g` if `other`, at kSites call sites in a row.
std::string Source() {
  std::string text = "local function f(x) return x end\nlocal function g(x) return x end\nlocal function sites(other)\nlocal c = other and g or f\n";
  for (int i = 0; i < kSites; ++i) text += "c(1)\n";
  // Both are compiled before the sites are.
  return text + "end\nf(1) g(1) f(1) g(1)\nreturn sites\n";
}

enum class Site { kLinked, kUnlinked, kOther };

void CallSites(benchmark::State& state, Site site) {
  if (!HaveMachineCode()) return state.SkipWithError(kNeedsAArch64);
  const auto engine = JitEngine::Create({.tuning = {.compile_at_first_call = true}});
  if (!engine.ok()) return state.SkipWithError(engine.status().ToString().c_str());
  Isolate vm((*engine)->engine());
  const absl::StatusOr<LuaFunction*> sites = Define(vm, Source());
  if (!sites.ok()) return state.SkipWithError(sites.status().ToString().c_str());
  const ProtoSlots& slots = *(*sites)->slots;
  const auto call = [&](bool other) {
    Value result;
    const std::array args = {Value::Boolean(other)};
    return Run(vm, *sites, args, &result);
  };
  const auto relinked = [&] { return (*engine)->engine().slots_relinked.load(std::memory_order_relaxed); };
  for (int i = 0; i < 3; ++i) {
    if (absl::Status status = call(false); !status.ok()) return state.SkipWithError(status.ToString().c_str());
  }
  const uint64_t links_before = relinked();
  for (auto _ : state) {
    if (site == Site::kUnlinked) {
      state.PauseTiming();
      // relaxed: no other thread runs this module
      for (uint32_t i = 0; i < slots.proto->call_site_count; ++i) slots.call_sites[i].target.store(&kUnlinked, std::memory_order_relaxed);
      state.ResumeTiming();
    }
    if (absl::Status status = call(site == Site::kOther); !status.ok()) return state.SkipWithError(status.ToString().c_str());
  }
  const uint64_t links = relinked() - links_before;
  const auto iterations = static_cast<uint64_t>(state.iterations());
  if (links != (site == Site::kUnlinked ? iterations * kSites : 0)) return state.SkipWithError("the sites were not linked as meant");
  state.counters["time/call"] = benchmark::Counter(kSites, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(CallSites, linked, Site::kLinked)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(CallSites, unlinked, Site::kUnlinked)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(CallSites, other_callee, Site::kOther)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perilune::vm::benchmarks
