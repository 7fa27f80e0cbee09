#include "jit/code_memory.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "jit/code_span.h"
#include "jit/code_system.h"

namespace perilune::vm::jit {
namespace {

std::unique_ptr<CodeMemory> MakeMemory(size_t limit) {
  auto memory =
      CodeMemory::Create({.reservation_bytes = 1 << 20, .limit_bytes = limit});
  EXPECT_TRUE(memory.ok()) << memory.status();
  return *std::move(memory);
}

TEST(CodeMemoryTest, SpansAreWholeLinesOfZeroes) {
  const auto memory = MakeMemory(4096);
  auto a = memory->Allocate(4);
  auto b = memory->Allocate(65);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->size(), 64u);
  EXPECT_EQ(b->size(), 128u);
  EXPECT_EQ(a->address() % 64, 0u);
  EXPECT_EQ(b->address(), a->address() + 64);
  EXPECT_TRUE(memory->Contains(a->address()));
  EXPECT_FALSE(memory->Contains(memory->base() - 1));
  EXPECT_TRUE(a->Contains(a->address() + 63));
  EXPECT_FALSE(a->Contains(a->address() + 64));
  const auto* words = reinterpret_cast<const uint32_t*>(b->address());
  for (size_t i = 0; i < b->size() / 4; ++i) EXPECT_EQ(words[i], 0u);
}

TEST(CodeMemoryTest, DroppedSpansAreReusedAndMerged) {
  const auto memory = MakeMemory(256);
  {
    auto a = memory->Allocate(64);
    auto b = memory->Allocate(64);
    auto c = memory->Allocate(128);
    ASSERT_TRUE(a.ok() && b.ok() && c.ok());
    EXPECT_TRUE(absl::IsResourceExhausted(memory->Allocate(1).status()));
    EXPECT_EQ(memory->usage().free, 0u);
  }
  EXPECT_EQ(memory->usage().live, 0u);
  auto all = memory->Allocate(256);
  ASSERT_TRUE(all.ok()) << all.status();
}

TEST(CodeMemoryTest, FragmentationIsAStatusNotACrash) {
  const auto memory = MakeMemory(256);
  std::vector<CodeSpan<Writable>> spans;
  for (int i = 0; i < 4; ++i) spans.push_back(*memory->Allocate(64));
  spans[0] = CodeSpan<Writable>();
  spans[2] = CodeSpan<Writable>();
  EXPECT_EQ(memory->usage().free, 128u);
  EXPECT_TRUE(absl::IsResourceExhausted(memory->Allocate(128).status()));
  EXPECT_TRUE(memory->Allocate(64).ok());
}

TEST(CodeMemoryTest, MovingASpanLeavesNothingBehind) {
  const auto memory = MakeMemory(4096);
  CodeSpan<Writable> a = *memory->Allocate(64);
  const uintptr_t address = a.address();
  CodeSpan<Writable> b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): the contract.
  EXPECT_EQ(b.address(), address);
  EXPECT_EQ(memory->usage().live, 64u);
  b = *memory->Allocate(64);  // frees what it held
  EXPECT_EQ(memory->usage().live, 64u);
}

