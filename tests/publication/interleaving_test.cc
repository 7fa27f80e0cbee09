// jit/code_handshake.h, the code that runs, under every interleaving of its operations: threads that poll, park, begin and
// end in the midst of publications. A thread that finds version N in the slot must have had its event after N's maintenance.

#include "tests/publication/interleaving.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "jit/code_handshake.h"

namespace perilune::vm::jit {
namespace {

std::string Schedule(const Exploration& exploration) {
  std::string text;
  for (const std::string& step : exploration.schedule) text += "\n    " + step;
  return text;
}

void ExpectClean(const std::string& what, const Exploration& exploration) {
  std::cout << what << ": " << exploration.states << " states, " << exploration.executions << " executions\n";
  EXPECT_EQ(exploration.fault, "") << what << " after" << Schedule(exploration);
}

void ExpectKilled(const std::string& mutant, const Exploration& exploration) {
  EXPECT_NE(exploration.fault, "") << mutant << " survives " << exploration.states << " states";
  std::cout << mutant << ": " << exploration.fault << " after" << Schedule(exploration) << "\n";
}

// ---- The simulation itself.

TEST(SimulationTest, StoresMayPassLoadsUnlessBothAreSequentiallyConsistent) {
  for (const bool sequential : {false, true}) {
    const auto store = sequential ? std::memory_order_seq_cst : std::memory_order_release;
    const auto load = sequential ? std::memory_order_seq_cst : std::memory_order_acquire;
    const Exploration exploration = Explore([&](Simulation& s) {
      struct World {
        explicit World(Simulation& in) : x(in, "x", 0), y(in, "y", 0), misses(in, 0) {}
        Checked<int> x, y;
        Ghost<int> misses;
      };
      auto world = std::make_shared<World>(s);
      const auto body = [=](Checked<int> World::*mine, Checked<int> World::*other) {
        ((*world).*mine).store(1, store);
        if (((*world).*other).load(load) != 0) return;
        world->misses.set(world->misses.get() + 1);
        if (world->misses.get() == 2) Simulation::Current().Fail("neither sees the other");
      };
      s.Add("a", [=] { body(&World::x, &World::y); });
      s.Add("b", [=] { body(&World::y, &World::x); });
    });
    EXPECT_EQ(exploration.fault.empty(), sequential) << exploration.fault;
  }
}

TEST(SimulationTest, ReleasesKeepTheirOrderAndPlainStoresDoNot) {
  for (const auto order : {std::memory_order_relaxed, std::memory_order_release}) {
    const Exploration exploration = Explore([&](Simulation& s) {
      struct World {
        explicit World(Simulation& in) : data(in, "data", 0), flag(in, "flag", 0) {}
        Checked<int> data, flag;
      };
      auto world = std::make_shared<World>(s);
      s.Add("writer", [=] {
        world->data.store(1, std::memory_order_relaxed);
        world->flag.store(1, order);
      });
      s.Add("reader", [=] {
        Simulation::Current().Await([&] { return world->flag.load(std::memory_order_acquire) != 0; });
        if (world->data.load(std::memory_order_relaxed) == 0) Simulation::Current().Fail("sees the flag, not the data");
      });
    });
    EXPECT_EQ(exploration.fault.empty(), order == std::memory_order_release);
  }
}

TEST(SimulationTest, WaitingForEverIsAFault) {
  const Exploration exploration = Explore([](Simulation& s) {
    auto word = std::make_shared<Checked<int>>(s, "word", 0);
    s.Add("waiter", [=] { Simulation::Current().Await([&] { return word->load(std::memory_order_acquire) != 0; }); });
  });
  EXPECT_EQ(exploration.fault, "waiter waits for ever");
}

// ---- The handshake.

// What a mutant does otherwise.
struct Handshake {
  size_t threads = 1;
  int publications = 1;
  uint64_t stays = 1;  // how often a thread unparks
  bool registers_late = false;  // threads are made in the midst, and end
  std::vector<Weakened> weakened = {};
  bool no_catch_up_at_start = false;
  bool no_await = false;
  bool install_first = false;
  bool raise_first = false;
  bool registered_after_start = false;
  bool parks_without_waking = false;
  bool polls = true;
  bool spins = false;    // the publisher does not sleep, and nobody wakes it
  bool goes_on = false;  // threads do not park at the end
};

class World {
 public:
  World(Simulation& s, const Handshake& how) : how_(how), epoch_(s, "epoch", 1), slot_(s, "slot", 0), waiting_(s, "waiting", false),
                                               semaphore_(s, "semaphore", 0), maintained_(s, "maintained", 0) {
    for (size_t i = 0; i < how.threads; ++i) threads_.push_back(std::make_unique<Thread>(s, i, !how.registers_late));
  }

  void Publish() {
    for (int version = 1; version <= how_.publications; ++version) {
      // Epochs are as many as versions.
      const auto place = static_cast<uint64_t>(4 * version);
      Simulation::Current().At(place);
      uint64_t epoch = 0;
      if (how_.raise_first) epoch = handshake::Raise(epoch_);
      maintained_.exchange(version, std::memory_order_seq_cst);
      if (!how_.raise_first) epoch = handshake::Raise(epoch_);
      if (how_.install_first) slot_.store(version, std::memory_order_release);
      if (how_.spins) {
        Simulation::Current().Await([&] { return AllAnswered(epoch); });
      } else if (!how_.no_await) {
        handshake::SleepUntil(waiting_, [&] { return AllAnswered(epoch); }, [&] {
          Simulation::Current().At(place + 1);
          Simulation::Current().Await([&] { return semaphore_.load(std::memory_order_acquire) != 0; });
          semaphore_.exchange(0, std::memory_order_acq_rel);
          Simulation::Current().At(place + 2);
          return true;
        });
        Simulation::Current().At(place + 3);
      }
      if (!how_.install_first) slot_.store(version, std::memory_order_release);
    }
  }

