#include "runtime/heap.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "runtime/string_table.h"

namespace perilune {
namespace {

class HeapTest : public testing::Test {
 protected:
  int pressure_ = 0;
  Heap heap_{[](void* test) { ++static_cast<HeapTest*>(test)->pressure_; }, this};

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
  StringTable strings;
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

}  // namespace
}  // namespace perilune