TEST(CodeMemoryTest, BadSizesAreRefused) {
  const auto memory = MakeMemory(4096);
  EXPECT_TRUE(absl::IsInvalidArgument(memory->Allocate(0).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(memory->Allocate(4097).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(memory->Allocate(SIZE_MAX).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CodeMemory::Create({.reservation_bytes = 0}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CodeMemory::Create({.reservation_bytes = size_t{1} << 40}).status()));
}

TEST(CodeMemoryTest, KernelRefusalsAreStatuses) {
  using enum CodeMemoryPolicy;
  const struct {
    CodeMemoryPolicy policy;
    CodeFaults faults;
  } kCases[] = {{kDual, {.memfd = EPERM}},
                {kDual, {.write = ENOMEM}},
                {kDual, {.exec = EACCES}},
                {kMprotect, {.write = ENOMEM}},
                {kMprotect, {.exec = EACCES}},
                {kMprotect, {.protect = EACCES}}};
  for (const auto& c : kCases) {
    FaultyCodeSystem system(c.faults);
    const absl::Status status = CodeMemory::Create({.policy = c.policy,
                                                    .reservation_bytes = 4096,
                                                    .system = &system})
                                    .status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  }
  FaultyCodeSystem no_memfd({.memfd = EPERM});
  EXPECT_TRUE(CodeMemory::Create({.policy = kMprotect,
                                  .reservation_bytes = 4096,
                                  .system = &no_memfd})
                  .ok());
}

TEST(CodeMemoryTest, NamesOfPolicies) {
  EXPECT_EQ(ParseCodeMemoryPolicy("dual"), CodeMemoryPolicy::kDual);
  EXPECT_EQ(ParseCodeMemoryPolicy("mprotect"), CodeMemoryPolicy::kMprotect);
  EXPECT_FALSE(ParseCodeMemoryPolicy("").has_value());
}

TEST(CodeMemoryTest, FlippedPagesBelongToOneBatch) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  auto created = CodeMemory::Create({.policy = CodeMemoryPolicy::kMprotect,
                                     .reservation_bytes = 4 * page});
  ASSERT_TRUE(created.ok()) << created.status();
  const auto memory = *std::move(created);
  {
    CodeBatch first, second;
    auto a = memory->Allocate(100, &first);
    auto b = memory->Allocate(100, &first);
    auto c = memory->Allocate(100, &second);
    auto alone = memory->Allocate(100);
    ASSERT_TRUE(a.ok() && b.ok() && c.ok() && alone.ok());
    EXPECT_EQ(b->address(), a->address() + 128);
    EXPECT_EQ(c->address(), a->address() + page);
    EXPECT_EQ(alone->address(), a->address() + 2 * page);
    EXPECT_EQ(memory->usage().live, 3 * page);
    // What does not fit begins a block of its own.
    auto large = memory->Allocate(page, &first);
    ASSERT_TRUE(large.ok());
    EXPECT_EQ(large->address(), a->address() + 3 * page);
    EXPECT_TRUE(absl::IsResourceExhausted(memory->Allocate(1).status()));
    // A page is free when all its spans are.
    *a = CodeSpan<Writable>();
    EXPECT_EQ(memory->usage().live, 4 * page);
    *b = CodeSpan<Writable>();
    EXPECT_EQ(memory->usage().live, 3 * page);
  }
  EXPECT_EQ(memory->usage().live, 0u);
  EXPECT_TRUE(memory->Allocate(4 * page).ok()) << "all merged again";
}

TEST(CodeFaultsTest, AreParsed) {
  const auto faults =
      ParseCodeFaults("membarrier=ENOSYS,memfd=EPERM,exec=EACCES,line=2048");
  ASSERT_TRUE(faults.ok()) << faults.status();
  EXPECT_EQ(faults->membarrier, ENOSYS);
  EXPECT_EQ(faults->memfd, EPERM);
  EXPECT_EQ(faults->exec, EACCES);
  EXPECT_EQ(faults->write, 0);
  EXPECT_EQ(faults->cache_line, 2048u);
  for (const char* text : {"", "memfd", "memfd=", "memfd=EFOO", "line=48", "line=8", "line=4096", "foo=EPERM", "memfd=EPERM,"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseCodeFaults(text).status())) << text;
  }
}

TEST(CodeFaultsTest, CacheLinesAreInTheTypeRegistersForm) {
  constexpr uint64_t kType = 0x30050004;  // lines of 64 and 128 bytes, IDC, DIC
  for (const uint32_t bytes : {16u, 64u, 128u, 2048u}) {
    FaultyCodeSystem system({.cache_line = bytes});
    const uint64_t type = system.CacheType(kType);
    EXPECT_EQ(4u << (type & 0xf), std::min(bytes, 64u));
    EXPECT_EQ(4u << (type >> 16 & 0xf), std::min(bytes, 128u));
    EXPECT_EQ(type >> 28 & 3, 0u) << "both need maintenance";
  }
  EXPECT_EQ(NativeCodeSystem()->CacheType(kType), kType);
}

TEST(CodeMemoryTest, RandomUseNeverOverlaps) {
  const auto memory = MakeMemory(1 << 16);
  std::mt19937 random(1);
  std::vector<CodeSpan<Writable>> spans;
  size_t live = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 2 == 0 && !spans.empty()) {
      const size_t victim = random() % spans.size();
      live -= spans[victim].size();
      std::swap(spans[victim], spans.back());
      spans.pop_back();
    } else if (auto span = memory->Allocate(1 + random() % 1000); span.ok()) {
      for (const auto& other : spans) {
        ASSERT_FALSE(other.Contains(span->address()));
        ASSERT_FALSE(span->Contains(other.address()));
      }
      live += span->size();
      spans.push_back(*std::move(span));
    }
    ASSERT_EQ(memory->usage().live, live);
  }
  spans.clear();
  EXPECT_TRUE(memory->Allocate(1 << 16).ok()) << "all merged again";
}

}  // namespace
}  // namespace perilune::vm::jit