  void Run(size_t index) {
    Thread& thread = *threads_[index];
    // The registry's mutex makes each of these one step.
    if (how_.registers_late && !how_.registered_after_start) thread.registered.exchange(true, std::memory_order_seq_cst);
    for (uint64_t stay = 0; stay < how_.stays; ++stay) {
      const auto at = [&](uint64_t place) { Simulation::Current().At(8 * stay + place); };
      at(0);
      handshake::BeginRunning(thread);
      if (!how_.no_catch_up_at_start) CatchUp(thread);
      at(1);
      if (how_.registered_after_start) thread.registered.exchange(true, std::memory_order_seq_cst);
      Call(thread);
      at(2);
      if (how_.polls) CatchUp(thread);
      at(3);
      Call(thread);
      at(4);
      if (how_.goes_on) return;
      handshake::EndRunning(thread);
      if (!how_.parks_without_waking) Wake();
    }
    if (how_.registers_late) thread.registered.exchange(false, std::memory_order_seq_cst);
  }

 private:
  struct Thread {
    Thread(Simulation& s, size_t index, bool is_registered)
        : running(s, "running", false), synchronized(s, "synchronized", 0), registered(s, "registered", is_registered),
          event(s, 0), name(std::to_string(index)) {}
    Checked<bool> running;
    Checked<uint64_t> synchronized;
    Checked<bool> registered;
    Ghost<int> event;  // the newest version whose maintenance was over at the thread's last event
    const std::string name;
  };

  bool AllAnswered(uint64_t epoch) {
    for (const auto& thread : threads_) {
      if (thread->registered.load(std::memory_order_seq_cst) && handshake::IsRunning(*thread) &&
          !handshake::IsSynchronized(*thread, epoch)) {
        return false;
      }
    }
    return true;
  }
  void Wake() {
    if (how_.spins) return;
    handshake::WakeSleeper(waiting_, [&] { semaphore_.exchange(1, std::memory_order_acq_rel); });
  }
  void CatchUp(Thread& thread) {
    handshake::CatchUp(epoch_, thread, [&] { thread.event.set(maintained_.load(std::memory_order_relaxed)); }, [&] { Wake(); });
  }
  void Call(Thread& thread) {
    const int version = slot_.load(std::memory_order_acquire);
    if (version > thread.event.get()) Simulation::Current().Fail("runs version " + std::to_string(version) + " without an event");
  }

  const Handshake how_;
  Checked<uint64_t> epoch_;
  Checked<int> slot_;
  Checked<bool> waiting_;
  Checked<int> semaphore_;
  Checked<int> maintained_;  // the newest version whose maintenance is over: an operation, since it takes its time
  std::vector<std::unique_ptr<Thread>> threads_;
};

Exploration Explore(const Handshake& how) {
  return Explore(
      [&](Simulation& s) {
        auto world = std::make_shared<World>(s, how);
        s.Add("publisher", [=] { world->Publish(); });
        for (size_t i = 0; i < how.threads; ++i) s.Add("thread " + std::to_string(i), [=] { world->Run(i); });
      },
      how.weakened);
}

TEST(HandshakeInterleavingTest, NoThreadRunsWhatItHadNoEventFor) {
  ExpectClean("one thread", Explore({}));
  ExpectClean("one thread, two publications", Explore({.publications = 2}));
  ExpectClean("one thread that parks and returns", Explore({.stays = 2}));
  ExpectClean("one thread that begins and ends in the midst", Explore({.registers_late = true}));
  ExpectClean("two threads", Explore({.threads = 2}));
}

TEST(HandshakeInterleavingTest, EachMutantIsKilled) {
  const std::vector<std::pair<std::string, Handshake>> mutants = {
      // The acknowledgement's store, and looking whether somebody sleeps, order these too, so they are out of the way here.
      {"BeginRunning's store is a release",
       {.weakened = {{.word = "running", .stores = true}, {.word = "synchronized", .stores = true}}, .spins = true}},
      {"CatchUp's load of the epoch is an acquire", {.weakened = {{.word = "epoch", .loads = true}}, .spins = true}},
      {"no CatchUp after BeginRunning", {.no_catch_up_at_start = true}},
      {"the publisher does not wait", {.no_await = true}},
      {"the slot is stored before the wait", {.install_first = true}},
      {"the epoch is raised before maintenance", {.raise_first = true}},
      {"a thread is registered after it looked at the epoch", {.registers_late = true, .registered_after_start = true}},
      {"parking wakes nobody", {.parks_without_waking = true, .polls = false}},
      {"the sleeper's flag is stored with release", {.weakened = {{.word = "waiting", .stores = true}}}},
      {"the flag is looked for with acquire", {.weakened = {{.word = "waiting", .loads = true}}}},
      {"the acknowledgement is stored with release", {.weakened = {{.word = "synchronized", .stores = true}}, .goes_on = true}},
  };
  for (const auto& [name, how] : mutants) ExpectKilled(name, Explore(how));
}

}  // namespace
}  // namespace perilune::vm::jit
