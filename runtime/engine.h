// The Engine is what isolates share, process-wide: loaded modules and the native tier. Thread-safe. It must outlive its isolates.

#ifndef PERILUNE_RUNTIME_ENGINE_H_
#define PERILUNE_RUNTIME_ENGINE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "lang/stop_flag.h"
#include "runtime/module.h"
#include "runtime/monotonic_clock.h"
#include "runtime/native_tier.h"

namespace perilune::vm {

// Never affects results. When a function's calls and back-edges have used up its budget, it is hot.
struct Tuning {
  // Units of the budget: a call costs kCallCost, a back-edge one; the budget is bytecode words times words_factor, at least min_budget.
  int32_t words_factor = 20;
  int32_t min_budget = 500;
  bool compile_at_first_call = false;
  bool semantics_only = false;  // interpret without overlays
  // For tests: a full collection at every so many-th poll, that is function entry or back-edge; 0: only when the heap asks for one.
  uint32_t collect_every_polls = 0;
};

class Engine {
 public:
  explicit Engine(Tuning tuning = {}) : tuning_(tuning) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The tier must outlive the engine's isolates. Set before the first isolate runs.
  void set_native_tier(NativeTier* tier) { native_tier_ = tier; }
  NativeTier* native_tier() const { return native_tier_; }
  const Tuning& tuning() const { return tuning_; }
  // On MonotonicNs(): where the times of tier records are counted from when people read them.
  uint64_t started_ns() const { return started_ns_; }

  // Compiles a chunk, or reads a binary one. An error's message is worded as the reference's. Ends with an error soon after `stop` is set.
  absl::StatusOr<std::shared_ptr<Module>> Load(std::string_view source, std::string_view chunk_name, lang::StopFlag stop = {});

  // Makes a module of a main function that was compiled elsewhere.
  std::shared_ptr<Module> Add(std::shared_ptr<const lang::Proto> main);

  // The modules that are alive, for statistics.
  std::vector<std::shared_ptr<Module>> Modules() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Call sites that were pointed at machine code; relaxed.
  std::atomic<uint64_t> slots_relinked{0};

 private:
  const Tuning tuning_;
  const uint64_t started_ns_ = MonotonicNs();
  NativeTier* native_tier_ = nullptr;
  mutable absl::Mutex mutex_;
  std::vector<std::weak_ptr<Module>> modules_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_ENGINE_H_
