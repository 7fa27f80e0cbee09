#include "runtime/heap.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "runtime/string_table.h"

namespace perilune::vm {
namespace {

class HeapTest : public testing::Test {
 protected:
  // A cycle that finds alive only what is in `live_`.
  void Collect() {
    ++collections_;
    heap_.BeginMarking();
    for (Object* o : live_) heap_.Mark(o);
    heap_.EndMarking(/*trim=*/true);
  }

  int pressure_ = 0;
  int collections_ = 0;
  std::vector<Object*> live_;
  Heap heap_{{.context = this,
              .on_pressure = [](void* test) { ++static_cast<HeapTest*>(test)->pressure_; },
              .collect = [](void* test) { static_cast<HeapTest*>(test)->Collect(); }}};

  Object* New(size_t size) { return static_cast<Object*>(heap_.Allocate(size, ObjectType::kStorage)); }
  static uintptr_t Address(const Object* o) { return reinterpret_cast<uintptr_t>(o); }
};

TEST_F(HeapTest, FindsObjectsByAnyAddressInThem) {
  for (const size_t size : {16u, 24u, 512u, 640u, 4096u, 100000u}) {
    Object* o = New(size);
    heap_.BeginMarking();
    EXPECT_EQ(heap_.FindObject(Address(o)), o);
    EXPECT_EQ(heap_.FindObject(Address(o) + size - 1), o);
    EXPECT_NE(heap_.FindObject(Address(o) - 1), o);
    heap_.Mark(o);
    heap_.EndMarking();
  }
  int on_the_stack = 0;
  heap_.BeginMarking();
  EXPECT_EQ(heap_.FindObject(reinterpret_cast<uintptr_t>(&on_the_stack)), nullptr);
  EXPECT_EQ(heap_.FindObject(0), nullptr);
  heap_.EndMarking();
}

TEST_F(HeapTest, SweepsWhatIsNotMarkedAndReusesItsCells) {
  std::vector<Object*> objects;
  for (int i = 0; i < 5000; ++i) objects.push_back(New(64));
  heap_.BeginMarking();
  for (size_t i = 0; i < objects.size(); i += 2) EXPECT_TRUE(heap_.Mark(objects[i]));
  EXPECT_FALSE(heap_.Mark(objects[0]));
  heap_.EndMarking();
  const std::set<Object*> live = [&] {
    std::set<Object*> s;
    for (size_t i = 0; i < objects.size(); i += 2) s.insert(objects[i]);
    return s;
  }();
  std::set<Object*> dead(objects.begin(), objects.end());
  for (Object* o : live) dead.erase(o);
  int reused = 0;
  for (int i = 0; i < 2500; ++i) {
    Object* o = New(64);
    EXPECT_FALSE(live.contains(o));
    reused += dead.contains(o) ? 1 : 0;
  }
  EXPECT_GT(reused, 2000);
}

TEST_F(HeapTest, FreedLargeObjectsAreGone) {
  const size_t before = heap_.bytes_in_use();
  Object* o = New(1 << 20);
  EXPECT_GE(heap_.bytes_in_use(), before + (1 << 20));
  heap_.Free(o);
  EXPECT_EQ(heap_.bytes_in_use(), before);
}

TEST_F(HeapTest, SaysWhenItsBudgetIsUsedUp) {
  for (int i = 0; i < 100 && pressure_ == 0; ++i) New(100000);
  EXPECT_GT(pressure_, 0);
}

TEST_F(HeapTest, StringsAreInternedOnceAndPurgedWhenDead) {
  StringTable strings(heap_);
  String* kept = strings.Intern(heap_, "kept");
  EXPECT_EQ(strings.Intern(heap_, "kept"), kept);
  EXPECT_NE(strings.Intern(heap_, "Kept"), kept);
  EXPECT_EQ(strings.Intern(heap_, "")->length, 0u);
  for (int i = 0; i < 5000; ++i) strings.Intern(heap_, std::to_string(i));
  heap_.BeginMarking();
  heap_.Mark(kept);
  strings.Purge(heap_);
  heap_.EndMarking();
  EXPECT_EQ(strings.Intern(heap_, "kept"), kept);
  EXPECT_EQ(strings.Intern(heap_, "4999")->view(), "4999");
}

// ---- Limits.

constexpr size_t kLimit = 8 << 20;

TEST_F(HeapTest, RefusesLargeRequestsBeyondTheLimitUnlessACollectionHelps) {
  heap_.set_max_bytes(kLimit);
  live_.push_back(static_cast<Object*>(heap_.TryAllocate(kLimit / 2, ObjectType::kString)));
  ASSERT_NE(live_[0], nullptr);
  EXPECT_EQ(collections_, 0);
  EXPECT_EQ(heap_.TryAllocate(kLimit / 2, ObjectType::kString), nullptr);
  EXPECT_EQ(collections_, 1);
  EXPECT_FALSE(heap_.TryCharge(kLimit / 2));
  EXPECT_FALSE(heap_.exhausted());
  live_.clear();
  EXPECT_NE(heap_.TryAllocate(kLimit / 2, ObjectType::kString), nullptr);
  EXPECT_LE(heap_.bytes_in_use(), kLimit);
}

TEST_F(HeapTest, RefusesWhatNoMachineHas) {
  EXPECT_EQ(heap_.TryAllocate(size_t{1} << 50, ObjectType::kString), nullptr);
  EXPECT_FALSE(heap_.TryReserve(size_t{1} << 50));
  EXPECT_EQ(heap_.bytes_in_use(), 0u);
  EXPECT_FALSE(heap_.exhausted());
}

TEST_F(HeapTest, GrantsSmallRequestsOfTheSlackAndSaysSo) {
  heap_.set_max_bytes(kLimit);
  while (!heap_.exhausted()) live_.push_back(New(64));
  EXPECT_GT(pressure_, 0);
  EXPECT_LE(heap_.bytes_in_use(), kLimit);
  Collect();
  EXPECT_TRUE(heap_.exhausted());  // that did not help
  // The error is raised; its handlers may use the rest.
  heap_.BeginGrace();
  EXPECT_FALSE(heap_.exhausted());
  const size_t before = live_.size();
  while (!heap_.exhausted()) live_.push_back(New(64));
  EXPECT_GT(live_.size() - before, 1000u);
  EXPECT_GE(heap_.bytes_in_use(), kLimit);
  EXPECT_LE(heap_.bytes_in_use(), kLimit + 1000);
  // What was freed can be used again, and the slack is kept back again.
  live_.resize(1000);
  Collect();
  EXPECT_FALSE(heap_.exhausted());
  while (!heap_.exhausted()) live_.push_back(New(64));
  EXPECT_LT(heap_.bytes_in_use(), kLimit);
}

TEST_F(HeapTest, CountsWhatIsOwnedOutside) {
  const size_t before = heap_.bytes_in_use();
  heap_.Charge(1000);
  EXPECT_TRUE(heap_.TryCharge(500));
  EXPECT_EQ(heap_.bytes_in_use(), before + 1500);
  Collect();
  EXPECT_EQ(heap_.bytes_in_use(), 1500u);
  heap_.Discharge(1500);
  EXPECT_EQ(heap_.bytes_in_use(), 0u);
}

TEST_F(HeapTest, RefusalsByTheHostExhaustIt) {
  heap_.NoteRefusal();
  EXPECT_TRUE(heap_.exhausted());
  EXPECT_GT(pressure_, 0);
  heap_.BeginGrace();
  EXPECT_FALSE(heap_.exhausted());
  heap_.NoteRefusal();
  heap_.BeginGrace();
  EXPECT_TRUE(heap_.exhausted());  // there is no reserve any more
  Collect();
  EXPECT_FALSE(heap_.exhausted());  // the host has some again
}

TEST_F(HeapTest, ReturnsMemoryToTheHost) {
  for (int i = 0; i < 1'000'000; ++i) live_.push_back(New(64));
  Object* kept = live_[500'000];
  live_ = {kept};
  Collect();
  // Many chunks are gone, but not the one in use.
  heap_.BeginMarking();
  EXPECT_EQ(heap_.FindObject(Address(kept)), kept);
  heap_.Mark(kept);
  heap_.EndMarking();
  for (int i = 0; i < 100'000; ++i) EXPECT_NE(New(64), kept);
}

}  // namespace
}  // namespace perilune::vm
