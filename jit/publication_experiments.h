// What this machine does when a step of publication is left out.
//
// Each experiment changes one instruction of a tiny function, `return N`, takes the steps of publication_protocol.def but
// some, and calls the function; a call that still gives the old number ran stale code. Nothing else can happen: both
// versions are whole at every moment. What is found is a fact about the machine, and no proof of anything that it did
// not show: the litmus tests say what it may do.

#ifndef PERILUNE_JIT_PUBLICATION_EXPERIMENTS_H_
#define PERILUNE_JIT_PUBLICATION_EXPERIMENTS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "jit/publication_protocol.h"

namespace perilune::vm::jit {

// A set of PublicationStep, as bits.
using PublicationSteps = uint32_t;
constexpr PublicationSteps StepBit(PublicationStep step) { return PublicationSteps{1} << static_cast<uint32_t>(step); }

struct PublicationExperiment {
  // How the function is written: by another address, or at its own, which is made writable and then executable again.
  enum class View : uint8_t { kAlias, kProtect };
  enum class Caller : uint8_t { kSameThread, kOtherThread };

  PublicationSteps left_out = 0;
  View view = View::kAlias;
  Caller caller = Caller::kSameThread;
  // Another thread executes an isb between seeing that there is new code and calling it.
  bool caller_isb = false;

  uint64_t trials = 0;
  uint64_t stale = 0;   // trials that gave the old number
  std::string problem;  // why there were no trials, or fewer than asked for; else empty

  // "nothing", a step's name, or several.
  std::string LeftOutText() const;
};
std::string_view ViewName(PublicationExperiment::View view);        // "alias", "mprotect"
std::string_view CallerName(PublicationExperiment::Caller caller);  // "same thread", "other thread"

struct PublicationExperimentOptions {
  uint64_t trials = 1000;                      // of each
  std::chrono::milliseconds time_limit{300};  // for each
};

// Runs all of them, some dozens. kUnimplemented where machine code cannot run.
absl::StatusOr<std::vector<PublicationExperiment>> RunPublicationExperiments(const PublicationExperimentOptions& options);

// Does an emulator run this program, as far as the processor's identification tells? QEMU's default processor has no maker. (One that imitates a
// certain processor counts as hardware, which makes tests stricter, not laxer.)
bool IsEmulatedProcessor();

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_PUBLICATION_EXPERIMENTS_H_
