// Publication on a real processor, or one that QEMU emulates.
//
// KnockOut: code is published, run, released, and other code published at the
// same address. With all steps the new code runs. Without `ic ivau`, QEMU runs
// its translation of the old code: the test sees the fault it is there to see.
//
// Stress: reader threads call through a slot as fast as they can, without
// system calls or locks (both could hide a missing event), while a writer
// publishes versions into very few addresses. A reader must get the version its
// target record names, and never an older one than before.
//
// What each place can show:
//   QEMU >= 8.1   a missing `ic ivau`, always
//   QEMU < 8.1    nothing: it ignores `ic ivau` where code was written through
//                 another mapping, so even correct publication looks stale.
//                 All tests here skip, and say so.
//   hardware      depends on the core; with DIC = 1 `ic ivau` is needless
// No emulator shows a missing `dc cvau` or `isb`; models do (litmus tests).

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "jit/a64_assembler.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_span.h"
#include "jit/code_sync.h"
#include "jit/publication_experiments.h"

namespace perilune::vm::jit {
namespace {

constexpr size_t kLine = CodeMemory::kLineBytes;

std::unique_ptr<CodeMemory> MakeMemory(size_t lines) {
  CodeMemoryOptions options;
  options.reservation_bytes = lines * kLine;
  options.limit_bytes = lines * kLine;
  auto memory = CodeMemory::Create(options);
  EXPECT_TRUE(memory.ok()) << memory.status();
  return *std::move(memory);
}

// Assembles `return version;`, publishes it, and gives it to `use`.
class VersionPublisher {
 public:
  VersionPublisher(CodeMemory* memory, CodePublisher* publisher)
      : memory_(memory), publisher_(publisher) {}

  absl::StatusOr<Publication> Publish(uint32_t version) {
    assembler_.Reset();
    assembler_.Mov(W(0), version);
    assembler_.ret();
    auto words = assembler_.Finish();
    if (!words.ok()) return words.status();
    auto span = memory_->Allocate(words->size() * 4);
    if (!span.ok()) return span.status();
    PublicationRequest batch[] = {{*std::move(span), *words}};
    return publisher_->Publish(absl::MakeSpan(batch));
  }

