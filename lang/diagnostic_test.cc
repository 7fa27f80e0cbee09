#include "lang/diagnostic.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace perilune::lang {
namespace {

// Expected names are those of the reference implementation.
TEST(ChunkIdTest, Files) {
  EXPECT_EQ(ChunkId("@file.lua"), "file.lua");
  EXPECT_EQ(ChunkId("@"), "");
  const std::string name(59, 'a');
  EXPECT_EQ(ChunkId("@" + name), name);
  EXPECT_EQ(ChunkId("@" + name + "b"), "..." + std::string(55, 'a') + "b");
}

TEST(ChunkIdTest, Names) {
  EXPECT_EQ(ChunkId("=stdin"), "stdin");
  EXPECT_EQ(ChunkId("="), "");
  EXPECT_EQ(ChunkId("=" + std::string(100, 'a')), std::string(59, 'a'));
}

TEST(ChunkIdTest, Sources) {
  EXPECT_EQ(ChunkId(""), "[string \"\"]");
  EXPECT_EQ(ChunkId("x = 1"), "[string \"x = 1\"]");
  EXPECT_EQ(ChunkId("x = 1\ny = 2"), "[string \"x = 1...\"]");
  EXPECT_EQ(ChunkId("\nx"), "[string \"...\"]");
  EXPECT_EQ(ChunkId(std::string(44, 'a')), "[string \"" + std::string(44, 'a') + "\"]");
  EXPECT_EQ(ChunkId(std::string(45, 'a')), "[string \"" + std::string(45, 'a') + "...\"]");
  EXPECT_EQ(ChunkId(std::string(200, 'a')), "[string \"" + std::string(45, 'a') + "...\"]");
  EXPECT_EQ(ChunkId(std::string(45, 'a') + "\n"), "[string \"" + std::string(45, 'a') + "...\"]");
  EXPECT_EQ(ChunkId("x = '@'"), "[string \"x = '@'\"]");
}

TEST(ChunkIdTest, IsAtMost59Bytes) {
  for (const char* prefix : {"@", "=", ""}) {
    for (size_t length = 0; length < 100; ++length) {
      EXPECT_LE(ChunkId(prefix + std::string(length, 'a')).size(), 59u);
    }
  }
}

TEST(DiagnosticTest, AddPosition) {
  EXPECT_EQ(AddPosition("@a.lua", 12, "oops"), "a.lua:12: oops");
}

TEST(DiagnosticTest, IncompleteChunk) {
  EXPECT_TRUE(IsIncompleteChunk(absl::InvalidArgumentError("x:1: 'end' expected near <eof>")));
  EXPECT_FALSE(IsIncompleteChunk(absl::InvalidArgumentError("x:1: 'end' expected near 'x'")));
  EXPECT_FALSE(IsIncompleteChunk(absl::OkStatus()));
}

}  // namespace
}  // namespace perilune::lang
