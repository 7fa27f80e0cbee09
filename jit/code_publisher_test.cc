// The publisher against a recorder in place of the processor: which steps it
// takes, in which order, over which lines. Runs on any machine. What the steps
// do to a real processor is in publication_stress_test.cc.

#include "jit/code_publisher.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "jit/code_memory.h"
#include "jit/code_span.h"
#include "jit/code_sync.h"
#include "runtime/monotonic_clock.h"

namespace perilune::vm::jit {
namespace {

using Log = std::vector<std::string>;

constexpr uint64_t CacheType(uint64_t data_log2, uint64_t instruction_log2,
                             bool idc = false, bool dic = false) {
  return data_log2 << 16 | instruction_log2 | uint64_t{idc} << 28 |
         uint64_t{dic} << 29;
}

class Recorder : public CacheMaintenance {
 public:
  explicit Recorder(Log& log) : log_(log) {}

  uint64_t ReadCacheType() override {
    ++cache_type_reads;
    return cache_type;
  }
  void CleanDataLines(uintptr_t first, size_t lines,
                      size_t line_bytes) override {
    log_.push_back("clean");
    Add(cleaned, first, lines, line_bytes);
  }
  void InvalidateInstructionLines(uintptr_t first, size_t lines,
                                  size_t line_bytes) override {
    log_.push_back("invalidate");
    Add(invalidated, first, lines, line_bytes);
  }
  void DataBarrier() override { log_.push_back("dsb"); }
  void SynchronizeContext() override { log_.push_back("isb"); }

  uint64_t cache_type = CacheType(4, 4);
  int cache_type_reads = 0;
  std::set<uintptr_t> cleaned;
  std::set<uintptr_t> invalidated;

 private:
  static void Add(std::set<uintptr_t>& to, uintptr_t first, size_t lines,
                  size_t line_bytes) {
    EXPECT_EQ(first % line_bytes, 0u);
    for (size_t i = 0; i < lines; ++i) to.insert(first + i * line_bytes);
  }
  Log& log_;
};

class FakeSync : public ImmediateCodeSync {
 public:
  FakeSync(Log& log, std::string name) : log_(log), name_(std::move(name)) {}
  absl::string_view name() const override { return name_; }
  absl::Status result;

 protected:
  absl::Status Broadcast() override {
    log_.push_back(name_);
    return result;
  }

 private:
  Log& log_;
  const std::string name_;
};

class CodePublisherTest : public testing::Test {
 protected:
  CodePublisherTest() {
    options_.maintenance = &recorder_;
    options_.verify_hash = true;
    auto memory =
        CodeMemory::Create({.reservation_bytes = 1 << 16, .limit_bytes = 4096});
    EXPECT_TRUE(memory.ok()) << memory.status();
    memory_ = *std::move(memory);
  }

  // One request of `count` words with value `word`.
  PublicationRequest Request(size_t count, uint32_t word = 1) {
    words_.push_back(std::make_unique<std::vector<uint32_t>>(count, word));
    return {*memory_->Allocate(count * 4), *words_.back()};
  }
  static const uint32_t* WordsAt(const CodeSpan<Executable>& span) {
    return static_cast<const uint32_t*>(span.entry());
  }

  Log log_;
  Recorder recorder_{log_};
  FakeSync sync_{log_, "sync"};
  FakeSync fallback_{log_, "fallback"};
  CodePublisherOptions options_;
  std::unique_ptr<CodeMemory> memory_;
  std::vector<std::unique_ptr<std::vector<uint32_t>>> words_;
};

TEST_F(CodePublisherTest, TakesTheStepsInOrderOnceForABatch) {
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(3, 0xaaaa), Request(40, 0xbbbb)};
  const uintptr_t second = batch[1].span.address();
  auto publication = publisher.Publish(absl::MakeSpan(batch));
  ASSERT_TRUE(publication.ok()) << publication.status();
  EXPECT_EQ(log_, (Log{"clean", "clean", "dsb", "invalidate", "invalidate",
                       "dsb", "isb", "sync"}));
  EXPECT_TRUE(batch[0].span.empty()) << "moved into the publication";
  ASSERT_EQ(publication->size(), 2u);
  EXPECT_EQ(WordsAt(publication->span(0))[2], 0xaaaau);
  EXPECT_EQ(WordsAt(publication->span(0))[3], 0u) << "udf #0";
  EXPECT_EQ(reinterpret_cast<uintptr_t>(publication->span(1).entry(8)),
            second + 8);
  EXPECT_EQ(WordsAt(publication->span(1))[39], 0xbbbbu);

