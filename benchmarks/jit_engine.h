// What the benchmarks share: an engine with its native tier, as a host sets them up, Lua functions to measure, and threads that run Lua beside them.

#ifndef PERILUNE_BENCHMARKS_JIT_ENGINE_H_
#define PERILUNE_BENCHMARKS_JIT_ENGINE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/baseline_tier.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm::benchmarks {

// Why a benchmark that runs machine code is skipped on other machines.
inline constexpr char kNeedsAArch64[] = "needs AArch64: machine code does not run here";

// Whether machine code runs here.
bool HaveMachineCode();

// The strategies of code synchronisation to measure, by name.
std::vector<std::string> SyncStrategies();

struct JitEngineOptions {
  std::string sync = "membarrier";
  bool background = false;
  Tuning tuning = {};
};

class JitEngine {
 public:
  // Fails as BaselineTier::Create does, or if there is no such strategy.
  static absl::StatusOr<std::unique_ptr<JitEngine>> Create(const JitEngineOptions& options);

  Engine& engine() { return engine_; }
  jit::BaselineTier& tier() { return *tier_; }

 private:
  explicit JitEngine(const Tuning& tuning) : engine_(tuning) {}

  std::unique_ptr<jit::BaselineTier> tier_;
  Engine engine_;
};

// Runs a chunk and gives the function it returns. The caller keeps the pointer on its stack, where the collector finds it.
absl::StatusOr<LuaFunction*> Define(Isolate& vm, std::string_view source);

// Calls a function; an error's message becomes the status.
absl::Status Run(Isolate& vm, LuaFunction* function, absl::Span<const Value> args, Value* result);

// A chunk that returns a function f(t, x) of at least `bytecodes` words: sums, comparisons, fields, elements and calls in turn. Its `t` is
// {1, a = 1, b = 2}; it returns an integer.
std::string SourceOfSize(int bytecodes);

// Threads that each run an endless loop with a call in it, in an isolate of their own, from the constructor to the destructor.
class Companions {
 public:
  Companions(Engine& engine, int count);
  ~Companions();
  Companions(const Companions&) = delete;
  Companions& operator=(const Companions&) = delete;

 private:
  struct Thread;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace perilune::vm::benchmarks

#endif  // PERILUNE_BENCHMARKS_JIT_ENGINE_H_
