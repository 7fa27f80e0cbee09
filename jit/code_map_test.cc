#include "jit/code_map.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace perilune::vm::jit {
namespace {

TEST(PcMapTest, FindsTheEntryThatCoversAnOffset) {
  PcMapBuilder builder;
  builder.Add(8, 0);
  builder.Add(20, 1);
  builder.Add(24, 2);
  builder.Add(100'000, 1);  // slow path of 1, out of line
  const PcMap map = builder.Build();
  EXPECT_EQ(map.BytecodeAt(0), std::nullopt);
  EXPECT_EQ(map.BytecodeAt(8), 0u);
  EXPECT_EQ(map.BytecodeAt(16), 0u);
  EXPECT_EQ(map.BytecodeAt(20), 1u);
  EXPECT_EQ(map.BytecodeAt(99'996), 2u);
  EXPECT_EQ(map.BytecodeAt(200'000), 1u);
  EXPECT_EQ(map.BytecodeOfReturnAddress(20), 0u);
  EXPECT_EQ(map.BytecodeOfReturnAddress(24), 1u);
  EXPECT_EQ(map.BytecodeOfReturnAddress(0), std::nullopt);
  EXPECT_EQ(map.NativeOf(1), 20u) << "the hot path comes first";
  EXPECT_EQ(map.NativeOf(3), std::nullopt);
}

TEST(PcMapTest, IsSmallAndKeepsEntries) {
  PcMapBuilder builder;
  std::vector<PcMap::Entry> expected;
  for (uint32_t i = 0; i < 1000; ++i) {
    builder.Add(i * 24, i);
    expected.push_back({i * 24, i});
  }
  builder.Add(1 << 20, 7);  // back by a lot
  expected.push_back({1 << 20, 7});
  builder.Add((1 << 20) + 4, 0xffffffff);
  expected.push_back({(1 << 20) + 4, 0xffffffff});
  const PcMap map = builder.Build();
  EXPECT_EQ(map.Entries(), expected);
  EXPECT_LE(map.size_bytes(), 2u * 1000 + 12);
  EXPECT_TRUE(builder.Build().Entries().empty()) << "the builder starts over";
}

TEST(PcMapTest, BytecodesWithoutCodeLeaveNoEntry) {
  PcMapBuilder builder;
  builder.Add(0, 0);
  builder.Add(8, 1);  // emits nothing
  builder.Add(8, 2);
  builder.Add(16, 2);  // says nothing new
  EXPECT_EQ(builder.Build().Entries(),
            (std::vector<PcMap::Entry>{{0, 0}, {8, 2}}));
}

std::shared_ptr<const CodeRecord> Record(uintptr_t address, size_t size) {
  auto record = std::make_shared<CodeRecord>();
  record->address = address;
  record->size = size;
  return record;
}

TEST(CodeMapTest, FindsByAnyAddressInside) {
  CodeMap map;
  ASSERT_TRUE(map.Add(Record(0x1000, 64)).ok());
  ASSERT_TRUE(map.Add(Record(0x1040, 128)).ok());
  EXPECT_EQ(map.Find(0xfff), nullptr);
  EXPECT_EQ(map.Find(0x1000)->address, 0x1000u);
  EXPECT_EQ(map.Find(0x103f)->address, 0x1000u);
  EXPECT_EQ(map.Find(0x1040)->address, 0x1040u);
  EXPECT_EQ(map.Find(0x10bf)->address, 0x1040u);
  EXPECT_EQ(map.Find(0x10c0), nullptr);
  EXPECT_EQ(map.Records().size(), 2u);
}

TEST(CodeMapTest, RefusesOverlapAndUnknownRemoval) {
  CodeMap map;
  ASSERT_TRUE(map.Add(Record(0x1000, 64)).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(map.Add(Record(0x1000, 64))));
  EXPECT_TRUE(absl::IsAlreadyExists(map.Add(Record(0x103c, 64))));
  EXPECT_TRUE(absl::IsAlreadyExists(map.Add(Record(0xfc4, 64))));
  EXPECT_TRUE(absl::IsInvalidArgument(map.Add(Record(0x2000, 0))));
  EXPECT_TRUE(absl::IsNotFound(map.Remove(0x1004)));
  EXPECT_TRUE(map.Remove(0x1000).ok());
  EXPECT_TRUE(absl::IsNotFound(map.Remove(0x1000)));
  EXPECT_TRUE(map.Add(Record(0xfc4, 64)).ok());
}

TEST(CodeMapTest, RecordOutlivesItsRemovalWhileRead) {
  CodeMap map;
  ASSERT_TRUE(map.Add(Record(0x1000, 64)).ok());
  const std::shared_ptr<const CodeRecord> held = map.Find(0x1010);
  ASSERT_TRUE(map.Remove(0x1000).ok());
  EXPECT_EQ(map.Find(0x1010), nullptr);
  EXPECT_EQ(held->size, 64u);
}

TEST(CodeMapTest, ReadersAndWriterMayOverlap) {
  CodeMap map;
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      // Relaxed: only ends the loop.
      while (!stop.load(std::memory_order_relaxed)) {
        for (uintptr_t pc = 0x1000; pc < 0x3000; pc += 60) {
          const auto record = map.Find(pc);
          if (record != nullptr) ASSERT_TRUE(record->Contains(pc));
        }
      }
    });
  }
  for (int round = 0; round < 50; ++round) {
    for (uintptr_t a = 0x1000; a < 0x3000; a += 64) {
      ASSERT_TRUE(map.Add(Record(a, 64)).ok());
    }
    for (uintptr_t a = 0x1000; a < 0x3000; a += 64) {
      ASSERT_TRUE(map.Remove(a).ok());
    }
  }
  stop.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace perilune::vm::jit
