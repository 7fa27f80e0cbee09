// write_protocol_table: the tables of docs/publication.md, in Markdown: the steps of each program, and the mutants.

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "jit/publication_protocol.h"
#include "tests/publication/scenarios.h"

namespace perilune::vm::jit::protocol {
namespace {

constexpr std::pair<Program, std::string_view> kPrograms[] = {
    {Program::kPublish, "Publish: the thread that has new code"},
    {Program::kCall, "Call: a thread that runs code"},
    {Program::kAnswer, "Answer: every other thread, when it is asked"},
    {Program::kPark, "Park: a thread that goes outside"},
    {Program::kUnpark, "Unpark: a thread that comes back, or begins"},
    {Program::kAdopt, "Adopt: a thread between a target and its code, where nobody waited for it"},
    {Program::kRetire, "Retire: the thread that takes code away"},
    {Program::kRecycle, "Recycle: the thread that gives a retired target's index to another"},
    {Program::kLeave, "Leave: a thread that is outside of it"},
};

std::string Object(const Step& step) {
  switch (step.object) {
    case Object::kNone:
      return "";
    case Object::kCode:
      return "code";
    case Object::kSlot:
      return "slot";
    case Object::kOwn:
      return "own entry";
    case Object::kRequest:
      return "request";
    case Object::kAcknowledgement:
      return "acknowledged";
    case Object::kRunning:
      return "running";
    case Object::kRound:
      return "round";
    case Object::kVisited:
      return "visited";
  }
  return "";
}

std::string Instructions(const Step& step) {
  const std::string object = Object(step);
  switch (step.operation) {
    case Operation::kWrite:
      return absl::StrCat("`str` ", object);
    case Operation::kPublish:
      return absl::StrCat("`stlr` ", object);
    case Operation::kRetract:
      return absl::StrCat("`stlr` ", object, step.object == Object::kSlot ? ", elsewhere" : step.object == Object::kOwn ? ", the stub" : ", 0");
    case Operation::kErase:
      return absl::StrCat("`str` ", object, ", `udf`");
    case Operation::kRead:
      return absl::StrCat("`ldr` ", object);
    case Operation::kCheck:
      return absl::StrCat("`ldar` ", object, "; `cbz`");
    case Operation::kCheckClear:
      return absl::StrCat("`ldr` ", object, "; `br`");
    case Operation::kBranch:
      return "`blr`";
    case Operation::kAwait:
      return absl::StrCat("`ldar` ", object, ", until it is set");
    case Operation::kRun:
      return "`blr`";
    case Operation::kCleanData:
      return "`dc cvau`, each data line";
    case Operation::kInvalidateInstructions:
      return "`ic ivau`, each instruction line";
    case Operation::kDataBarrier:
      return "`dsb ish`";
    case Operation::kSynchronizeContext:
      return "`isb`";
  }
  return "";
}

std::string StrategiesText(Strategies strategies) {
  if (strategies == kEvery) return "all";
  std::string text;
  for (const auto& [bit, name] : {std::pair{kMembarrier, "membarrier"}, std::pair{kEpoch, "epoch"}, std::pair{kSignal, "signal"},
                                  std::pair{kPrivate, "private"}}) {
    if ((strategies & bit) != 0) absl::StrAppend(&text, text.empty() ? "" : ", ", name);
  }
  return text;
}

void WriteSteps() {
  for (const auto& [program, title] : kPrograms) {
    std::printf("**%s**\n\n| | step | instructions | strategies | why |\n|---|---|---|---|---|\n", std::string(title).c_str());
    int number = 0;
    for (const Step& step : kSteps) {
      if (step.program != program) continue;
      std::printf("| %d | %s | %s | %s | %s |\n", ++number, step.name, Instructions(step).c_str(),
                  StrategiesText(step.strategies).c_str(), step.why);
    }
    std::printf("\n");
  }
}

std::string ChangeText(const Mutant& mutant) {
  const std::string step(mutant.step);
  switch (mutant.change) {
    case Mutant::Change::kWithout:
      return "without " + step;
    case Mutant::Change::kBefore:
      return absl::StrCat(step, " before ", mutant.other);
    case Mutant::Change::kRelaxed:
      return step + " without release or acquire";
    case Mutant::Change::kUnbranched:
      return step + " without its branch";
  }
  return "";
}

void WriteMutants() {
  std::printf("| change | what goes wrong | Arm's model |\n|---|---|---|\n");
  for (const Mutant& mutant : Mutants()) {
    size_t faulty = 0, harmless = 0;
    for (Scenario scenario : Scenarios()) {
      if (!Concerns(mutant, scenario)) continue;
      const bool is_harmless = !WhyHarmless(mutant, scenario).empty();
      if (!Apply(mutant, scenario)) continue;
      ++(is_harmless ? harmless : faulty);
    }
    const char* const verdict = mutant.hangs ? "says nothing of waiting" : faulty != 0 ? "Allowed" : "Forbidden";
    std::printf("| %s | %s%s | %s |\n", ChangeText(mutant).c_str(), faulty == 0 ? "nothing: " : "",
                std::string(faulty == 0 ? WhyHarmless(mutant, Scenarios()[1]) : mutant.why).c_str(), verdict);
  }
  std::printf("\n");
}

}  // namespace
}  // namespace perilune::vm::jit::protocol

int main() {
  using namespace perilune::vm::jit::protocol;
  WriteSteps();
  WriteMutants();
}
