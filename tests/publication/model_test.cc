// The protocol on the machine of machine.h: strategies run nothing wrong in any schedule, and each mutant does in one,
// which the log names.

#include <cstdint>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "jit/publication_protocol.h"
#include "tests/publication/machine.h"
#include "tests/publication/scenarios.h"

namespace perilune::vm::jit::protocol {
namespace {

// Does anything but the publisher run again and again?
bool Loops(const Scenario& scenario) { return scenario.threads.size() > 1; }

TEST(PublicationModelTest, NoScheduleOfAStrategyRunsStaleCode) {
  for (const Scenario& scenario : Scenarios()) {
    for (const bool loop : {false, true}) {
      if (loop && !Loops(scenario)) continue;
      const Outcome outcome = Machine(scenario, loop).ExploreAll();
      std::cout << scenario.name << (loop ? ", looping: " : ": ") << outcome.states << " states"
                << (outcome.fault.empty() ? "" : ", " + outcome.fault) << "\n";
      EXPECT_EQ(!outcome.fault.empty(), scenario.has_fault)
          << scenario.name << ": " << outcome.fault << " after " << absl::StrJoin(outcome.schedule, "; ");
      EXPECT_FALSE(outcome.hangs) << scenario.name;
    }
  }
}

TEST(PublicationModelTest, EachMutantIsKilledByASchedule) {
  std::set<std::string> alive;
  for (const Mutant& mutant : Mutants()) alive.insert(mutant.name());
  for (const Scenario& scenario : Scenarios()) {
    for (const Mutant& mutant : Mutants()) {
      Scenario changed = scenario;
      if (!Concerns(mutant, scenario) || !Apply(mutant, changed)) continue;
      const std::string name = absl::StrCat(scenario.name, "+", mutant.name());
      // A harmless one is that of the litmus tests, where nothing loops.
      const std::string_view harmless = mutant.hangs ? "" : WhyHarmless(mutant, scenario);
      const Outcome outcome = Machine(changed, Loops(scenario) && harmless.empty()).ExploreAll();
      if (!harmless.empty()) {
        EXPECT_EQ(outcome.fault, "") << name << " after " << absl::StrJoin(outcome.schedule, "; ");
        continue;
      }
      if (mutant.hangs) {
        EXPECT_TRUE(outcome.hangs || !outcome.fault.empty()) << name << " survives";
      } else {
        EXPECT_NE(outcome.fault, "") << name << " survives " << outcome.states << " states: " << mutant.why;
      }
      std::cout << name << ": "
                << (outcome.fault.empty() ? std::string("the publisher waits for ever")
                                          : absl::StrCat(outcome.fault, " after ", absl::StrJoin(outcome.schedule, "; ")))
                << "\n";
      alive.erase(mutant.name());
    }
  }
  // Left are those that are harmless everywhere.
  EXPECT_EQ(alive, (std::set<std::string>{"Acknowledge-before-SynchronizeAnswer", "SynchronizeAdopt-before-NoticeAdopted"}));
}

TEST(PublicationModelTest, EachStepHasAMutantThatLeavesItOut) {
  std::set<std::string_view> covered;
  for (const Mutant& mutant : Mutants()) {
    if (mutant.change == Mutant::Change::kWithout) covered.insert(mutant.step);
  }
  for (const Exempt& exempt : ExemptSteps()) {
    EXPECT_TRUE(covered.insert(exempt.step).second) << exempt.step << " needs no exemption";
  }
  for (const Step& step : kSteps) EXPECT_TRUE(covered.contains(step.name)) << step.name;
}

Scenario Together(Strategies strategy, std::string name, std::vector<Thread> threads) {
  return {.name = absl::StrCat(name, " of strategy ", static_cast<int>(strategy)),
          .about = "",
          .fault = Fault::kStale,
          .threads = std::move(threads),
          .parked = (strategy & kParking) != 0};
}

// Publication, reclaim, and publication at the same address, while one thread calls and another comes and goes.
TEST(PublicationModelTest, NoScheduleOfThreeThreadsReusesCodeTooEarly) {
  // In the model signals are polls that come whenever they like, as those of epochs do.
  for (const Strategies strategy : {kMembarrier, kEpoch, kPrivate}) {
    const Thread publisher = Runs(strategy, {Program::kPublish, Program::kRetire, Program::kRecycle, Program::kPublish});
    const Thread caller = Runs(strategy, {Program::kUnpark, Program::kAnswer, Program::kCall, Program::kLeave, Program::kPark});
    const Scenario scenario = Together(strategy, "reuse", {publisher, caller, caller});
    const Outcome outcome = Machine(scenario, true).ExploreAll();
    std::cout << scenario.name << ": " << outcome.states << " states\n";
    EXPECT_EQ(outcome.fault, "") << scenario.name << " after " << absl::StrJoin(outcome.schedule, "; ");
    EXPECT_FALSE(outcome.hangs) << scenario.name;
  }
}

// Several rounds of publication and reclaim at one address, with three other threads.
Scenario Rounds(Strategies strategy) {
  const Thread publisher = Runs(strategy, {Program::kPublish, Program::kRetire, Program::kRecycle, Program::kPublish, Program::kRetire,
                                           Program::kRecycle, Program::kPublish, Program::kRetire});
  const Thread other = Runs(strategy, {Program::kUnpark, Program::kCall, Program::kAnswer, Program::kCall, Program::kLeave,
                                       Program::kPark});
  return Together(strategy, "rounds", {publisher, other, other, other});
}

constexpr uint64_t kSeed = 0x9e3779b97f4a7c15;

TEST(PublicationModelTest, RandomSchedulesOfManyRoundsRunNothingWrong) {
  for (const Strategies strategy : {kMembarrier, kEpoch, kSignal, kPrivate}) {
    const Scenario scenario = Rounds(strategy);
    const Outcome outcome = Machine(scenario, true).ExploreRandom(kSeed, 2000);
    std::cout << scenario.name << ": " << outcome.states << " actions\n";
    EXPECT_EQ(outcome.fault, "") << scenario.name << " after " << absl::StrJoin(outcome.schedule, "; ");
    EXPECT_FALSE(outcome.hangs) << scenario.name;
  }
}

// The random schedules have teeth.
TEST(PublicationModelTest, RandomSchedulesFindMutants) {
  for (const std::string_view step : {"CleanData", "InvalidateInstructions", "AwaitOthers", "SynchronizeAnswer", "SynchronizeUnpark",
                                      "Unpublish"}) {
    Scenario scenario = Rounds(kEpoch);
    ASSERT_TRUE(Apply({.change = Mutant::Change::kWithout, .step = step, .other = "", .why = ""}, scenario));
    const Outcome outcome = Machine(scenario, true).ExploreRandom(kSeed, 1000);
    EXPECT_NE(outcome.fault, "") << "without " << step;
    std::cout << "without " << step << ": " << outcome.fault << " in action " << outcome.states << "\n";
  }
}

}  // namespace
}  // namespace perilune::vm::jit::protocol
