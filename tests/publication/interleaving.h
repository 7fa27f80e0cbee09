// Runs real code on threads of its own under every interleaving of its atomic operations.
//
// A Simulation makes threads (coroutines, in truth) of functions whose shared words are Checked<T>, which has the interface
// of std::atomic. Before each operation the thread gives way to the scheduler, which tries every choice of who is next. The
// memory is weaker than sequentially consistent, in C++ terms:
//
//   - A store waits in its thread's buffer. Stores come out at any time, in any order, but those of one word in theirs, and
//     releases (and seq_cst) after all before them.
//   - A seq_cst load or exchange waits for its thread's own seq_cst stores to come out, and only for those.
//   - A read-modify-write happens at once on what all see, after its thread's earlier stores.
//   - Loads are done in order. (Arm's own order of loads is the litmus tests' business.)
//
// Two executions that reached the same state go on the same way, so the second stops there; that makes the search finite
// and quick. A thread's state is what it has seen so far: a function must depend on nothing else that changes. Ghost<T> is
// for what the test knows and the code does not; it is no operation.
//
//   Explore([](Simulation& s) {
//     auto world = std::make_shared<World>(s);          // Checked words
//     s.Add("publisher", [world] { ... Fail("...") ... });
//   });

#ifndef PERILUNE_TESTS_PUBLICATION_INTERLEAVING_H_
#define PERILUNE_TESTS_PUBLICATION_INTERLEAVING_H_

#include <setjmp.h>
#include <ucontext.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace perilune::vm::jit {

// Makes the operations of a word weaker, as a mutant.
struct Weakened {
  std::string word = {};
  bool stores = false;  // seq_cst stores are releases
  bool loads = false;   // seq_cst loads are acquires
};

class Simulation {
 public:
  explicit Simulation(const std::vector<Weakened>& weakened) : weakened_(weakened) {}
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // For whoever makes the world: adds a thread, a word.
  void Add(std::string name, std::function<void()> body);
  size_t AddWord(std::string name, uint64_t value, bool ghost);

  // ---- For the threads.
  static Simulation& Current() { return *current_; }
  // The running thread has found a fault.
  void Fail(std::string what);
  // Says that what the running thread will do depends on nothing that it has seen so far but on this number. For fewer states.
  void At(uint64_t place);
  // Blocks until the condition, which must only load, holds. It is looked at again when some word has changed.
  void Await(const std::function<bool()>& condition);

  enum class Kind : uint8_t { kLoad, kStore, kExchange };
  uint64_t Load(size_t word, std::memory_order order);
  void Store(size_t word, uint64_t value, std::memory_order order);
  // Returns the value before. `change` gives the new one; false: there is none.
  uint64_t Modify(size_t word, const std::function<bool(uint64_t before, uint64_t& after)>& change);
  uint64_t Peek(size_t ghost);
  void Poke(size_t ghost, uint64_t value) { words_[ghost].value = value; }

 private:
  friend class Explorer;

  struct Buffered {
    size_t word;
    uint64_t value;
    std::memory_order order;
  };
  struct Word {
    std::string name;
    uint64_t value;
    bool ghost;
  };
  struct Thread {
    std::string name;
    std::function<void()> body;
    ucontext_t context;  // where it begins
    jmp_buf place;       // where it goes on
    bool begun = false;
    std::unique_ptr<char[]> stack;
    std::vector<Buffered> buffer;
    uint64_t history = 0;  // hash of what it has seen
    bool finished = false;
    // What it waits to do.
    Kind kind = Kind::kLoad;
    size_t word = 0;
    std::memory_order order = std::memory_order_relaxed;
    uint64_t looked_at = 0;   // changes_ at the first load of the condition that it awaits
    uint64_t blocked_at = 0;  // not before changes_ is greater
  };
  struct Choice {
    size_t thread;
    size_t drained;  // kNone: the thread goes on; else which of its stores comes out
  };
  static constexpr size_t kNone = SIZE_MAX;

  // The running thread gives way, and goes on when it is its turn.
  void Yield(Kind kind, size_t word, std::memory_order order);
  std::memory_order Weaken(Kind kind, size_t word, std::memory_order order) const;
  void See(uint64_t value);
  std::vector<Choice> Choices() const;
  bool MayDrain(const Thread& thread, size_t index) const;
  void Take(const Choice& choice);
  std::string Describe(const Choice& choice) const;
  std::string State() const;
  void Resume(Thread& thread);
  static void Entry();

  static Simulation* current_;

  const std::vector<Weakened> weakened_;
  std::vector<Word> words_;
  std::vector<std::unique_ptr<Thread>> threads_;
  Thread* running_ = nullptr;
  jmp_buf scheduler_;
  uint64_t changes_ = 1;  // of words
  std::string fault_;
};

struct Exploration {
  size_t executions = 0;
  size_t states = 0;
  std::string fault;  // empty: none
  std::vector<std::string> schedule;
};

// Every interleaving of the world that `make` makes, anew for each execution. A fault is also that all threads are blocked.
Exploration Explore(const std::function<void(Simulation&)>& make, const std::vector<Weakened>& weakened = {});

template <typename T>
class Checked {
 public:
  Checked(Simulation& simulation, std::string name, T value)
      : word_(simulation.AddWord(std::move(name), static_cast<uint64_t>(value), false)) {}
  Checked(const Checked&) = delete;
  Checked& operator=(const Checked&) = delete;

  T load(std::memory_order order) const { return static_cast<T>(Simulation::Current().Load(word_, order)); }
  void store(T value, std::memory_order order) { Simulation::Current().Store(word_, static_cast<uint64_t>(value), order); }
  T exchange(T value, std::memory_order) {
    return static_cast<T>(Simulation::Current().Modify(word_, [&](uint64_t, uint64_t& after) {
      after = static_cast<uint64_t>(value);
      return true;
    }));
  }
  T fetch_add(T value, std::memory_order) {
    return static_cast<T>(Simulation::Current().Modify(word_, [&](uint64_t before, uint64_t& after) {
      after = before + static_cast<uint64_t>(value);
      return true;
    }));
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order, std::memory_order) {
    const T before = static_cast<T>(Simulation::Current().Modify(word_, [&](uint64_t now, uint64_t& after) {
      after = static_cast<uint64_t>(desired);
      return now == static_cast<uint64_t>(expected);
    }));
    const bool same = before == expected;
    expected = before;
    return same;
  }

 private:
  const size_t word_;
};

template <typename T>
class Ghost {
 public:
  Ghost(Simulation& simulation, T value)
      : word_(simulation.AddWord("ghost", static_cast<uint64_t>(value), true)) {}
  T get() const { return static_cast<T>(Simulation::Current().Peek(word_)); }
  void set(T value) { Simulation::Current().Poke(word_, static_cast<uint64_t>(value)); }

 private:
  const size_t word_;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_TESTS_PUBLICATION_INTERLEAVING_H_