  const PublicationStats stats = publisher.stats();
  EXPECT_EQ(stats.publications, 2u);
  EXPECT_EQ(stats.batches, 1u);
  EXPECT_EQ(stats.bytes, 43u * 4);
  EXPECT_EQ(stats.data_lines_cleaned, 4u);
  EXPECT_EQ(stats.instruction_lines_invalidated, 4u);
  EXPECT_EQ(stats.syncs, 1u);
  EXPECT_EQ(stats.failures, 0u);
}

TEST_F(CodePublisherTest, CoversEachLineWhateverItsSize) {
  // 16, 64, 128 and 2048 bytes, differing between the two caches.
  for (const auto& [data, instruction] :
       std::vector<std::pair<uint64_t, uint64_t>>{
           {2, 9}, {4, 4}, {5, 2}, {9, 5}}) {
    recorder_.cache_type = CacheType(data, instruction);
    recorder_.cleaned.clear();
    recorder_.invalidated.clear();
    CodePublisher publisher(&sync_, nullptr, options_);
    PublicationRequest gap = Request(16);  // so that lines are straddled
    PublicationRequest batch[] = {Request(50)};
    const uintptr_t begin = batch[0].span.address();
    const uintptr_t end = begin + batch[0].span.size();
    auto publication = publisher.Publish(absl::MakeSpan(batch));
    ASSERT_TRUE(publication.ok());
    const uintptr_t data_line = uintptr_t{4} << data;
    const uintptr_t instruction_line = uintptr_t{4} << instruction;
    for (uintptr_t a = begin; a < end; a += 4) {
      EXPECT_TRUE(recorder_.invalidated.contains(a & ~(instruction_line - 1)));
    }
    EXPECT_EQ(recorder_.invalidated.size(),
              ((end - 1) / instruction_line) - (begin / instruction_line) + 1);
    // The writable view has its own addresses, of the same line offsets.
    EXPECT_EQ(recorder_.cleaned.size(),
              ((end - 1) / data_line) - (begin / data_line) + 1);
    for (const uintptr_t line : recorder_.cleaned) {
      EXPECT_FALSE(memory_->Contains(line)) << "dc wants the RW address";
    }
    ASSERT_TRUE(publisher.Release(publication->TakeSpan(0)).ok());
  }
}

TEST_F(CodePublisherTest, ReadsTheCacheTypeOnEveryCall) {
  CodePublisher publisher(&sync_, nullptr, options_);
  for (int i = 1; i <= 3; ++i) {
    PublicationRequest batch[] = {Request(1)};
    auto publication = publisher.Publish(absl::MakeSpan(batch));
    ASSERT_TRUE(publication.ok());
    EXPECT_EQ(recorder_.cache_type_reads, i);
  }
}

TEST_F(CodePublisherTest, CountsBatchesBySizeAndTimesThem) {
  auto memory = CodeMemory::Create({.reservation_bytes = 1 << 16});
  ASSERT_TRUE(memory.ok());
  memory_ = *std::move(memory);
  CodePublisher publisher(&sync_, nullptr, options_);
  for (const size_t size : {1u, 1u, 2u, 3u, 4u, 150u}) {
    std::vector<PublicationRequest> batch;
    for (size_t i = 0; i < size; ++i) batch.push_back(Request(1));
    const uint64_t before = MonotonicNs();
    auto publication = publisher.Publish(absl::MakeSpan(batch));
    ASSERT_TRUE(publication.ok());
    const PublicationTimes& times = publication->times();
    EXPECT_LE(before, times.started);
    EXPECT_LE(times.started, times.copied);
    EXPECT_LE(times.copied, times.maintained);
    EXPECT_LE(times.maintained, times.synchronized);
    EXPECT_LE(times.synchronized, MonotonicNs());
  }
  const PublicationStats stats = publisher.stats();
  EXPECT_EQ(stats.batches, 6u);
  EXPECT_EQ(stats.publications, 161u);
  EXPECT_THAT(stats.batch_sizes,
              ::testing::ElementsAre(2, 2, 1, 0, 0, 0, 0, 1));
}

TEST_F(CodePublisherTest, IdcAndDicSaveMaintenanceButNoSynchronisation) {
  recorder_.cache_type = CacheType(4, 4, /*idc=*/true, /*dic=*/true);
  {
    CodePublisher publisher(&sync_, nullptr, options_);
    PublicationRequest batch[] = {Request(1)};
    ASSERT_TRUE(publisher.Publish(absl::MakeSpan(batch)).ok());
    EXPECT_EQ(log_, (Log{"dsb", "dsb", "isb", "sync"}));
  }
  log_.clear();
  options_.trust_cache_type = false;
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(1)};
  ASSERT_TRUE(publisher.Publish(absl::MakeSpan(batch)).ok());
  EXPECT_EQ(log_, (Log{"clean", "dsb", "invalidate", "dsb", "isb", "sync"}));
}