 private:
  CodeMemory* const memory_;
  CodePublisher* const publisher_;
  Assembler assembler_;
};

using Code = uint32_t (*)();

uint32_t Run(const void* entry) { return std::bit_cast<Code>(entry)(); }

// Publishes 10, then 20 at the same address; what does each give?
std::array<uint32_t, 2> RunOneAddressTwice(const PublicationFaults& faults) {
  const auto memory = MakeMemory(1);
  MembarrierSync sync;
  CodePublisherOptions options;
  options.faults = faults;
  CodePublisher publisher(&sync, nullptr, options);
  VersionPublisher versions(memory.get(), &publisher);
  std::array<uint32_t, 2> results = {};
  uintptr_t address = 0;
  for (size_t i = 0; i < 2; ++i) {
    auto publication = versions.Publish(i == 0 ? 10 : 20);
    EXPECT_TRUE(publication.ok()) << publication.status();
    if (!publication.ok()) return {};
    CodeSpan<Executable> span = publication->TakeSpan(0);
    if (i == 0) address = span.address();
    EXPECT_EQ(span.address(), address);
    for (int call = 0; call < 100; ++call) results[i] = Run(span.entry());
    EXPECT_TRUE(publisher.Release(std::move(span)).ok());
  }
  return results;
}

class PublicationStressTest : public testing::Test {
 protected:
  void SetUp() override {
    if (NativeCacheMaintenance() == nullptr) {
      GTEST_SKIP() << "running machine code needs AArch64";
    }
    MembarrierSync sync;
    if (const absl::Status status = sync.Register(); !status.ok()) {
      GTEST_SKIP() << status;
    }
    if (IsEmulatedProcessor() && RunOneAddressTwice({})[1] != 20) {
      GTEST_SKIP() << "this QEMU (before 8.1) ignores ic ivau for code that "
                      "was written through another mapping";
    }
  }
};

TEST_F(PublicationStressTest, NewCodeAtAnOldAddressRuns) {
  EXPECT_EQ(RunOneAddressTwice({}), (std::array<uint32_t, 2>{10, 20}));
}

TEST_F(PublicationStressTest, KnockOutOfIcIvauIsSeen) {
  PublicationFaults faults;
  faults.skip_invalidate_instructions = true;
  const std::array<uint32_t, 2> results = RunOneAddressTwice(faults);
  EXPECT_EQ(results[0], 10u);
  if (IsEmulatedProcessor()) {
    EXPECT_EQ(results[1], 10u) << "QEMU should have kept its translation";
  } else if (results[1] == 20) {
    GTEST_SKIP() << "this core did not show the missing ic ivau";
  }
}

// What the slot points to. Reused, like the code, only after all readers left.
struct Target {
  const void* entry = nullptr;
  uint32_t version = 0;
  CodeSpan<Executable> span;
};

struct alignas(128) Reader {
  // How often it has left the code it called. Written by the reader only.
  std::atomic<uint64_t> passes{0};
  uint64_t wrong = 0;      // code and record disagree
  uint64_t backwards = 0;  // an older version than before
  std::thread thread;
};

struct StressResult {
  uint64_t versions = 0;
  uint64_t passes = 0;
  uint64_t wrong = 0;
  uint64_t backwards = 0;
  size_t addresses = 0;
  PublicationStats stats;
};

StressResult Stress(size_t reader_count, std::chrono::seconds duration,
                    const PublicationFaults& faults) {
  constexpr size_t kSpans = 3;  // the live one, one being written, one spare
  const auto memory = MakeMemory(kSpans);
  MembarrierSync sync;
  CodePublisherOptions options;
  options.faults = faults;
  CodePublisher publisher(&sync, nullptr, options);
  VersionPublisher maker(memory.get(), &publisher);

  std::array<Target, kSpans> targets;
  std::atomic<const Target*> slot{nullptr};
  std::atomic<bool> stop{false};
  std::vector<uintptr_t> addresses;

  const auto publish = [&](uint32_t version) {
    auto publication = maker.Publish(version);
    ASSERT_TRUE(publication.ok()) << publication.status();
    Target& target = targets[version % kSpans];
    target.span = publication->TakeSpan(0);
    target.entry = target.span.entry();
    target.version = version;
    addresses.push_back(target.span.address());
    publication->Install(slot, &target);
  };
  publish(1);

  std::vector<Reader> readers(reader_count);
  for (Reader& reader : readers) {
    reader.thread = std::thread([&reader, &slot, &stop] {
      uint32_t last = 0;
      uint64_t passes = 0;
      // Relaxed: only ends the loop.
      while (!stop.load(std::memory_order_relaxed)) {
        // Acquire: partner is the release in Publication::Install().
        const Target* const target = slot.load(std::memory_order_acquire);
        const uint32_t expected = target->version;
        const uint32_t got = Run(target->entry);
        reader.wrong += got != expected;
        reader.backwards += got < last;
        last = got;
        // Release: partner is the acquire of the writer's grace period, which
        // then knows that this call is over.
        reader.passes.store(++passes, std::memory_order_release);
      }
    });
  }

  // Has each reader begun anew since now? One pass may have begun before.
  std::vector<uint64_t> seen(reader_count);
  const auto wait_for_grace = [&] {
    for (size_t i = 0; i < reader_count; ++i) {
      // Acquire: partner is the reader's release.
      seen[i] = readers[i].passes.load(std::memory_order_acquire);
    }
    for (size_t i = 0; i < reader_count; ++i) {
      while (readers[i].passes.load(std::memory_order_acquire) < seen[i] + 2) {
        sched_yield();  // the writer may; readers must not
      }
    }
  };

  const auto end = std::chrono::steady_clock::now() + duration;
  for (uint32_t version = 2; std::chrono::steady_clock::now() < end;
       ++version) {
    publish(version);
    if (testing::Test::HasFatalFailure()) break;
    wait_for_grace();
    EXPECT_TRUE(
        publisher.Release(std::move(targets[(version - 1) % kSpans].span))
            .ok());
  }
  stop.store(true, std::memory_order_relaxed);

  StressResult result;
  for (Reader& reader : readers) {
    reader.thread.join();
    result.wrong += reader.wrong;
    result.backwards += reader.backwards;
    result.passes += reader.passes.load(std::memory_order_relaxed);
  }
  for (Target& target : targets) {
    if (!target.span.empty()) {
      EXPECT_TRUE(publisher.Release(std::move(target.span)).ok());
    }
  }
  result.versions = addresses.size();
  std::sort(addresses.begin(), addresses.end());
  result.addresses = static_cast<size_t>(
      std::unique(addresses.begin(), addresses.end()) - addresses.begin());
  result.stats = publisher.stats();
  return result;
}

// More for a long run: PERILUNE_STRESS_SECONDS=600.
std::chrono::seconds StressTime() {
  const char* value = std::getenv("PERILUNE_STRESS_SECONDS");
  return std::chrono::seconds(value != nullptr ? std::atoi(value) : 5);
}

TEST_F(PublicationStressTest, ReadersNeverSeeOldCode) {
  const size_t readers =
      std::max(2u, std::min(8u, std::thread::hardware_concurrency()));
  const StressResult result = Stress(readers, StressTime(), {});
  EXPECT_EQ(result.wrong, 0u);
  EXPECT_EQ(result.backwards, 0u);
  EXPECT_LE(result.addresses, 3u) << "addresses are meant to be reused";
  EXPECT_EQ(result.stats.syncs, result.versions);
  EXPECT_GT(result.passes, result.versions);
  RecordProperty("versions", std::to_string(result.versions));
  RecordProperty("calls", std::to_string(result.passes));
}

TEST_F(PublicationStressTest, ReadersSeeOldCodeWithoutIcIvau) {
  PublicationFaults faults;
  faults.skip_invalidate_instructions = true;
  const StressResult result = Stress(2, std::chrono::seconds(1), faults);
  if (IsEmulatedProcessor()) {
    EXPECT_GT(result.wrong, 0u);
    EXPECT_GT(result.backwards, 0u);
  } else if (result.wrong == 0) {
    GTEST_SKIP() << "this core did not show the missing ic ivau";
  }
}

}  // namespace
}  // namespace perilune::vm::jit
