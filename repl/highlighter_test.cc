#include "repl/highlighter.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace perilune::vm::repl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// The text of each span, with its style.
std::vector<std::pair<std::string, Style>> Spans(std::string_view text) {
  std::vector<std::pair<std::string, Style>> spans;
  for (const StyledSpan& span : Highlight(text)) spans.emplace_back(text.substr(span.begin, span.size), span.style);
  return spans;
}

TEST(HighlighterTest, Tokens) {
  EXPECT_THAT(Spans("local x = 1 + 0x2p1 .. 'a'"),
              ElementsAre(Pair("local", Style::kKeyword), Pair("1", Style::kNumber), Pair("0x2p1", Style::kNumber), Pair("'a'", Style::kString)));
  EXPECT_THAT(Spans("x.y(nil, true)"), ElementsAre(Pair("nil", Style::kConstant), Pair("true", Style::kConstant)));
  EXPECT_THAT(Spans(""), IsEmpty());
  EXPECT_THAT(Spans("\"a\\\"b\" .. [==[c\nd]==]"), ElementsAre(Pair("\"a\\\"b\"", Style::kString), Pair("[==[c\nd]==]", Style::kString)));
}

TEST(HighlighterTest, Comments) {
  EXPECT_THAT(Spans("x -- why\n  --[[ a\nb ]] y"), ElementsAre(Pair("-- why\n  --[[ a\nb ]]", Style::kComment)));
  EXPECT_THAT(Spans("if --[[ no end"), ElementsAre(Pair("if", Style::kKeyword), Pair("--[[ no end", Style::kComment)));
}

TEST(HighlighterTest, UnfinishedText) {
  EXPECT_THAT(Spans("x = 'abc"), ElementsAre(Pair("'abc", Style::kString)));
  EXPECT_THAT(Spans("x = [[abc\n"), ElementsAre(Pair("[[abc\n", Style::kString)));
  EXPECT_THAT(Spans("for 3x do"), ElementsAre(Pair("for", Style::kKeyword), Pair("3x do", Style::kError)));
  EXPECT_THAT(Spans("a ? nil"), ElementsAre(Pair("?", Style::kError), Pair("nil", Style::kConstant)));
  EXPECT_THAT(Spans(std::string_view("\xff\0 nil", 6)),
              ElementsAre(Pair("\xff", Style::kError), Pair(std::string(1, '\0'), Style::kError), Pair("nil", Style::kConstant)));
}

TEST(HighlighterTest, Commands) {
  EXPECT_THAT(Spans(" :time nil"), ElementsAre(Pair(":time", Style::kCommand), Pair("nil", Style::kConstant)));
  EXPECT_THAT(Spans("::time:: nil"), ElementsAre(Pair("nil", Style::kConstant)));
}

// Whatever is typed on the way to a text.
TEST(HighlighterTest, SpansAreInOrderAndWithinAnyText) {
  constexpr std::string_view kText =
      ":time local s = 'a\\z  \n\\x41' .. [==[ ]] ]=] ]==] --[[ c ]] + 0x.8p-1 // 3.e5 ::l:: ~= <const> \"\\u{7FFFFFFF}\" --[=[ x";
  for (size_t begin = 0; begin <= kText.size(); ++begin) {
    for (size_t size = 0; begin + size <= kText.size(); ++size) {
      const std::string_view text = kText.substr(begin, size);
      size_t end = 0;
      for (const StyledSpan& span : Highlight(text)) {
        ASSERT_GE(span.begin, end) << text;
        ASSERT_GT(span.size, 0u) << text;
        end = span.begin + span.size;
      }
      ASSERT_LE(end, text.size()) << text;
    }
  }
}

TEST(HighlighterTest, EscapeSequences) {
  EXPECT_EQ(Colored("x = nil"), "x = \x1B[36mnil\x1B[0m");
  EXPECT_EQ(Colored("no", Style::kError), "\x1B[91mno\x1B[0m");
}

}  // namespace
}  // namespace perilune::vm::repl
