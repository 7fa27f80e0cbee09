// What --stats prints: a table of functions, one of the stages of tier-up, and a list of the engine's counters.

#ifndef PERILUNE_REPL_STATS_REPORT_H_
#define PERILUNE_REPL_STATS_REPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "jit/baseline_tier.h"
#include "runtime/engine.h"
#include "runtime/module.h"
#include "runtime/tier_record.h"

namespace perilune::vm::repl {

struct FunctionStats {
  std::string name;
  std::string position;  // file:line
  bool native = false;   // has machine code
  uint64_t interpreted_calls = 0;
  uint64_t native_calls = 0;
  uint64_t bytecodes = 0;  // words
  uint64_t code_bytes = 0;
  uint64_t compile_ns = 0;
  uint64_t compilations = 0;
  TierTimes times;
  std::string refusal;  // why it was not compiled; empty: it was, or nobody asked
};

struct StatsReport {
  std::vector<FunctionStats> functions;
  std::optional<jit::BaselineTierStats> tier;  // none: all was interpreted
  std::string why_no_tier;                     // if there should have been one
  uint64_t slots_relinked = 0;
};

// Gathers the figures of the modules' functions. Interpreted calls are complete once the isolates
// are gone, the others after tier->Drain(). `tier` may be null.
StatsReport CollectStats(const Engine& engine, absl::Span<const std::shared_ptr<Module>> modules,
                         const jit::BaselineTier* tier);

// Lines of text. Functions that never ran are only counted.
std::string FormatStats(const StatsReport& report);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_STATS_REPORT_H_
