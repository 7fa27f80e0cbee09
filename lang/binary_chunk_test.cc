#include "lang/binary_chunk.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kSource = R"lua(
local a, b = 1, 2.5
local t = { a, b, "text", nil, true, x = { -1, 0x7fffffffffffffff, 1e300 } }
function t.f(p, q, ...)
  for i = 1, 10 do a = a + i end
  for k, v in pairs(t) do print(k, v) end
  return function() return p .. a, ... == nil end
end
)lua";

std::shared_ptr<const Proto> LoadOrDie(std::string_view bytes) {
  absl::StatusOr<std::shared_ptr<const Proto>> proto = LoadProto(bytes, "=test");
  EXPECT_TRUE(proto.ok()) << proto.status();
  return proto.ok() ? *std::move(proto) : nullptr;
}

TEST(BinaryChunkTest, WhatIsReadIsWhatWasWritten) {
  const auto proto = CompileOrDie("local a = ... return function(x) return x + a end");
  const auto copy = LoadOrDie(DumpProto(*proto, false));
  EXPECT_EQ(copy->code, proto->code);
  EXPECT_EQ(copy->lines, proto->lines);
  EXPECT_EQ(copy->constants, proto->constants);
  EXPECT_EQ(*copy->source, *proto->source);
  EXPECT_EQ(copy->locals.size(), proto->locals.size());
  ASSERT_EQ(copy->children.size(), 1u);
  EXPECT_EQ(copy->children[0]->code, proto->children[0]->code);
  EXPECT_EQ(copy->children[0]->upvalues[0].name, "a");
  EXPECT_EQ(copy->children[0]->source, copy->source);
}

TEST(BinaryChunkTest, DumpsOfCopiesAreTheSame) {
  const std::string whole = DumpProto(*CompileOrDie(kSource), false);
  EXPECT_EQ(DumpProto(*LoadOrDie(whole), false), whole);
  const std::string stripped = DumpProto(*CompileOrDie(kSource), true);
  EXPECT_EQ(DumpProto(*LoadOrDie(stripped), true), stripped);
  EXPECT_EQ(DumpProto(*LoadOrDie(whole), true), stripped);
  EXPECT_LT(stripped.size(), whole.size());
}

TEST(BinaryChunkTest, StrippedFunctionsHaveNoDebugInformation) {
  const auto proto = LoadOrDie(DumpProto(*CompileOrDie(kSource), true));
  EXPECT_EQ(*proto->source, "=?");
  EXPECT_TRUE(proto->locals.empty());
  for (const int32_t line : proto->lines) EXPECT_EQ(line, -1);
  EXPECT_EQ(proto->upvalues[0].name, "");
}

TEST(BinaryChunkTest, EveryTruncationIsFound) {
  const std::string chunk = DumpProto(*CompileOrDie(kSource), false);
  for (size_t size = 0; size < chunk.size(); ++size) {
    const auto proto = LoadProto(std::string_view(chunk).substr(0, size), "@cut");
    ASSERT_FALSE(proto.ok()) << size;
    EXPECT_EQ(proto.status().message(), "cut: bad binary format (truncated chunk)") << size;
  }
}

TEST(BinaryChunkTest, EveryChangedByteIsFound) {
  std::string chunk = DumpProto(*CompileOrDie(kSource), false);
  for (char& c : chunk) {
    const char old = c;
    for (const int change : {1, 0x10, 0x80, 0xff}) {
      c = static_cast<char>(old ^ change);
      EXPECT_FALSE(LoadProto(chunk, "x").ok());
    }
    c = old;
  }
  EXPECT_TRUE(LoadProto(chunk, "x").ok());
}

}  // namespace
}  // namespace perilune::lang
