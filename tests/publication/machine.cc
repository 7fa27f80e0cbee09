#include "tests/publication/machine.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace perilune::vm::jit::protocol {
namespace {

// udf #0, which nobody is ever led to.
constexpr uint8_t kTraps = 0xff;

// States are told apart by their bytes.
static_assert(std::has_unique_object_representations_v<Store>);
static_assert(sizeof(State) == 6 + 3 * kMaxCores + sizeof(Core) * kMaxCores);

std::string Version(uint8_t version) {
  return version == kTraps ? std::string("traps") : absl::StrCat("version ", static_cast<int>(version));
}

// Which of `seen` and `asked` belongs to the object.
size_t Kind(Object object) { return object == Object::kRound || object == Object::kVisited ? 1 : 0; }

bool HoldsRelease(const Core& core) {
  return std::ranges::any_of(core.buffer, [](const Store& s) { return s.object != 0 && s.release; });
}
bool Holds(const Core& core, Object object) {
  return std::ranges::any_of(core.buffer, [&](const Store& s) { return s.object == static_cast<uint8_t>(object); });
}
bool Empty(const Core& core) { return core.buffer[0].object == 0; }
bool Full(const Core& core) { return core.buffer.back().object != 0; }

void Push(Core& core, Object object, uint8_t value, bool release) {
  *std::ranges::find(core.buffer, 0, &Store::object) = {static_cast<uint8_t>(object), value, release};
}

// May the store leave the buffer? The oldest of its object may, and, if it is a release, only when it is the oldest of all.
bool MayDrain(const Core& core, size_t index) {
  const Store& store = core.buffer[index];
  if (store.object == 0 || (store.release && index != 0)) return false;
  return std::none_of(core.buffer.begin(), core.buffer.begin() + static_cast<ptrdiff_t>(index),
                      [&](const Store& s) { return s.object == store.object; });
}

}  // namespace

Machine::Machine(const Scenario& scenario, bool loop) : scenario_(scenario), loop_(loop) {}

State Machine::Initial() const {
  State state;
  state.data = state.behind = 1;
  if (scenario_.fault == Fault::kEarly) state.slot = 1;
  for (size_t i = 0; i < scenario_.threads.size(); ++i) {
    Core& core = state.cores[i];
    core.written = core.promised = 1;
    if (scenario_.threads.size() == 1) core.target = 2;  // it will call its own code
    core.own = scenario_.used;
    state.running[i] = !scenario_.parked;
  }
  return state;
}

bool Machine::Finished(const State& state) const { return state.cores[0].pc == scenario_.threads[0].size(); }

uint8_t Machine::Load(const State& state, uint8_t core, Object object) const {
  const Core& c = state.cores[core];
  for (size_t i = c.buffer.size(); i-- > 0;) {
    if (c.buffer[i].object == static_cast<uint8_t>(object)) return c.buffer[i].value;
  }
  switch (object) {
    case Object::kSlot:
      return state.slot;
    case Object::kOwn:
      return c.own;
    case Object::kRequest:
      return state.request;
    case Object::kRound:
      return state.round;
    case Object::kAcknowledgement:
      return state.acknowledged[core];
    case Object::kVisited:
      return state.visited[core];
    case Object::kRunning:
      return state.running[core];
    case Object::kCode:
    case Object::kNone:
      break;
  }
  return 0;
}

void Machine::Drain(State& state, uint8_t core, uint8_t index) const {
  Core& c = state.cores[core];
  const Store store = c.buffer[index];
  std::move(c.buffer.begin() + index + 1, c.buffer.end(), c.buffer.begin() + index);
  c.buffer.back() = {};
  switch (static_cast<Object>(store.object)) {
    case Object::kCode:
      state.data = store.value;
      if (scenario_.idc) state.behind = state.data;
      if (scenario_.dic) {
        for (Core& other : state.cores) other.instruction_cache = 0;
      }
      break;
    case Object::kSlot:
      state.slot = store.value;
      break;
    case Object::kOwn:
      if (core != 0) {
        c.own = store.value;
      } else {
        for (Core& each : state.cores) each.own = store.value;
      }
      break;
    case Object::kRequest:
      state.request = store.value;
      break;
    case Object::kRound:
      state.round = store.value;
      break;
    case Object::kAcknowledgement:
      state.acknowledged[core] = store.value;
      break;
    case Object::kVisited:
      state.visited[core] = store.value;
      break;
    case Object::kRunning:
      state.running[core] = store.value;
      break;
    case Object::kNone:
      break;
  }
}

