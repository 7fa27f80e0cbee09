// What is to be shown of the publication protocol: scenarios, each a few threads that run programs of
// jit/publication_protocol.def against each other, and mutants, each one change to a scenario's steps. The litmus tests
// (litmus.h) and the executable model (machine.h) are made from these, and so from that table.

#ifndef PERILUNE_TESTS_PUBLICATION_SCENARIOS_H_
#define PERILUNE_TESTS_PUBLICATION_SCENARIOS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "jit/publication_protocol.h"

namespace perilune::vm::jit::protocol {

// A step in a thread's list, as it is or as a mutant has it.
struct Instruction {
  const Step* step;
  // Where the step's program ends in the list: where a check that fails goes on.
  size_t program_end = 0;
  bool relaxed = false;     // str and ldr in place of stlr and ldar
  bool unbranched = false;  // a check that loads but does not branch
};

using Thread = std::vector<Instruction>;

// A thread that runs these programs, as the strategy has them, one after the other.
Thread Runs(Strategies strategy, const std::vector<Program>& programs);

// What must not happen.
enum class Fault {
  kStale,  // led to the new code, a thread runs what was there before
  kEarly,  // led to the old code, a thread runs what came after it
};

struct Scenario {
  std::string name;
  std::string about;
  Fault fault;
  std::vector<Thread> threads;  // the first is the publisher
  bool parked = false;          // the others begin parked; else running
  bool used = false;            // private: the caller's entry leads to code that its index had before
  bool has_fault = false;       // expected to be faulty as it stands (strategy none)
  bool idc = false;             // CTR_EL0 says that dc cvau is needless, and the publisher leaves it out
  bool dic = false;             // the same for ic ivau
};

// One for each strategy and situation.
std::vector<Scenario> Scenarios();

struct Mutant {
  enum class Change { kWithout, kBefore, kRelaxed, kUnbranched };
  Change change;
  std::string_view step;
  std::string_view other;  // kBefore: the step before which `step` is done
  std::string_view why;    // what goes wrong
  // Nothing wrong is run, but a thread waits for ever. A memory model says nothing about that; the executable model does.
  bool hangs = false;

  // As in the names of tests: "without-CleanData".
  std::string name() const;
};

const std::vector<Mutant>& Mutants();

// Is it a question worth asking? Not of scenarios that are variants of others, nor, of one about reclaim, how code is
// published, and the reverse.
bool Concerns(const Mutant& mutant, const Scenario& scenario);

// Why a mutant is no fault in a scenario; empty: it is one.
std::string_view WhyHarmless(const Mutant& mutant, const Scenario& scenario);

// Changes the scenario. False if it has not the mutant's steps.
bool Apply(const Mutant& mutant, Scenario& scenario);

// Steps that no mutant leaves out, each with the reason.
struct Exempt {
  std::string_view step;
  std::string_view why;
};
const std::vector<Exempt>& ExemptSteps();

}  // namespace perilune::vm::jit::protocol

#endif  // PERILUNE_TESTS_PUBLICATION_SCENARIOS_H_