TEST_F(CodePublisherTest, EachFaultLeavesOutOneStep) {
  const Log all = {"clean", "dsb", "invalidate", "dsb", "isb", "sync"};
  bool PublicationFaults::*const kFaults[] = {
      &PublicationFaults::skip_clean_data,
      &PublicationFaults::skip_complete_clean,
      &PublicationFaults::skip_invalidate_instructions,
      &PublicationFaults::skip_complete_invalidate,
      &PublicationFaults::skip_synchronize_self,
      &PublicationFaults::skip_synchronize_others,
  };
  for (size_t i = 0; i < all.size(); ++i) {
    log_.clear();
    options_.faults = {};
    options_.faults.*kFaults[i] = true;
    CodePublisher publisher(&sync_, nullptr, options_);
    PublicationRequest batch[] = {Request(1)};
    ASSERT_TRUE(publisher.Publish(absl::MakeSpan(batch)).ok());
    Log expected = all;
    expected.erase(expected.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_EQ(log_, expected);
  }
}

TEST_F(CodePublisherTest, InstallStoresAndComparesSlots) {
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(1)};
  auto publication = publisher.Publish(absl::MakeSpan(batch));
  ASSERT_TRUE(publication.ok());
  const int old_target = 1, new_target = 2;
  std::atomic<const int*> slot{&old_target};
  publication->Install(slot, &new_target);
  EXPECT_EQ(slot.load(), &new_target);
  EXPECT_FALSE(publication->InstallIf(slot, &old_target, &old_target));
  EXPECT_TRUE(publication->InstallIf(slot, &new_target, &old_target));
  EXPECT_EQ(slot.load(), &old_target);
  EXPECT_EQ(publisher.stats().installs, 2u);
}

TEST_F(CodePublisherTest, UnavailableStrategyLeavesSpansWritable) {
  CodePublisher publisher(&sync_, &fallback_, options_);
  sync_.result = absl::UnavailableError("not now");
  PublicationRequest batch[] = {Request(1)};
  EXPECT_TRUE(
      absl::IsUnavailable(publisher.Publish(absl::MakeSpan(batch)).status()));
  EXPECT_FALSE(batch[0].span.empty());
  EXPECT_EQ(publisher.stats().failures, 1u);
  EXPECT_EQ(publisher.stats().fallbacks, 0u);
  sync_.result = absl::OkStatus();
  EXPECT_TRUE(publisher.Publish(absl::MakeSpan(batch)).ok()) << "retried";
}

TEST_F(CodePublisherTest, UnimplementedStrategyGivesWayToTheFallback) {
  CodePublisher publisher(&sync_, &fallback_, options_);
  sync_.result = absl::UnimplementedError("old kernel");
  EXPECT_EQ(publisher.DescribeSync(), "sync");
  for (int i = 0; i < 2; ++i) {
    log_.clear();
    PublicationRequest batch[] = {Request(1)};
    EXPECT_TRUE(publisher.Publish(absl::MakeSpan(batch)).ok());
    EXPECT_EQ(log_.back(), "fallback");
  }
  EXPECT_EQ(log_[log_.size() - 2], "isb") << "the first is not asked again";
  EXPECT_EQ(publisher.stats().fallbacks, 1u);
  EXPECT_EQ(publisher.DescribeSync(), "fallback (sync is not available)");
}

