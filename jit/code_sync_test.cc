#include "jit/code_sync.h"

#include <linux/membarrier.h>

#include <cerrno>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

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

TEST(NoSyncTest, SaysYesToEverything) {
  NoSync sync;
  EXPECT_EQ(sync.name(), "none");
  EXPECT_TRUE(sync.Wait(*sync.Request()).ok());
}

}  // namespace
}  // namespace perilune::vm::jit
