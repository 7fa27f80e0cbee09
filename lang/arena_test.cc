#include "lang/arena.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace perilune::lang {
namespace {

struct Node {
  int64_t value = 0;
  const Node* next = nullptr;
};

TEST(ArenaTest, NewInitialisesMembers) {
  Arena arena;
  EXPECT_EQ(arena.New<Node>()->value, 0);
  EXPECT_EQ(arena.New<Node>(7)->value, 7);
}

TEST(ArenaTest, ObjectsAreAlignedAndStayInPlace) {
  Arena arena;
  std::vector<Node*> nodes;
  for (int64_t i = 0; i < 100'000; ++i) {
    arena.New<char>('x');  // spoils the alignment
    nodes.push_back(arena.New<Node>(i));
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(nodes[i]) % alignof(Node), 0u);
    EXPECT_EQ(nodes[i]->value, static_cast<int64_t>(i));
  }
}

TEST(ArenaTest, CopiesSpansAndStrings) {
  Arena arena;
  std::vector<int> numbers = {1, 2, 3};
  const std::span<int> copy = arena.CopySpan(std::span<const int>(numbers));
  numbers[0] = 9;
  EXPECT_EQ(copy[0], 1);
  EXPECT_TRUE(arena.CopySpan(std::span<const int>()).empty());
  EXPECT_EQ(arena.CopyString("abc"), "abc");
  EXPECT_EQ(arena.CopyString(""), "");
}

TEST(ArenaTest, HoldsObjectsLargerThanABlock) {
  Arena arena;
  const std::string text(size_t{5} << 20, 'a');
  const std::string_view first = arena.CopyString(text);
  const std::string_view second = arena.CopyString("b");
  EXPECT_EQ(first, text);
  EXPECT_EQ(second, "b");
}

TEST(ArenaTest, MovingKeepsObjects) {
  Arena arena;
  const std::string_view text = arena.CopyString("kept");
  const Arena other = std::move(arena);
  EXPECT_EQ(text, "kept");
}

}  // namespace
}  // namespace perilune::lang