TEST_F(CodePublisherTest, WithoutFallbackUnimplementedIsReported) {
  CodePublisher publisher(&sync_, nullptr, options_);
  sync_.result = absl::UnimplementedError("old kernel");
  PublicationRequest batch[] = {Request(1)};
  EXPECT_TRUE(
      absl::IsUnimplemented(publisher.Publish(absl::MakeSpan(batch)).status()));
}

TEST_F(CodePublisherTest, BadRequestsPublishNothing) {
  CodePublisher publisher(&sync_, nullptr, options_);
  const std::vector<uint32_t> words(17, 1);
  PublicationRequest batch[] = {Request(1), {*memory_->Allocate(64), words}};
  EXPECT_TRUE(absl::IsInvalidArgument(
      publisher.Publish(absl::MakeSpan(batch)).status()));
  PublicationRequest empty[] = {PublicationRequest{}};
  EXPECT_TRUE(absl::IsInvalidArgument(
      publisher.Publish(absl::MakeSpan(empty)).status()));
  EXPECT_TRUE(log_.empty());
}

TEST_F(CodePublisherTest, WithoutAProcessorForItPublishingIsUnimplemented) {
  options_.maintenance = nullptr;
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(1)};
  const absl::Status status = publisher.Publish(absl::MakeSpan(batch)).status();
  EXPECT_TRUE(absl::IsUnimplemented(status));
  EXPECT_EQ(status.message(), "running machine code needs AArch64");
#if !defined(__aarch64__)
  EXPECT_EQ(NativeCacheMaintenance(), nullptr);
#endif
}

TEST_F(CodePublisherTest, ReleasedMemoryIsFilledAndReusedLast) {
  auto memory =
      CodeMemory::Create({.reservation_bytes = 4096, .limit_bytes = 192});
  ASSERT_TRUE(memory.ok());
  memory_ = *std::move(memory);
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(1), Request(1)};
  auto publication = publisher.Publish(absl::MakeSpan(batch));
  ASSERT_TRUE(publication.ok());
  CodeSpan<Executable> first = publication->TakeSpan(0);
  CodeSpan<Executable> second = publication->TakeSpan(1);
  const uintptr_t first_address = first.address();
  const uintptr_t second_address = second.address();
  const uint32_t* const words = WordsAt(first);
  ASSERT_TRUE(publisher.Release(std::move(first)).ok());
  ASSERT_TRUE(publisher.Release(std::move(second)).ok());
  EXPECT_EQ(words[0], 0u) << "udf #0";
  EXPECT_EQ(memory_->usage().quarantined, 128u);
  // Untouched memory first, then the oldest.
  const CodeSpan<Writable> a = *memory_->Allocate(64);
  EXPECT_EQ(a.address(), second_address + 64);
  const CodeSpan<Writable> b = *memory_->Allocate(64);
  EXPECT_EQ(b.address(), first_address);
  const CodeSpan<Writable> c = *memory_->Allocate(64);
  EXPECT_EQ(c.address(), second_address);
  EXPECT_EQ(publisher.stats().releases, 2u);
}

// Clears a word of the memory through whichever writable mapping has it, as a
// stray write would. Finds the RW view by what CleanDataLines() was given.
TEST_F(CodePublisherTest, WriteAfterPublicationIsFoundAtRelease) {
  CodePublisher publisher(&sync_, nullptr, options_);
  PublicationRequest batch[] = {Request(4, 0x1234)};
  auto publication = publisher.Publish(absl::MakeSpan(batch));
  ASSERT_TRUE(publication.ok());
  ASSERT_EQ(recorder_.cleaned.size(), 1u);
  *reinterpret_cast<uint32_t*>(*recorder_.cleaned.begin()) = 0x5678;
  const size_t live = memory_->usage().live;
  EXPECT_TRUE(absl::IsDataLoss(publisher.Release(publication->TakeSpan(0))));
  EXPECT_EQ(memory_->usage().live, live) << "never reused";
}

}  // namespace
}  // namespace perilune::vm::jit
