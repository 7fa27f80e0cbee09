// The engine of C++ hosts, which is where the runtime and the native tier meet.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jit/baseline_tier.h"
#include "runtime/engine.h"
#include "runtime/host/engine.h"
#include "runtime/host/watchdog.h"
#include "runtime/module.h"
#include "runtime/script_source.h"

namespace perilune {

namespace {

vm::jit::CodeSyncKind KindOf(CodeSync sync) {
  switch (sync) {
    case CodeSync::kAuto: return vm::jit::CodeSyncKind::kAuto;
    case CodeSync::kMembarrier: return vm::jit::CodeSyncKind::kMembarrier;
    case CodeSync::kEpoch: return vm::jit::CodeSyncKind::kEpoch;
    case CodeSync::kSignal: return vm::jit::CodeSyncKind::kSignal;
    case CodeSync::kPrivate: return vm::jit::CodeSyncKind::kPrivate;
  }
  return vm::jit::CodeSyncKind::kAuto;
}

}  // namespace

// The tier outlives the modules, whose machine code it keeps.
struct Engine::State {
  explicit State(const EngineOptions& options)
      : engine({.words_factor = options.budget_per_bytecode, .min_budget = options.min_budget, .compile_at_first_call = options.jit == Jit::kEager}) {}

  std::unique_ptr<vm::jit::BaselineTier> tier;  // null: none
  std::string why_no_tier;
  vm::Engine engine;
  Watchdog watchdog;
};

Engine::Engine(const EngineOptions& options) : state_(new State(options)) {
  if (options.jit == Jit::kOff) {
    state_->why_no_tier = "none (turned off)";
    return;
  }
  vm::jit::BaselineTierOptions tier_options;
  tier_options.background = options.jit == Jit::kBackground;
  tier_options.memory.limit_bytes = options.code_cache_bytes;
  tier_options.memory.policy = options.code_memory == CodeMemory::kMprotect ? vm::jit::CodeMemoryPolicy::kMprotect : vm::jit::CodeMemoryPolicy::kDual;
  tier_options.sync = KindOf(options.code_sync);
  absl::StatusOr<std::unique_ptr<vm::jit::BaselineTier>> tier = vm::jit::BaselineTier::Create(tier_options);
  if (!tier.ok()) {
    state_->why_no_tier = absl::StrCat("none (", tier.status().message(), ")");
    return;
  }
  state_->tier = *std::move(tier);
  state_->engine.set_native_tier(state_->tier.get());
}

Engine::~Engine() = default;

absl::StatusOr<Module> Engine::Load(std::string_view source, std::string_view name) {
  absl::StatusOr<std::shared_ptr<vm::Module>> module = state_->engine.Load(source, name);
  if (!module.ok()) return absl::InvalidArgumentError(module.status().message());
  return Module(*std::move(module));
}

absl::StatusOr<Module> Engine::LoadFile(const std::string& path) {
  const absl::StatusOr<vm::ScriptSource> source = vm::ReadScript(path.c_str());
  if (!source.ok()) return source.status();
  return Load(source->text, source->name);
}

EngineStats Engine::stats() const {
  EngineStats stats;
  for (const std::shared_ptr<vm::Module>& module : state_->engine.Modules()) {
    ++stats.modules;
    stats.functions += module->functions().size();
  }
  stats.slots_relinked = state_->engine.slots_relinked.load(std::memory_order_relaxed);
  if (state_->tier == nullptr) {
    stats.native_tier = state_->why_no_tier;
    return stats;
  }
  const vm::jit::BaselineTierStats tier = state_->tier->stats();
  stats.functions_compiled = tier.compiled;
  stats.functions_refused = tier.refused;
  stats.code_bytes = tier.code_bytes;
  stats.compile_ns = tier.compile_ns;
  stats.publications = tier.publication.batches;
  stats.native_tier = tier.sync;
  stats.code_memory = tier.memory;
  return stats;
}

void Engine::WaitForCompilation() {
  if (state_->tier != nullptr) state_->tier->Drain();
}

vm::Engine& Engine::impl() const { return state_->engine; }
Watchdog& Engine::watchdog() const { return state_->watchdog; }

}  // namespace perilune
