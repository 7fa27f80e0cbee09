#include "jit/jump_tables.h"

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"

namespace perilune::vm::jit {
namespace {

constexpr uintptr_t kEntryStub = 0x1000, kExactStub = 0x2000;

class JumpTablesTest : public testing::Test {
 protected:
  JumpTablesTest() : thread_(nullptr, [](CodeThread*) {}) {
    tables_.SetStubs(kEntryStub, kExactStub);
    tables_.AddThread(thread_);
    threads_.Add(thread_);
  }
  ~JumpTablesTest() override { threads_.Remove(thread_); }

  uintptr_t Entry(uint32_t jump) const { return reinterpret_cast<uintptr_t>(thread_.jumps[jump].load()); }

  CodeThreads threads_;
  JumpTables tables_{&threads_, 3};
  CodeThread thread_;
};

TEST_F(JumpTablesTest, EntriesLeadToTheStubsAtFirst) {
  ASSERT_EQ(tables_.jumps(), 6u);
  for (uint32_t i = 0; i < 6; ++i) EXPECT_EQ(Entry(i), i % 2 == 0 ? kEntryStub : kExactStub);
}

TEST_F(JumpTablesTest, AnIndexIsUsedAgainOnlyAfterResetAndRound) {
  std::vector<JumpIndex> all;
  for (int i = 0; i < 3; ++i) all.push_back(tables_.Take());
  for (const JumpIndex& index : all) ASSERT_FALSE(index.empty());
  EXPECT_TRUE(tables_.Take().empty());
  const uint32_t jump = all[1].entry();
  EXPECT_EQ(all[1].exact(), jump + 1);
  thread_.jumps[jump].store(&threads_);
  thread_.jumps[jump + 1].store(&threads_);

  all.erase(all.begin() + 1);
  EXPECT_EQ(Entry(jump), kEntryStub);
  EXPECT_EQ(Entry(jump + 1), kExactStub);
  EXPECT_TRUE(tables_.Take().empty()) << "a thread may have loaded the entry before";

  const auto fails = [] { return absl::DeadlineExceededError("a thread does not poll"); };
  EXPECT_TRUE(absl::IsDeadlineExceeded(tables_.Recycle(fails).status()));
  EXPECT_TRUE(tables_.Take().empty());
  EXPECT_TRUE(*tables_.Recycle([] { return absl::OkStatus(); }));
  const JumpIndex again = tables_.Take();
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again.entry(), jump);
  EXPECT_FALSE(*tables_.Recycle([] { return absl::OkStatus(); })) << "nothing was given back";
}

TEST_F(JumpTablesTest, AnIndexThatIsGivenBackDuringARoundWaitsForTheNext) {
  std::vector<JumpIndex> all;
  for (int i = 0; i < 3; ++i) all.push_back(tables_.Take());
  all.pop_back();
  EXPECT_TRUE(*tables_.Recycle([&] {
    all.pop_back();
    return absl::OkStatus();
  }));
  const JumpIndex one = tables_.Take();
  EXPECT_FALSE(one.empty());
  EXPECT_TRUE(tables_.Take().empty());
}

TEST_F(JumpTablesTest, AnAbandonedIndexIsNotGivenBack) {
  JumpIndex index = tables_.Take();
  const uint32_t jump = index.entry();
  thread_.jumps[jump].store(&threads_);
  index.Abandon();
  { const JumpIndex ended = std::move(index); }
  EXPECT_EQ(Entry(jump), reinterpret_cast<uintptr_t>(&threads_));
}

TEST(JumpTablesSizeTest, GrowsWithTheCacheWithinLimits) {
  EXPECT_EQ(JumpTables::FunctionsOf(1), 64u);
  EXPECT_EQ(JumpTables::FunctionsOf(size_t{1} << 20), 512u);
  EXPECT_EQ(JumpTables::FunctionsOf(size_t{1} << 30), 4096u);
}

}  // namespace
}  // namespace perilune::vm::jit