void Machine::Next(State& state, uint8_t core, size_t pc) const {
  Core& c = state.cores[core];
  c.pc = static_cast<uint8_t>(pc);
  c.awaited = 0;
  if (loop_ && core != 0 && pc == scenario_.threads[core].size() && !Finished(state)) c.pc = 0;
}

void Machine::EnabledSteps(const State& state, uint8_t core, std::vector<Action>& actions) const {
  const Thread& thread = scenario_.threads[core];
  const Core& c = state.cores[core];
  if (c.pc == thread.size()) return;
  const Instruction& i = thread[c.pc];
  bool enabled = true;
  switch (i.step->operation) {
    case Operation::kWrite:
    case Operation::kErase:
      // What goes in an entry comes from the target.
      enabled = !Full(c) && (i.step->object != Object::kOwn || c.deferred == 0);
      break;
    case Operation::kPublish:
    case Operation::kRetract:
      // A release comes after every earlier load.
      enabled = !Full(c) && (i.relaxed || c.deferred == 0);
      break;
    case Operation::kRead:
    case Operation::kRun:
      enabled = c.deferred == 0;
      break;
    case Operation::kCheck:
      // An acquire comes after every earlier release.
      enabled = i.relaxed || i.unbranched || !HoldsRelease(c);
      break;
    case Operation::kAwait: {
      if (HoldsRelease(c)) return;
      const uint8_t asked = c.asked[Kind(i.step->object)];
      for (uint8_t other = 1; other < scenario_.threads.size(); ++other) {
        const bool ready = i.step->object == Object::kVisited
                               ? state.visited[other] >= asked
                               : state.acknowledged[other] >= asked || state.running[other] == 0;
        if (ready && (c.awaited >> other & 1) == 0) actions.push_back({Action::kStep, core, other});
      }
      return;
    }
    case Operation::kCleanData:
      enabled = !Holds(c, Object::kCode);  // same addresses: in order
      break;
    case Operation::kDataBarrier:
      enabled = Empty(c) && c.deferred == 0 && !state.clean && std::ranges::none_of(state.cores, &Core::invalidate);
      break;
    case Operation::kSynchronizeContext:
      enabled = c.speculates == 0;
      break;
    case Operation::kInvalidateInstructions:
    case Operation::kBranch:
    case Operation::kCheckClear:
      break;
  }
  if (enabled) actions.push_back({Action::kStep, core, 0});
}

std::vector<Action> Machine::Enabled(const State& state) const {
  std::vector<Action> actions;
  for (uint8_t core = 0; core < scenario_.threads.size(); ++core) {
    const Core& c = state.cores[core];
    EnabledSteps(state, core, actions);
    if (c.deferred != 0) actions.push_back({Action::kLoad, core, 0});
    for (uint8_t i = 0; i < c.buffer.size(); ++i) {
      if (MayDrain(c, i)) actions.push_back({Action::kDrain, core, i});
    }
    if (c.invalidate) actions.push_back({Action::kInvalidated, core, 0});
    const bool runs = std::ranges::any_of(
        scenario_.threads[core], [](const Instruction& i) { return i.step->operation == Operation::kRun; });
    if (!runs) continue;  // what it fetches from the span it never runs
    if (c.instruction_cache == 0) actions.push_back({Action::kFill, core, 0});
    if (c.pipeline == 0 && c.instruction_cache != 0) actions.push_back({Action::kFetch, core, 0});
  }
  if (state.clean) actions.push_back({Action::kCleaned, 0, 0});
  if (state.behind != state.data) actions.push_back({Action::kWrittenBack, 0, 0});
  return actions;
}

