#include "jit/code_sync.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"

namespace perilune::vm::jit {
namespace {

constexpr int kRegister = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE;
constexpr int kSync = MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE;

// A kernel that answers from a list, then with success.
struct FakeKernel {
  std::vector<int> answers;
  std::vector<int> commands;

  MembarrierSync::SystemCall Call() {
    return [this](int command) {
      commands.push_back(command);
      const size_t i = commands.size() - 1;
      return i < answers.size() ? answers[i] : 0;
    };
  }
};

TEST(MembarrierSyncTest, RegistersWhenTheKernelAsksForIt) {
  FakeKernel kernel = {.answers = {EPERM, 0, 0}, .commands = {}};
  MembarrierSync sync(kernel.Call());
  EXPECT_TRUE(sync.Request().ok());
  EXPECT_EQ(kernel.commands, (std::vector<int>{kSync, kRegister, kSync}));
  EXPECT_TRUE(sync.Request().ok());
  EXPECT_EQ(kernel.commands.size(), 4u) << "registered once";
  EXPECT_EQ(sync.barriers(), 2u);
}

TEST(MembarrierSyncTest, MissingKernelSupportIsUnimplemented) {
  for (const int error : {ENOSYS, EINVAL}) {
    FakeKernel kernel = {.answers = {error}, .commands = {}};
    MembarrierSync sync(kernel.Call());
    EXPECT_TRUE(absl::IsUnimplemented(sync.Request().status()));
    EXPECT_EQ(sync.barriers(), 0u);
  }
  FakeKernel kernel = {.answers = {EPERM, EINVAL}, .commands = {}};
  MembarrierSync sync(kernel.Call());
  EXPECT_TRUE(absl::IsUnimplemented(sync.Request().status()));
  EXPECT_EQ(kernel.commands, (std::vector<int>{kSync, kRegister}));
}

TEST(MembarrierSyncTest, OtherErrorsMayBeTriedAgain) {
  FakeKernel kernel = {.answers = {EPERM, 0, EPERM}, .commands = {}};
  MembarrierSync sync(kernel.Call());
  EXPECT_TRUE(absl::IsUnavailable(sync.Request().status()));
  EXPECT_TRUE(sync.Request().ok());
}

TEST(MembarrierSyncTest, EpochsGrowAndAreQuiescedAtOnce) {
  FakeKernel kernel;
  MembarrierSync sync(kernel.Call());
  const CodeEpoch first = *sync.Request();
  EXPECT_FALSE(sync.Quiesced(first + 1));
  EXPECT_TRUE(absl::IsInvalidArgument(sync.Wait(first + 1)));
  const CodeEpoch second = *sync.Request();
  EXPECT_LT(first, second);
  EXPECT_TRUE(sync.Quiesced(first));
  EXPECT_TRUE(sync.Quiesced(second));
  EXPECT_TRUE(sync.Wait(second).ok());
}

TEST(MembarrierSyncTest, WorksWithThisKernel) {
  MembarrierSync sync;
  const absl::Status status = sync.Register();
  if (absl::IsUnimplemented(status)) GTEST_SKIP() << status;
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(sync.Request().ok());
}

// ---- Handshakes, with threads that are not isolates.

std::atomic<int> events{0};
void CountEvent() { events.fetch_add(1, std::memory_order_relaxed); }

// A thread that turns in a loop as an isolate does: it polls when asked, and blocks outside now and then. When it finds an epoch in the slot, as it
// would find code, it must have had its event.
class Worker {
 public:
  Worker(CodeThreads* threads, CodeSync* sync, const std::atomic<CodeEpoch>* slot, std::atomic<int>* stale)
      : threads_(threads), sync_(sync), slot_(slot), stale_(stale) {
    threads_->Add(code_thread_);
    thread_ = std::thread(&Worker::Run, this);
  }
  ~Worker() {
    stop_.store(true, std::memory_order_relaxed);  // relaxed: only ends the loop
    thread_.join();
    threads_->Remove(code_thread_);
  }

