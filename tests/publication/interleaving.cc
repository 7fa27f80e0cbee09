#include "tests/publication/interleaving.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace perilune::vm::jit {
namespace {

constexpr size_t kStackBytes = size_t{64} << 10;

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15 + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccd;
}

}  // namespace

Simulation* Simulation::current_ = nullptr;

void Simulation::Add(std::string name, std::function<void()> body) {
  auto thread = std::make_unique<Thread>();
  thread->name = std::move(name);
  thread->body = std::move(body);
  thread->stack = std::make_unique_for_overwrite<char[]>(kStackBytes);
  threads_.push_back(std::move(thread));
}

size_t Simulation::AddWord(std::string name, uint64_t value, bool ghost) {
  words_.push_back({std::move(name), value, ghost});
  return words_.size() - 1;
}

void Simulation::Fail(std::string what) {
  if (fault_.empty()) fault_ = running_->name + ": " + std::move(what);
}

void Simulation::Entry() {
  Simulation& self = *current_;
  self.running_->body();
  self.running_->finished = true;
  _longjmp(self.scheduler_, 1);
}

void Simulation::Resume(Thread& thread) {
  running_ = &thread;
  current_ = this;
  // Between coroutines that have begun, jumps: contexts would ask the kernel for the signal mask each time.
  if (_setjmp(scheduler_) == 0) {
    if (thread.begun) _longjmp(thread.place, 1);
    thread.begun = true;
    setcontext(&thread.context);
  }
  running_ = nullptr;
}

void Simulation::Yield(Kind kind, size_t word, std::memory_order order) {
  Thread& thread = *running_;
  thread.kind = kind;
  thread.word = word;
  thread.order = order;
  if (_setjmp(thread.place) == 0) _longjmp(scheduler_, 1);
  thread.blocked_at = 0;
}

std::memory_order Simulation::Weaken(Kind kind, size_t word, std::memory_order order) const {
  if (order != std::memory_order_seq_cst) return order;
  for (const Weakened& weakened : weakened_) {
    if (words_[word].name != weakened.word) continue;
    if (kind == Kind::kStore && weakened.stores) return std::memory_order_release;
    if (kind == Kind::kLoad && weakened.loads) return std::memory_order_acquire;
  }
  return order;
}

void Simulation::See(uint64_t value) { running_->history = Mix(running_->history, value); }

void Simulation::At(uint64_t place) { running_->history = Mix(0, place); }

uint64_t Simulation::Load(size_t word, std::memory_order order) {
  Yield(Kind::kLoad, word, Weaken(Kind::kLoad, word, order));
  if (running_->looked_at == 0) running_->looked_at = changes_;
  uint64_t value = words_[word].value;
  for (const Buffered& store : running_->buffer) {
    if (store.word == word) value = store.value;
  }
  See(value);
  return value;
}

void Simulation::Store(size_t word, uint64_t value, std::memory_order order) {
  order = Weaken(Kind::kStore, word, order);
  Yield(Kind::kStore, word, order);
  running_->buffer.push_back({word, value, order});
  See(value);
}

uint64_t Simulation::Modify(size_t word, const std::function<bool(uint64_t, uint64_t&)>& change) {
  Yield(Kind::kExchange, word, std::memory_order_seq_cst);
  const uint64_t before = words_[word].value;
  uint64_t after = before;
  if (change(before, after) && after != before) {
    words_[word].value = after;
    ++changes_;
  }
  See(before);
  return before;
}

uint64_t Simulation::Peek(size_t ghost) {
  See(words_[ghost].value);
  return words_[ghost].value;
}

void Simulation::Await(const std::function<bool()>& condition) {
  Thread& thread = *running_;
  for (;;) {
    // Looking in vain is not worth remembering, or there would be ever new states.
    const uint64_t history = thread.history;
    thread.looked_at = 0;
    if (condition()) return;
    thread.history = history;
    // It will see the same again until something changes.
    if (thread.looked_at == changes_) thread.blocked_at = changes_;
  }
}

bool Simulation::MayDrain(const Thread& thread, size_t index) const {
  const Buffered& store = thread.buffer[index];
  if (store.order != std::memory_order_relaxed) return index == 0;
  return std::none_of(thread.buffer.begin(), thread.buffer.begin() + static_cast<ptrdiff_t>(index),
                      [&](const Buffered& earlier) { return earlier.word == store.word; });
}