std::string Machine::PerformStep(const Instruction& i, uint8_t core, uint8_t index, State& state) const {
  Core& c = state.cores[core];
  const Object object = i.step->object;
  const size_t kind = Kind(object);
  size_t next = c.pc + size_t{1};
  std::string fault;
  switch (i.step->operation) {
    case Operation::kWrite:
      if (object == Object::kOwn) c.entry = c.target;
      Push(c, object, object == Object::kCode ? ++c.written : c.entry, false);
      break;
    case Operation::kErase:
      Push(c, object, kTraps, false);
      break;
    case Operation::kRetract:
      Push(c, object, 0, !i.relaxed);
      break;
    case Operation::kPublish: {
      uint8_t value = 1;
      if (object == Object::kSlot) value = ++c.promised;
      if (object == Object::kRequest || object == Object::kRound) value = ++c.asked[kind];
      if (object == Object::kAcknowledgement || object == Object::kVisited) {
        // One that was not asked for answers what will be asked next.
        const uint8_t before = Load(state, core, object);
        value = std::max(c.seen[kind], std::min<uint8_t>(static_cast<uint8_t>(before + 1), 4));
        if (c.seen[kind] > before) value = c.seen[kind];
      }
      Push(c, object, value, !i.relaxed);
      break;
    }
    case Operation::kRead:
      c.deferred = static_cast<uint8_t>(object);
      c.entry = 0;
      break;
    case Operation::kBranch:
      c.speculates = c.deferred != 0;
      if (c.deferred == 0 && c.target == 0) next = i.program_end;
      break;
    case Operation::kCheckClear:
      c.entry = Load(state, core, object);
      if (c.entry != 0) next = i.program_end;
      break;
    case Operation::kCheck: {
      const uint8_t value = Load(state, core, object);
      const Object answer = object == Object::kRound ? Object::kVisited : Object::kAcknowledgement;
      const bool set = value > Load(state, core, answer);
      if (set) c.seen[kind] = value;
      if (!set && !i.unbranched) next = i.program_end;
      break;
    }
    case Operation::kAwait: {
      c.awaited = static_cast<uint8_t>(c.awaited | 1 << index);
      const uint8_t all = static_cast<uint8_t>((1 << scenario_.threads.size()) - 2);
      if (c.awaited != all) return "";
      break;
    }
    case Operation::kRun: {
      if (c.target == 0) break;
      if (c.entry != 0 && c.entry != c.target) {
        fault = absl::StrCat("core ", static_cast<int>(core), " is led to ", Version(c.target), " and goes to ", Version(c.entry), "'s place");
        break;
      }
      if (c.pipeline == 0 && c.instruction_cache == 0) c.instruction_cache = state.behind;
      const uint8_t ran = c.pipeline != 0 ? c.pipeline : c.instruction_cache;
      if (ran != c.target) {
        fault = absl::StrCat("core ", static_cast<int>(core), " is led to ", Version(c.target), " and runs ", Version(ran));
      }
      break;
    }
    case Operation::kCleanData:
      state.clean = true;
      break;
    case Operation::kInvalidateInstructions:
      for (size_t other = 0; other < scenario_.threads.size(); ++other) state.cores[other].invalidate = true;
      break;
    case Operation::kDataBarrier:
      break;  // all that it waits for is over: see EnabledSteps()
    case Operation::kSynchronizeContext:
      c.pipeline = 0;
      break;
  }
  Next(state, core, next);
  return fault;
}

std::string Machine::Perform(const Action& action, State& state) const {
  Core& c = state.cores[action.core];
  switch (action.kind) {
    case Action::kStep:
      return PerformStep(scenario_.threads[action.core][c.pc], action.core, action.index, state);
    case Action::kLoad:
      c.target = Load(state, action.core, static_cast<Object>(c.deferred));
      c.deferred = 0;
      if (c.speculates != 0 && c.target == 0) {
        // Mispredicted. Nothing but loads was done since, which are forgotten.
        const Thread& thread = scenario_.threads[action.core];
        while (thread[c.pc].step->operation != Operation::kRun) ++c.pc;
        c.entry = 0;
      }
      c.speculates = 0;
      break;
    case Action::kDrain:
      Drain(state, action.core, action.index);
      break;
    case Action::kFill:
      c.instruction_cache = state.behind;
      break;
    case Action::kFetch:
      c.pipeline = c.instruction_cache;
      break;
    case Action::kInvalidated:
      c.instruction_cache = 0;
      c.invalidate = false;
      break;
    case Action::kCleaned:
      state.behind = state.data;
      state.clean = false;
      break;
    case Action::kWrittenBack:
      state.behind = state.data;
      break;
  }
  return "";
}