 private:
  // First, so that RequestPoll finds the worker from its CodeThread.
  struct Polled : CodeThread {
    Polled() : CodeThread(nullptr, [](CodeThread* t) { static_cast<Polled*>(t)->poll.store(true, std::memory_order_release); }) {}
    std::atomic<bool> poll{false};
  };

  void Run() {
    CodeThread::SetCurrent(&code_thread_);
    sync_->Unpark(code_thread_);
    for (int turn = 1; !stop_.load(std::memory_order_relaxed); ++turn) {
      // acquire: partner of RequestPoll
      if (code_thread_.poll.exchange(false, std::memory_order_acquire)) sync_->OnPoll(code_thread_);
      // acquire: partner of the publisher's store
      if (slot_->load(std::memory_order_acquire) > sync_->SynchronizedEpoch(code_thread_)) stale_->fetch_add(1);
      if (turn % 1000 != 0) continue;
      sync_->Park(code_thread_);
      sched_yield();
      sync_->Unpark(code_thread_);
    }
    sync_->Park(code_thread_);
    CodeThread::SetCurrent(nullptr);
  }

  CodeThreads* const threads_;
  CodeSync* const sync_;
  const std::atomic<CodeEpoch>* const slot_;
  std::atomic<int>* const stale_;
  Polled code_thread_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class HandshakeTest : public testing::TestWithParam<CodeSyncKind> {
 protected:
  CodeThreads threads_;
  const ChosenCodeSync chosen_ = ChooseCodeSync(GetParam(), &threads_, &CountEvent, &MembarrierSync::Kernel);
  CodeSync& sync_ = *chosen_.sync;
};

TEST_P(HandshakeTest, WaitsForNobodyWhereNobodyRuns) {
  ASSERT_EQ(chosen_.reason, "");
  CodeThread idle(nullptr, [](CodeThread*) { FAIL() << "it does not run"; });
  threads_.Add(idle);
  EXPECT_TRUE(sync_.Wait(*sync_.Request()).ok());
  threads_.Remove(idle);
}

TEST_P(HandshakeTest, AThreadThatDoesNotAnswerIsNotWaitedForForEver) {
  CodeThread deaf(nullptr, [](CodeThread*) {});
  threads_.Add(deaf);
  sync_.Unpark(deaf);
  deaf.os_thread.store(0, std::memory_order_relaxed);  // no thread has this number
  const CodeEpoch epoch = *sync_.Request();
  EXPECT_FALSE(sync_.Quiesced(epoch));
  EXPECT_TRUE(absl::IsDeadlineExceeded(sync_.Wait(epoch)));
  // It parks in the midst of the handshake, or its thread ends.
  sync_.Park(deaf);
  EXPECT_TRUE(sync_.Wait(epoch).ok());
  // Unparked, it has had its event.
  const int before = events.load();
  sync_.Unpark(deaf);
  EXPECT_EQ(events.load(), before + 1);
  EXPECT_GE(sync_.SynchronizedEpoch(deaf), epoch);
  EXPECT_TRUE(sync_.Quiesced(epoch));
  sync_.Park(deaf);
  threads_.Remove(deaf);
}

TEST_P(HandshakeTest, ThePublishersOwnThreadCatchesUpByItself) {
  CodeThread self(nullptr, [](CodeThread*) {});
  threads_.Add(self);
  CodeThread::SetCurrent(&self);
  sync_.Unpark(self);
  const CodeEpoch epoch = *sync_.Request();
  EXPECT_EQ(sync_.SynchronizedEpoch(self), epoch);
  EXPECT_TRUE(sync_.Wait(epoch).ok());
  sync_.Park(self);
  CodeThread::SetCurrent(nullptr);
  threads_.Remove(self);
}

TEST_P(HandshakeTest, ThreadsThatPollParkStartAndEndAllAnswer) {
  std::atomic<CodeEpoch> slot{0};
  std::atomic<int> stale{0};
  std::vector<std::unique_ptr<Worker>> workers(4);
  for (int i = 0; i < 400; ++i) {
    workers[static_cast<size_t>(i) % workers.size()].reset();
    workers[static_cast<size_t>(i) % workers.size()] = std::make_unique<Worker>(&threads_, &sync_, &slot, &stale);
    const absl::StatusOr<CodeEpoch> epoch = sync_.Request();
    ASSERT_TRUE(epoch.ok());
    ASSERT_TRUE(sync_.Wait(*epoch).ok());
    slot.store(*epoch, std::memory_order_release);  // partner: the workers' load
  }
  workers.clear();
  EXPECT_EQ(stale.load(), 0);
}

INSTANTIATE_TEST_SUITE_P(Handshakes, HandshakeTest, testing::Values(CodeSyncKind::kEpoch, CodeSyncKind::kSignal),
                         [](const auto& test) { return test.param == CodeSyncKind::kEpoch ? "Epoch" : "Signal"; });

TEST(PrivateSyncTest, NobodyWaitsAndThreadsAdopt) {
  PrivateSync sync(&CountEvent);
  CodeThread thread(nullptr, [](CodeThread*) { FAIL() << "nobody is asked"; });
  const int before = events.load();
  sync.Unpark(thread);
  EXPECT_EQ(events.load(), before + 1) << "it may be another OS thread than the last";
  EXPECT_TRUE(sync.adopts());
  EXPECT_TRUE(sync.Wait(*sync.Request()).ok());
  EXPECT_EQ(events.load(), before + 1);
  sync.Adopt(thread);
  EXPECT_EQ(events.load(), before + 2);
  sync.Park(thread);
  sync.Unpark(thread);
  EXPECT_EQ(events.load(), before + 2) << "what it adopted it may still run";
  sync.Park(thread);
}

TEST(ChooseCodeSyncTest, FallsBackAndSaysWhy) {
  CodeThreads threads;
  for (const int error : {ENOSYS, EINVAL, EPERM}) {
    const ChosenCodeSync chosen = ChooseCodeSync(CodeSyncKind::kAuto, &threads, &CountEvent, [error](int) { return error; });
    EXPECT_EQ(chosen.sync->name(), "epoch");
    EXPECT_TRUE(absl::StrContains(chosen.reason, std::strerror(error))) << chosen.reason;
  }
  const ChosenCodeSync chosen = ChooseCodeSync(CodeSyncKind::kAuto, &threads, &CountEvent, [](int) { return 0; });
  EXPECT_EQ(chosen.sync->name(), "membarrier");
  EXPECT_EQ(chosen.reason, "");
}

TEST(ChooseCodeSyncTest, ASignalThatIsTakenIsNotUsed) {
  CodeThreads threads;
  struct sigaction before, taken = {};
  taken.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGRTMIN + 7, &taken, &before), 0);
  const ChosenCodeSync chosen = ChooseCodeSync(CodeSyncKind::kSignal, &threads, &CountEvent, &MembarrierSync::Kernel);
  EXPECT_EQ(chosen.sync->name(), "epoch");
  EXPECT_TRUE(absl::StrContains(chosen.reason, "is in use")) << chosen.reason;
  ASSERT_EQ(sigaction(SIGRTMIN + 7, &before, nullptr), 0);
}

TEST(ChooseCodeSyncTest, NamesOfStrategies) {
  CodeThreads threads;
  for (const char* name : {"membarrier", "epoch", "signal", "private", "none"}) {
    const std::optional<CodeSyncKind> kind = ParseCodeSyncKind(name);
    ASSERT_TRUE(kind.has_value());
    EXPECT_EQ(ChooseCodeSync(*kind, &threads, &CountEvent, [](int) { return 0; }).sync->name(), name);
  }
  EXPECT_EQ(ParseCodeSyncKind("auto"), CodeSyncKind::kAuto);
  EXPECT_FALSE(ParseCodeSyncKind("").has_value());
}

TEST(NoSyncTest, SaysYesToEverything) {
  NoSync sync;
  EXPECT_EQ(sync.name(), "none");
  EXPECT_TRUE(sync.Wait(*sync.Request()).ok());
}

}  // namespace
}  // namespace perilune::vm::jit
