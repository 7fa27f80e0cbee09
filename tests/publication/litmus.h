// Scenarios as litmus tests for herd7, the checker of Arm's own memory model (herdtools7, variant `self`, which models
// instruction fetch). See litmus_test.py for who runs them.

#ifndef PERILUNE_TESTS_PUBLICATION_LITMUS_H_
#define PERILUNE_TESTS_PUBLICATION_LITMUS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/publication/scenarios.h"

namespace perilune::vm::jit::protocol {

struct Litmus {
  std::string name;
  std::string text;
  // "strategy", "mutant", or "harmless" for a mutant that is none in this scenario.
  std::string_view kind;
  bool allowed;  // what herd7 must answer: may the fault happen?
  std::string why;  // in a few words
};

// The text of one test.
std::string LitmusText(std::string_view name, const Scenario& scenario);

// Every scenario, and every mutant of each that has the mutant's steps. Mutants that only hang are not among them.
std::vector<Litmus> LitmusTests();

}  // namespace perilune::vm::jit::protocol

#endif  // PERILUNE_TESTS_PUBLICATION_LITMUS_H_