std::vector<Simulation::Choice> Simulation::Choices() const {
  std::vector<Choice> choices;
  for (size_t i = 0; i < threads_.size(); ++i) {
    const Thread& thread = *threads_[i];
    bool ready = !thread.finished && (thread.blocked_at == 0 || thread.blocked_at < changes_);
    if (thread.kind == Kind::kExchange) ready &= thread.buffer.empty();
    if (thread.kind == Kind::kLoad && thread.order == std::memory_order_seq_cst) {
      ready &= std::ranges::none_of(thread.buffer, [](const Buffered& s) { return s.order == std::memory_order_seq_cst; });
    }
    if (ready) choices.push_back({i, kNone});
    for (size_t store = 0; store < thread.buffer.size(); ++store) {
      if (MayDrain(thread, store)) choices.push_back({i, store});
    }
  }
  return choices;
}

void Simulation::Take(const Choice& choice) {
  Thread& thread = *threads_[choice.thread];
  if (choice.drained == kNone) return Resume(thread);
  const Buffered store = thread.buffer[choice.drained];
  thread.buffer.erase(thread.buffer.begin() + static_cast<ptrdiff_t>(choice.drained));
  words_[store.word].value = store.value;
  ++changes_;
}

std::string Simulation::Describe(const Choice& choice) const {
  const Thread& thread = *threads_[choice.thread];
  if (choice.drained != kNone) {
    const Buffered& store = thread.buffer[choice.drained];
    return thread.name + "'s " + words_[store.word].name + " = " + std::to_string(store.value) + " is seen";
  }
  constexpr const char* kVerbs[] = {" loads ", " stores ", " changes "};
  return thread.name + kVerbs[static_cast<size_t>(thread.kind)] + words_[thread.word].name;
}

std::string Simulation::State() const {
  std::string state;
  const auto add = [&](uint64_t value) { state.append(reinterpret_cast<const char*>(&value), sizeof(value)); };
  for (const Word& word : words_) add(word.value);
  for (const auto& thread : threads_) {
    add(thread->history);
    add(uint64_t{thread->finished} + 2 * uint64_t{thread->blocked_at == changes_});
    add(thread->word);
    add(static_cast<uint64_t>(thread->kind));
    add(thread->buffer.size());
    for (const Buffered& store : thread->buffer) {
      add(store.word);
      add(store.value);
      add(static_cast<uint64_t>(store.order));
    }
  }
  return state;
}

// The search: depth first, each execution from the beginning.
class Explorer {
 public:
  Explorer(const std::function<void(Simulation&)>& make, const std::vector<Weakened>& weakened) : make_(make), weakened_(weakened) {}

  Exploration Run() {
    do {
      ++result_.executions;
      Execute(nullptr);
    } while (result_.fault.empty() && Advance());
    // Once more, to tell what happened.
    if (!result_.fault.empty()) Execute(&result_.schedule);
    result_.states = known_.size();
    return std::move(result_);
  }

 private:
  struct Decision {
    size_t taken;
    size_t choices;
  };

  // One execution: as path_ says, and then always the first choice, until a known state or the end.
  void Execute(std::vector<std::string>* schedule) {
    Simulation simulation(weakened_);
    make_(simulation);
    for (auto& thread : simulation.threads_) {
      getcontext(&thread->context);
      thread->context.uc_stack.ss_sp = thread->stack.get();
      thread->context.uc_stack.ss_size = kStackBytes;
      thread->context.uc_link = nullptr;
      makecontext(&thread->context, &Simulation::Entry, 0);
      // Up to its first operation.
      simulation.Resume(*thread);
    }
    for (size_t depth = 0; simulation.fault_.empty(); ++depth) {
      const std::vector<Simulation::Choice> choices = simulation.Choices();
      if (choices.empty()) {
        for (const auto& thread : simulation.threads_) {
          if (!thread->finished) simulation.fault_ = thread->name + " waits for ever";
        }
        break;
      }
      if (depth == path_.size()) {
        if (!known_.insert(simulation.State()).second) return;
        path_.push_back({0, choices.size()});
      }
      const Simulation::Choice& choice = choices[path_[depth].taken];
      if (schedule != nullptr) schedule->push_back(simulation.Describe(choice));
      simulation.Take(choice);
    }
    result_.fault = simulation.fault_;
  }

  // To the next path; false if there is none.
  bool Advance() {
    while (!path_.empty() && path_.back().taken + 1 == path_.back().choices) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().taken;
    return true;
  }

  const std::function<void(Simulation&)>& make_;
  const std::vector<Weakened>& weakened_;
  std::vector<Decision> path_;
  std::unordered_set<std::string> known_;
  Exploration result_;
};

Exploration Explore(const std::function<void(Simulation&)>& make, const std::vector<Weakened>& weakened) {
  return Explorer(make, weakened).Run();
}

}  // namespace perilune::vm::jit
