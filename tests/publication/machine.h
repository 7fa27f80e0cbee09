// A machine on which the publication protocol can go wrong: an executable model of what the architecture permits.
//
//   core 0 (publisher)      core 1 …
//   ┌──────────────┐        ┌──────────────┐
//   │ pipeline     │        │ pipeline     │   fetched at any time before it is run; only a context
//   │   ▲          │        │   ▲          │   synchronisation event empties it
//   │ instr. cache │        │ instr. cache │   fills at any time from behind the data caches; coherent with nothing
//   ├──────────────┤        ├──────────────┤
//   │ store buffer │        │ store buffer │   stores come out late and, but for releases, in any order
//   └──────┬───────┘        └──────┬───────┘
//          ▼                       ▼
//   data caches, coherent: slot, request, acknowledgements, and the code's words as written last
//          │ cleaned, or written back at any time
//          ▼
//   what instruction caches fill from: the code's words as they were
//
// Plain loads may be done late, up to the use of what they load; a branch on it is predicted, so that later loads come first. A cache maintenance instruction only begins its work;
// `dsb` waits for it. The code is one span at one address whose words are known by a version number; a slot that leads
// there promises a version, and whoever runs another one has found a fault.
//
// The machine is weaker than any real core in some ways (a pipeline that holds code for ever) and stronger in others: of what programs load, only
// slots are not loaded by acquires, and so only these come late; and all cores' entries of an index are reset at once. The litmus tests are the
// authority on both.

#ifndef PERILUNE_TESTS_PUBLICATION_MACHINE_H_
#define PERILUNE_TESTS_PUBLICATION_MACHINE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/publication/scenarios.h"

namespace perilune::vm::jit::protocol {

inline constexpr size_t kMaxCores = 4;

// Versions count from 1; 0 is nothing. A target is the version that it promises; 0 leads elsewhere.
struct Store {
  uint8_t object = 0;
  uint8_t value = 0;
  bool release = false;
};

struct Core {
  uint8_t pc = 0;
  uint8_t instruction_cache = 0;  // version
  uint8_t pipeline = 0;           // version
  uint8_t target = 0;             // what the last load of a slot gave
  uint8_t own = 0;    // private: the entry of its jump table; the version to which it leads, or 0
  uint8_t entry = 0;  // what the last load of it gave
  uint8_t deferred = 0;    // the object of a load that is not done yet
  uint8_t speculates = 0;  // it went on as if that load had given a target with this entry
  uint8_t seen[2] = {};  // the newest request, and round of reclaim, that were noticed
  uint8_t asked[2] = {};
  uint8_t awaited = 0;  // cores that the await at pc has found ready, as bits
  uint8_t written = 0, promised = 0;  // the newest version written, and led to
  bool invalidate = false;  // this core's instruction cache is to be emptied
  std::array<Store, 4> buffer = {};
};

struct State {
  uint8_t data = 0, behind = 0;  // the code's version in the data caches, and behind them
  uint8_t slot = 0, request = 0, round = 0;
  bool clean = false;  // a dc cvau has begun
  uint8_t acknowledged[kMaxCores] = {}, visited[kMaxCores] = {}, running[kMaxCores] = {};
  Core cores[kMaxCores];
};

// One thing that can happen next.
struct Action {
  enum Kind : uint8_t { kStep, kLoad, kDrain, kFill, kFetch, kInvalidated, kCleaned, kWrittenBack };
  Kind kind;
  uint8_t core;
  uint8_t index;  // kDrain: of the store; kStep of an await: of the core that is found ready
};

struct Outcome {
  std::string fault;                  // what was run; empty: nothing wrong
  std::vector<std::string> schedule;  // the actions that led there
  bool hangs = false;                 // some thread can get into a state from which the publisher never finishes
  size_t states = 0;                  // that were explored
};

class Machine {
 public:
  // `loop`: other threads begin anew as long as the publisher has not finished. They do not in litmus tests.
  Machine(const Scenario& scenario, bool loop);

  // Every schedule. Stops at the first fault, for which there is then no shorter schedule. `hangs` only when it loops.
  Outcome ExploreAll() const;
  // Schedules in which each next action is drawn at random.
  Outcome ExploreRandom(uint64_t seed, size_t runs) const;

 private:
  State Initial() const;
  bool Finished(const State& state) const;
  std::vector<Action> Enabled(const State& state) const;
  void EnabledSteps(const State& state, uint8_t core, std::vector<Action>& actions) const;
  // Performs the action; returns the fault, if it is one.
  std::string Perform(const Action& action, State& state) const;
  std::string PerformStep(const Instruction& i, uint8_t core, uint8_t index, State& state) const;
  std::string Describe(const Action& action, const State& state) const;
  uint8_t Load(const State& state, uint8_t core, Object object) const;
  void Drain(State& state, uint8_t core, uint8_t index) const;
  void Next(State& state, uint8_t core, size_t pc) const;

  const Scenario scenario_;
  const bool loop_;
};

}  // namespace perilune::vm::jit::protocol

#endif  // PERILUNE_TESTS_PUBLICATION_MACHINE_H_
