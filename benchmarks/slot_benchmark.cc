// Reading a Proto's slot, as a call does, while nobody or one thread keeps changing it through the publisher.

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm::benchmarks {
namespace {

constexpr uint32_t kRet = 0xd65f03c0;

// A function's slot with two published targets, and a thread that installs them by turns if there is to be one.
class FlippedSlot {
 public:
  static absl::StatusOr<std::unique_ptr<FlippedSlot>> Create(bool writer) {
    std::unique_ptr<FlippedSlot> result(new FlippedSlot);
    auto module = result->engine_.Load("", "=benchmark");
    if (!module.ok()) return module.status();
    result->module_ = *std::move(module);
    auto memory = jit::CodeMemory::Create({});
    if (!memory.ok()) return memory.status();
    result->memory_ = *std::move(memory);
    const std::vector<uint32_t> code = {kRet};
    std::vector<jit::PublicationRequest> batch;
    for (int i = 0; i < 2; ++i) {
      auto span = result->memory_->Allocate(sizeof(uint32_t));
      if (!span.ok()) return span.status();
      batch.push_back({*std::move(span), code});
    }
    auto published = result->publisher_.Publish(absl::MakeSpan(batch));
    if (!published.ok()) return published.status();
    result->publication_ = std::make_unique<jit::Publication>(*std::move(published));
    for (size_t i = 0; i < 2; ++i) {
      result->targets_[i] = {&result->slots(), result->publication_->span(i).entry(), nullptr, Tier::kNative};
    }
    result->publication_->Install(result->slots().target, &result->targets_[0]);
    if (writer) result->writer_ = std::thread(&FlippedSlot::Write, result.get());
    return result;
  }
  ~FlippedSlot() { Stop(); }

  ProtoSlots& slots() { return *module_->main(); }
  // Ends the writer; how often it wrote.
  uint64_t Stop() {
    stop_.store(true, std::memory_order_relaxed);  // the join orders
    if (writer_.joinable()) writer_.join();
    return writes_;
  }

 private:
  FlippedSlot() = default;
  void Write() {
    while (!stop_.load(std::memory_order_relaxed)) publication_->Install(slots().target, &targets_[++writes_ % 2]);
  }

  Engine engine_;
  std::shared_ptr<Module> module_;
  jit::MembarrierSync sync_;
  std::unique_ptr<jit::CodeMemory> memory_;
  jit::CodePublisher publisher_{&sync_};
  std::unique_ptr<jit::Publication> publication_;
  CallTarget targets_[2];
  std::atomic<bool> stop_{false};
  uint64_t writes_ = 0;
  std::thread writer_;
};

FlippedSlot* slot;  // of the benchmark that runs

void ReadSlot(benchmark::State& state, bool writer) {
  if (!HaveMachineCode()) return state.SkipWithError(kNeedsAArch64);
  // Set-up by one thread; the loop's start is a barrier for all.
  if (state.thread_index() == 0) {
    auto created = FlippedSlot::Create(writer);
    slot = created.ok() ? created->release() : nullptr;
  }
  uintptr_t sum = 0;
  for (auto _ : state) {
    if (slot == nullptr) {
      state.SkipWithError("code memory was refused");
      break;
    }
    // acquire: partner of the release in Install()
    const CallTarget* target = slot->slots().target.load(std::memory_order_acquire);
    sum += reinterpret_cast<uintptr_t>(target->entry);
  }
  benchmark::DoNotOptimize(sum);
  if (state.thread_index() == 0 && slot != nullptr) {
    state.counters["writes"] = static_cast<double>(slot->Stop());
    delete slot;
    slot = nullptr;
  }
}
BENCHMARK_CAPTURE(ReadSlot, no_writer, false)->ThreadRange(1, 4)->UseRealTime();
BENCHMARK_CAPTURE(ReadSlot, writer, true)->ThreadRange(1, 4)->UseRealTime();

}  // namespace
}  // namespace perilune::vm::benchmarks