std::string Machine::Describe(const Action& action, const State& state) const {
  const Core& c = state.cores[action.core];
  const std::string who = absl::StrCat("core ", static_cast<int>(action.core));
  switch (action.kind) {
    case Action::kStep:
      return absl::StrCat(who, ": ", scenario_.threads[action.core][c.pc].step->name);
    case Action::kLoad:
      return absl::StrCat(who, " loads late");
    case Action::kDrain:
      return absl::StrCat(who, "'s store comes out");
    case Action::kFill:
      return absl::StrCat(who, "'s instruction cache fills with ", Version(state.behind));
    case Action::kFetch:
      return absl::StrCat(who, "'s pipeline fetches ", Version(c.instruction_cache));
    case Action::kInvalidated:
      return absl::StrCat(who, "'s instruction cache is emptied");
    case Action::kCleaned:
      return "the data cache is cleaned";
    case Action::kWrittenBack:
      return "the data cache writes back by itself";
  }
  return "";
}

Outcome Machine::ExploreAll() const {
  struct Origin {
    uint32_t parent;
    Action action;
  };
  std::vector<State> states = {Initial()};
  std::vector<Origin> origins = {{0, {}}};
  std::vector<std::vector<uint32_t>> predecessors(1);
  const auto key = [](const State& state) { return std::string(reinterpret_cast<const char*>(&state), sizeof(State)); };
  std::unordered_map<std::string, uint32_t> known = {{key(states[0]), 0}};
  Outcome outcome;
  for (uint32_t at = 0; at < states.size() && outcome.fault.empty(); ++at) {
    for (const Action& action : Enabled(states[at])) {
      State next = states[at];
      outcome.fault = Perform(action, next);
      if (!outcome.fault.empty()) {
        outcome.schedule.push_back(Describe(action, states[at]));
        for (uint32_t i = at; i != 0; i = origins[i].parent) {
          outcome.schedule.push_back(Describe(origins[i].action, states[origins[i].parent]));
        }
        std::ranges::reverse(outcome.schedule);
        break;
      }
      const auto [it, is_new] = known.emplace(key(next), static_cast<uint32_t>(states.size()));
      if (is_new) {
        states.push_back(next);
        origins.push_back({at, action});
        predecessors.emplace_back();
      }
      predecessors[it->second].push_back(at);
    }
  }
  outcome.states = states.size();
  if (!loop_ || !outcome.fault.empty()) return outcome;

  // From where can the publisher still finish?
  std::vector<bool> can_finish(states.size());
  std::deque<uint32_t> queue;
  const auto mark = [&](uint32_t i) {
    if (can_finish[i]) return;
    can_finish[i] = true;
    queue.push_back(i);
  };
  for (uint32_t i = 0; i < states.size(); ++i) {
    if (Finished(states[i])) mark(i);
  }
  for (; !queue.empty(); queue.pop_front()) {
    for (const uint32_t i : predecessors[queue.front()]) mark(i);
  }
  outcome.hangs = std::ranges::find(can_finish, false) != can_finish.end();
  return outcome;
}

Outcome Machine::ExploreRandom(uint64_t seed, size_t runs) const {
  // Enough for all threads to finish, even where one of them is drawn seldom.
  constexpr size_t kMaxActions = 20000;
  std::mt19937_64 random(seed);
  Outcome outcome;
  for (size_t run = 0; run < runs; ++run) {
    State state = Initial();
    outcome.schedule.clear();
    for (size_t i = 0;; ++i) {
      const std::vector<Action> actions = Enabled(state);
      if (actions.empty() || i == kMaxActions) {
        outcome.hangs |= !Finished(state);
        break;
      }
      const Action action = actions[random() % actions.size()];
      outcome.schedule.push_back(Describe(action, state));
      outcome.fault = Perform(action, state);
      ++outcome.states;
      if (!outcome.fault.empty()) return outcome;
    }
  }
  return outcome;
}

}  // namespace perilune::vm::jit::protocol
