// `perilune doctor`: what this machine is like for machine code that other threads run, told by asking it and by experiment.
// The tool to run first on a new board.

#ifndef PERILUNE_REPL_DOCTOR_H_
#define PERILUNE_REPL_DOCTOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/publication_experiments.h"
#include "repl/machine_facts.h"

namespace perilune::vm::repl {

struct DoctorOptions {
  bool help = false;
  bool json = false;
  uint64_t trials = 1000;  // of each experiment
};

// Parses what follows `doctor` on the command line. An error's message is to be shown behind the program's name.
absl::StatusOr<DoctorOptions> ParseDoctorOptions(absl::Span<const char* const> arguments);

struct DoctorReport {
  MachineFacts facts;
  std::string sync;         // the strategy that would be chosen, and why; empty: none
  std::string memory;       // the same of the policy of code memory
  std::string no_code;      // why machine code cannot run; empty: it can
  std::vector<jit::PublicationExperiment> experiments;
  // What follows from the experiments, in sentences.
  std::vector<std::string> findings;
  // Did no old code run with all steps taken?
  bool healthy = true;
};

// Asks and experiments. Takes some seconds.
DoctorReport Examine(const DoctorOptions& options);

// Draws the findings from the rest of the report.
void Conclude(DoctorReport& report);

std::string FormatText(const DoctorReport& report);
std::string FormatJson(const DoctorReport& report);

// The whole subcommand. Returns the exit status: 1 if publication with all steps ran stale code here.
int RunDoctor(absl::Span<const char* const> arguments);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_DOCTOR_H_
