// What is written can be read back; what is not a chunk, is cut or damaged, is refused.

#include "lang/binary_chunk.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/bytecode_printer.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kProgram = R"(
local a, b <const>, c = 1, 2.5, ("x"):rep(3)
local function f(x, ...)
  for i = 1, 10 do a = a + i end
  for k, v in pairs{...} do c = c .. k end
  return function(y) return x and y, a, nil, true, -0.0, 9223372036854775807, "a\0b" end
end
while a < 100 do a = f(a)(c) end
return b
)";

std::string MessageOf(std::string_view bytes, std::string_view name = "=name") {
  const auto read = ReadBinaryChunk(bytes, name);
  return read.ok() ? "" : std::string(read.status().message());
}

TEST(BinaryChunkTest, RoundTrip) {
  const auto proto = CompileOrDie(kProgram);
  const auto read = ReadBinaryChunk(WriteBinaryChunk(*proto, false), "=other");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(PrintBytecode(**read), PrintBytecode(*proto));
  EXPECT_EQ(*(*read)->source, "=test");
  EXPECT_EQ(*(*read)->children[0]->source, "=test");
  EXPECT_EQ(WriteBinaryChunk(**read, false), WriteBinaryChunk(*proto, false));
}

TEST(BinaryChunkTest, StrippedChunksHaveNoDebugInformation) {
  const auto proto = CompileOrDie(kProgram);
  const auto read = ReadBinaryChunk(WriteBinaryChunk(*proto, true), "=other");
  ASSERT_TRUE(read.ok()) << read.status();
  const Proto& main = **read;
  EXPECT_EQ(main.code, proto->code);
  EXPECT_EQ(main.constants, proto->constants);
  EXPECT_EQ(*main.source, "=?");
  EXPECT_EQ(main.lines[0], -1);
  EXPECT_TRUE(main.locals.empty());
  EXPECT_EQ(main.upvalues[0].name, "");
  EXPECT_EQ(main.children[0]->line_defined, proto->children[0]->line_defined);
}

TEST(BinaryChunkTest, NestedFunctionsCanBeWritten) {
  const auto proto = CompileOrDie(kProgram);
  const auto read = ReadBinaryChunk(WriteBinaryChunk(*proto->children[0], false), "=other");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(PrintBytecode(**read), PrintBytecode(*proto->children[0]));
}

TEST(BinaryChunkTest, EveryPrefixIsTruncated) {
  const std::string bytes = WriteBinaryChunk(*CompileOrDie(kProgram), false);
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_EQ(MessageOf(std::string_view(bytes).substr(0, n)), "name: bad binary format (truncated chunk)") << n;
  }
  EXPECT_EQ(MessageOf(absl::StrCat(bytes, "x")), "name: bad binary format (corrupted chunk)");
}

TEST(BinaryChunkTest, MessagesNameTheChunk) {
  EXPECT_EQ(MessageOf("\x1bL", "@file"), "file: bad binary format (truncated chunk)");
  EXPECT_EQ(MessageOf("\x1bLxx", "text"), "text: bad binary format (not a binary chunk)");
  EXPECT_EQ(MessageOf("\x1bLua\x53", "\x1bLua\x53"), "binary string: bad binary format (version mismatch)");
}

TEST(BinaryChunkTest, DamageIsFound) {
  const std::string bytes = WriteBinaryChunk(*CompileOrDie(kProgram), false);
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const int change : {1, 0x10, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      const auto read = ReadBinaryChunk(damaged, "=name");
      ASSERT_FALSE(read.ok()) << i;
      EXPECT_TRUE(absl::StartsWith(read.status().message(), "name: bad binary format (")) << read.status();
    }
  }
}

}  // namespace
}  // namespace perilune::lang
