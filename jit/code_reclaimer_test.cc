// Slots, code synchronisation and grace periods together, in C++ terms: what a slot leads to is a record on the heap instead of machine code, and a
// thread that runs retired code is one that reads a record which is gone. ThreadSanitizer and AddressSanitizer see that, and the records' contents tell.

#include "jit/code_reclaimer.h"

#include <sched.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "jit/code_sync.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"

namespace perilune::vm::jit {
namespace {

void NoEvent() {}

// What stands for machine code. Not atomic: only the protocol orders it.
struct Code {
  uint64_t version;
  uint64_t twice;  // of `version`; 0 once it is retired
  CodeEpoch epoch;
};

struct Shared {
  explicit Shared(CodeSyncKind kind) : chosen(ChooseCodeSync(kind, &threads, &NoEvent, &MembarrierSync::Kernel)) {}

  CodeThreads threads;
  const ChosenCodeSync chosen;
  CodeSync& sync = *chosen.sync;
  CodeReclaimer reclaimer{&threads};
  std::array<std::atomic<Code*>, 4> slots{};       // as of functions
  std::array<std::atomic<Code*>, 4> call_sites{};  // copies of them, which threads make
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> wrong{0}, calls{0};
};

class Caller {
 public:
  explicit Caller(Shared& shared) : shared_(shared), code_thread_() {
    shared_.threads.Add(code_thread_);
    thread_ = std::thread(&Caller::Run, this);
  }
  ~Caller() {
    thread_.join();
    shared_.threads.Remove(code_thread_);
    shared_.reclaimer.Forget(code_thread_);
  }

 private:
  struct Polled : CodeThread {
    Polled() : CodeThread(nullptr, [](CodeThread* t) { static_cast<Polled*>(t)->poll.store(true, std::memory_order_release); }) {}
    std::atomic<bool> poll{false};
  };

  void Unpark() {
    shared_.sync.Unpark(code_thread_);
    shared_.reclaimer.OnUnpark(code_thread_);
  }
  void Park() {
    shared_.reclaimer.BeforePark(code_thread_);
    shared_.sync.Park(code_thread_);
    shared_.reclaimer.AfterPark();
  }

  // Between two polls: from a slot or a call site to the code.
  void Call(size_t i, bool by_call_site) {
    std::atomic<Code*>& site = shared_.call_sites[i];
    // acquire: partner of the publisher's store, and of the linking below
    Code* code = by_call_site ? site.load(std::memory_order_acquire) : nullptr;
    if (code == nullptr) {
      code = shared_.slots[i].load(std::memory_order_acquire);
      if (code == nullptr) return;  // in the interpreter
      Code* unlinked = nullptr;
      // release: partner of the load above; relaxed on failure: another thread linked it
      site.compare_exchange_strong(unlinked, code, std::memory_order_release, std::memory_order_relaxed);
    }
    if (shared_.sync.adopts()) shared_.sync.Adopt(code_thread_);
    const bool stale = shared_.sync.SynchronizedEpoch(code_thread_) < code->epoch;
    if (stale || code->twice != 2 * code->version) shared_.wrong.fetch_add(1, std::memory_order_relaxed);
  }

  void Run() {
    CodeThread::SetCurrent(&code_thread_);
    Unpark();
    for (uint64_t calls = 0; !shared_.stop.load(std::memory_order_relaxed); ++calls) {  // relaxed: only ends the loop
      // acquire: partner of RequestPoll
      if (code_thread_.poll.exchange(false, std::memory_order_acquire)) {
        shared_.sync.OnPoll(code_thread_);
        shared_.reclaimer.OnPoll(code_thread_);
      }
      Call(calls % 4, calls / 4 % 2 == 0);
      shared_.calls.fetch_add(1, std::memory_order_relaxed);  // orders nothing
      if (calls % 500 != 499) continue;
      Park();
      sched_yield();
      Unpark();
    }
    Park();
    CodeThread::SetCurrent(nullptr);
  }

  Shared& shared_;
  Polled code_thread_;
  std::thread thread_;
};

class CodeReclaimerTest : public testing::TestWithParam<CodeSyncKind> {};

TEST_P(CodeReclaimerTest, NobodyUsesWhatIsGone) {
  Shared shared(GetParam());
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 3; ++i) callers.push_back(std::make_unique<Caller>(shared));
  for (uint64_t version = 1; version <= 800; ++version) {
    const size_t i = version % 4;
    // Nothing to be seen where nobody calls meanwhile.
    const uint64_t enough = shared.calls.load(std::memory_order_relaxed) + 20;
    while (shared.calls.load(std::memory_order_relaxed) < enough) sched_yield();
    // Retire what the slot leads to, as BaselineTier::Reclaim does.
    if (Code* old = shared.slots[i].exchange(nullptr, std::memory_order_acq_rel)) {
      ASSERT_TRUE(shared.reclaimer.Round().ok());
      // release: as all stores of slots
      shared.call_sites[i].store(nullptr, std::memory_order_release);
      ASSERT_TRUE(shared.reclaimer.Round().ok());
      old->twice = 0;
      delete old;
    }
    Code* fresh = new Code{version, 2 * version, 0};
    const absl::StatusOr<CodeEpoch> epoch = shared.sync.Request();
    ASSERT_TRUE(epoch.ok() && shared.sync.Wait(*epoch).ok());
    fresh->epoch = shared.sync.EpochOfCode(*epoch);
    shared.slots[i].store(fresh, std::memory_order_release);  // partner: the callers' load
    // Threads end and start meanwhile.
    if (version % 100 == 0) {
      shared.stop.store(true, std::memory_order_relaxed);
      callers.clear();
      shared.stop.store(false, std::memory_order_relaxed);
      for (int n = 0; n < 3; ++n) callers.push_back(std::make_unique<Caller>(shared));
    }
  }
  shared.stop.store(true, std::memory_order_relaxed);
  callers.clear();
  EXPECT_EQ(shared.wrong.load(), 0u);
  for (std::atomic<Code*>& slot : shared.slots) delete slot.load();
}

std::string NameOf(const testing::TestParamInfo<CodeSyncKind>& test) {
  static constexpr std::array kNames = {"Auto", "Membarrier", "Epoch", "Signal", "Private", "None"};
  return kNames[static_cast<size_t>(test.param)];
}

INSTANTIATE_TEST_SUITE_P(All, CodeReclaimerTest,
                         testing::Values(CodeSyncKind::kMembarrier, CodeSyncKind::kEpoch, CodeSyncKind::kSignal, CodeSyncKind::kPrivate), NameOf);

TEST(CodeReclaimerRoundTest, EndsWithoutAThreadThatDoesNotPoll) {
  CodeThreads threads;
  CodeReclaimer reclaimer(&threads);
  CodeThread deaf(nullptr, [](CodeThread*) {});
  threads.Add(deaf);
  EXPECT_TRUE(reclaimer.Round().ok()) << "it does not run";
  deaf.running.store(true);
  EXPECT_TRUE(absl::IsDeadlineExceeded(reclaimer.Round().status()));
  reclaimer.OnPoll(deaf);
  EXPECT_TRUE(absl::IsDeadlineExceeded(reclaimer.Round().status())) << "the next round asks again";
  deaf.running.store(false);
  const auto pinned = reclaimer.Round();
  ASSERT_TRUE(pinned.ok());
  EXPECT_TRUE(pinned->empty());
  threads.Remove(deaf);
}

}  // namespace
}  // namespace perilune::vm::jit
