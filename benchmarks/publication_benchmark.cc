// What publication costs by how many functions share it: a batch pays once for its barriers and its synchronisation. With membarrier, while another
// thread runs Lua or none does; the other strategies cost what running threads take to answer, see tier_up_benchmark.cc.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"
#include "runtime/engine.h"

namespace perilune::vm::benchmarks {
namespace {

constexpr uint32_t kRet = 0xd65f03c0;

// Publishes batches of functions of `words` words, installs each in a slot, and releases them. Time is per function.
void Publish(benchmark::State& state, int batch_size, int words, int threads) {
  if (!HaveMachineCode()) return state.SkipWithError(kNeedsAArch64);
  jit::MembarrierSync sync;
  Engine engine;
  const Companions companions(engine, threads - 1);
  auto memory = jit::CodeMemory::Create({});
  if (!memory.ok()) return state.SkipWithError(memory.status().ToString().c_str());
  jit::CodePublisher publisher(&sync);
  const std::vector<uint32_t> code(static_cast<size_t>(words), kRet);
  std::vector<std::atomic<const void*>> slots(static_cast<size_t>(batch_size));
  for (auto _ : state) {
    std::vector<jit::PublicationRequest> batch;
    for (int i = 0; i < batch_size; ++i) {
      auto span = (*memory)->Allocate(code.size() * sizeof(uint32_t));
      if (!span.ok()) return state.SkipWithError(span.status().ToString().c_str());
      batch.push_back({*std::move(span), code});
    }
    absl::StatusOr<jit::Publication> published = publisher.Publish(absl::MakeSpan(batch));
    if (!published.ok()) return state.SkipWithError(published.status().ToString().c_str());
    for (size_t i = 0; i < slots.size(); ++i) published->Install(slots[i], published->span(i).entry());
    state.PauseTiming();
    for (size_t i = 0; i < slots.size(); ++i) {
      if (auto status = publisher.Release(published->TakeSpan(i)); !status.ok()) return state.SkipWithError(status.ToString().c_str());
    }
    state.ResumeTiming();
  }
  const jit::PublicationStats stats = publisher.stats();
  const auto per_function = [&](uint64_t sum) { return static_cast<double>(sum) / static_cast<double>(stats.publications); };
  state.counters["copy ns"] = per_function(stats.copy_ns);
  state.counters["maintain ns"] = per_function(stats.maintain_ns);
  state.counters["sync ns"] = per_function(stats.sync_ns);
  state.counters["install ns"] = per_function(stats.install_ns);
  state.counters["ic ivau"] = per_function(stats.instruction_lines_invalidated);
  state.counters["time/function"] =
      benchmark::Counter(batch_size, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

const bool kRegistered = [] {
  for (const int threads : {1, 2}) {
    for (const int batch_size : {1, 2, 4, 8, 16, 64, 256}) {
      constexpr int kWords = 128;
      benchmark::RegisterBenchmark(absl::StrCat("Publish/batch:", batch_size, "/threads:", threads).c_str(),
                                   [=](benchmark::State& state) { Publish(state, batch_size, kWords, threads); })
          ->Unit(benchmark::kMicrosecond);
    }
  }
  for (const int words : {16, 1024, 16384}) {
    benchmark::RegisterBenchmark(absl::StrCat("PublishWords/words:", words).c_str(),
                                 [=](benchmark::State& state) { Publish(state, 1, words, 1); })
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace
}  // namespace perilune::vm::benchmarks
