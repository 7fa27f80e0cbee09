// Grace periods under every interleaving: a function is evicted while a thread calls it, through its slot and through a call
// site that it links itself, polls, and blocks outside with a return address in it. The rounds are those of
// jit/code_handshake.h, what is done with slots and call sites that of jit/code_slots.h; both are the code that runs.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "jit/code_handshake.h"
#include "jit/code_slots.h"
#include "tests/publication/interleaving.h"

namespace perilune::vm::jit {
namespace {

// What a mutant does otherwise.
struct Eviction {
  size_t threads = 1;
  bool no_first_round = false;
  bool no_second_round = false;
  bool no_unpublish = false;
  bool no_unlink = false;
  bool round_first = false;             // before the slot changes
  bool no_look_at_start = false;        // of the thread, at the rounds it has missed
  bool polls_before_link = false;       // between loading the target and linking the site
  bool polls_between_load_and_call = false;
  bool keeps_return_address = false;    // of frames, when it comes back
  std::vector<Weakened> weakened = {};
};

class World {
 public:
  World(Simulation& s, const Eviction& how)
      : how_(how), target_(s, "target", true), site_(s, "site", false), round_(s, "round", 0), freed_(s, "freed", false) {
    for (size_t i = 0; i < how.threads; ++i) threads_.push_back(std::make_unique<Thread>(s));
  }

  void Evict() {
    if (how_.round_first) Round();
    if (!how_.no_unpublish) slots::Unpublish(target_, false);
    if (!how_.round_first && !how_.no_first_round) Round();
    if (!how_.no_unlink) slots::Unlink(site_, false, [](bool linked) { return linked; });
    if (!how_.no_second_round) Round();
    freed_.exchange(true, std::memory_order_seq_cst);
  }

  void Run(size_t index) {
    Thread& thread = *threads_[index];
    handshake::BeginRunning(thread);
    if (!how_.no_look_at_start) ComeBy(thread);
    for (uint64_t call = 0; call < 2; ++call) {
      const auto at = [call](uint64_t place) { Simulation::Current().At(8 * call + place); };
      at(0);
      Call(thread, at);
      at(1);
      ComeBy(thread);
    }
    handshake::EndRunning(thread);
  }

 private:
  struct Thread {
    explicit Thread(Simulation& s) : running(s, "running", false), visited(s, "visited", 0) {}
    Checked<bool> running;
    Checked<uint64_t> visited;
    // Not of interest here.
    struct {
      void store(uint64_t, std::memory_order) {}
    } synchronized = {};
  };

  void Round() {
    const uint64_t round = handshake::Raise(round_);
    Simulation::Current().Await([&] {
      return std::ranges::all_of(threads_, [&](const auto& thread) {
        return !handshake::IsRunning(*thread) || handshake::HasVisited(*thread, round);
      });
    });
  }
  // True if the thread was told to leave what is being retired.
  bool ComeBy(Thread& thread) {
    bool left = false;
    handshake::ComeBy(round_, thread, [&] { left = true; }, [] {});
    return left;
  }

  template <typename At>
  void Call(Thread& thread, At at) {
    bool linked = site_.load(std::memory_order_acquire);
    if (!linked) {
      const bool exact = slots::Load(target_);
      if (!exact) return;  // interpreted
      if (how_.polls_before_link) ComeBy(thread);
      slots::Link(site_, exact, [](bool now) { return !now; });
    }
    if (how_.polls_between_load_and_call) ComeBy(thread);
    at(2);
    Execute();
    // It polls.
    if (ComeBy(thread)) return;
    at(3);
    Execute();
    // It blocks in a native function, and returns into the code unless it was told not to.
    handshake::EndRunning(thread);
    handshake::BeginRunning(thread);
    if (ComeBy(thread) && !how_.keeps_return_address) return;
    at(4);
    Execute();
  }
  void Execute() {
    if (freed_.load(std::memory_order_relaxed)) Simulation::Current().Fail("is in code that was freed");
  }

  const Eviction how_;
  Checked<bool> target_, site_;  // do they lead to the code?
  Checked<uint64_t> round_;
  Checked<bool> freed_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

Exploration Explore(const Eviction& how) {
  return Explore(
      [&](Simulation& s) {
        auto world = std::make_shared<World>(s, how);
        s.Add("evictor", [=] { world->Evict(); });
        for (size_t i = 0; i < how.threads; ++i) s.Add("thread " + std::to_string(i), [=] { world->Run(i); });
      },
      how.weakened);
}

std::string Schedule(const Exploration& exploration) {
  std::string text;
  for (const std::string& step : exploration.schedule) text += "\n    " + step;
  return text;
}

TEST(ReclaimInterleavingTest, NoThreadIsInCodeThatWasFreed) {
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    const Exploration exploration = Explore({.threads = threads});
    std::cout << threads << " threads: " << exploration.states << " states, " << exploration.executions << " executions\n";
    EXPECT_EQ(exploration.fault, "") << Schedule(exploration);
  }
}

TEST(ReclaimInterleavingTest, EachMutantIsKilled) {
  const std::vector<std::pair<std::string, Eviction>> mutants = {
      {"no round before call sites are unlinked", {.no_first_round = true}},
      {"no round after call sites are unlinked", {.no_second_round = true}},
      {"the slot still leads to the code", {.no_unpublish = true}},
      {"call sites still lead to the code", {.no_unlink = true}},
      {"the first round begins before the slot changes", {.round_first = true}},
      {"the thread does not look at missed rounds when it begins to run", {.no_look_at_start = true}},
      {"the thread polls between loading a target and linking a call site to it", {.polls_before_link = true}},
      {"the thread polls between loading a target and calling it", {.polls_between_load_and_call = true}},
      {"a return address in retired code outlasts parking", {.keeps_return_address = true}},
      {"BeginRunning's store is a release", {.weakened = {{.word = "running", .stores = true}}}},
      {"ComeBy's load of the round is an acquire", {.weakened = {{.word = "round", .loads = true}}}},
  };
  for (const auto& [name, how] : mutants) {
    const Exploration exploration = Explore(how);
    EXPECT_NE(exploration.fault, "") << name << " survives " << exploration.states << " states";
    std::cout << name << ": " << exploration.fault << " after" << Schedule(exploration) << "\n";
  }
}

}  // namespace
}  // namespace perilune::vm::jit
