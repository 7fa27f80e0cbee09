#include "lang/lexer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "lang/arena.h"
#include "lang/number.h"

namespace perilune::lang {
namespace {

using std::string_view_literals::operator""sv;

std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kInteger:
      return absl::StrCat("i:", token.integer);
    case TokenKind::kFloat:
      return absl::StrCat("f:", FormatNumber(token.number));
    case TokenKind::kName:
      return absl::StrCat("n:", token.string);
    case TokenKind::kString:
      return absl::StrCat("s:", token.string);
    case TokenKind::kUnknown:
      return absl::StrCat("?:", static_cast<int>(static_cast<unsigned char>(token.character)));
    default:
      return std::string(TokenText(token.kind));
  }
}

// The tokens of `source`, separated by spaces, or the error message.
std::string Lex(std::string_view source) {
  Arena arena;
  Lexer lexer(source, "=x", &arena);
  std::vector<std::string> tokens;
  while (lexer.kind() != TokenKind::kEof) {
    tokens.push_back(Describe(lexer.current()));
    lexer.Next();
  }
  return lexer.ok() ? absl::StrJoin(tokens, " ") : std::string(lexer.status().message());
}

// The contents of the one string literal `source`.
std::string LexString(std::string_view source) {
  Arena arena;
  Lexer lexer(source, "=x", &arena);
  EXPECT_TRUE(lexer.ok()) << lexer.status();
  EXPECT_EQ(lexer.kind(), TokenKind::kString);
  std::string result(lexer.current().string);
  lexer.Next();
  EXPECT_EQ(lexer.kind(), TokenKind::kEof);
  return result;
}

TEST(LexerTest, EverySpellingIsItsToken){
#define PERILUNE_EXPECT_TOKEN(name, text)                \
  {                                                      \
    Arena arena;                                         \
    Lexer lexer(text, "=x", &arena);                     \
    EXPECT_EQ(lexer.kind(), TokenKind::k##name) << text; \
    lexer.Next();                                        \
    EXPECT_EQ(lexer.kind(), TokenKind::kEof) << text;    \
  }
#define PERILUNE_IGNORE(name, text)
    PERILUNE_FOR_EACH_TOKEN(PERILUNE_EXPECT_TOKEN, PERILUNE_EXPECT_TOKEN, PERILUNE_IGNORE)
#undef PERILUNE_IGNORE
#undef PERILUNE_EXPECT_TOKEN
}

TEST(LexerTest, LongestSymbolWins) {
  EXPECT_EQ(Lex("a...b..c.d"), "n:a ... n:b .. n:c . n:d");
  EXPECT_EQ(Lex("<<=<"), "<< = <");
  EXPECT_EQ(Lex(">>=>==~=="), ">> = >= = ~= =");
  EXPECT_EQ(Lex("///"), "// /");
  EXPECT_EQ(Lex(":::"), ":: :");
  EXPECT_EQ(Lex("...."), "... .");
}

TEST(LexerTest, Names) {
  EXPECT_EQ(Lex("_ a1 _1 And end_ function"), "n:_ n:a1 n:_1 n:And n:end_ function");
  EXPECT_EQ(Lex("\xc3\xa4"), "?:195 ?:164");
}

TEST(LexerTest, Numerals) {
  EXPECT_EQ(Lex("3 345 0xff 0xBEBADA"), "i:3 i:345 i:255 i:12499674");
  EXPECT_EQ(Lex("3.0 3.1416 314.16e-2 0.31416E1 34e1"), "f:3.0 f:3.1416 f:3.1416 f:3.1416 f:340.0");
  EXPECT_EQ(Lex("0x0.1E 0xA23p-4 0X1.921FB54442D18P+1"),
            "f:0.1171875 f:162.1875 f:3.1415926535898");
  EXPECT_EQ(Lex("9223372036854775807 9223372036854775808"),
            "i:9223372036854775807 f:9.2233720368548e+18");
  EXPECT_EQ(Lex(".5 5. 5.e1"), "f:0.5 f:5.0 f:50.0");
  EXPECT_EQ(Lex("1-2 1e-2-3"), "i:1 - i:2 f:0.01 - i:3");
}

TEST(LexerTest, MalformedNumerals) {
  EXPECT_EQ(Lex("3x"), "x:1: malformed number near '3x'");
  EXPECT_EQ(Lex("1..2"), "x:1: malformed number near '1..2'");
  EXPECT_EQ(Lex("\n0x"), "x:2: malformed number near '0x'");
  EXPECT_EQ(Lex(".0x1"), "x:1: malformed number near '.0x1'");
}

TEST(LexerTest, Escapes) {
  EXPECT_EQ(LexString(R"('\a\b\f\n\r\t\v\\\"\'')"), "\a\b\f\n\r\t\v\\\"'");
  EXPECT_EQ(LexString(R"("\x41\x7a\xFF")"), "Az\xff");
  EXPECT_EQ(LexString(R"("\65\065\0651\0")"), "AAA1\0"sv);
  EXPECT_EQ(LexString("'a\\\nb\\\r\nc\\\n\rd\\\re'"), "a\nb\nc\nd\ne");
  EXPECT_EQ(LexString("'a\\z  \n\t\r\n  b\\zc'"), "abc");
  EXPECT_EQ(LexString("'a\0b'"sv), "a\0b"sv);
}

TEST(LexerTest, Utf8Escapes) {
  EXPECT_EQ(LexString(R"('\u{0}')"), "\0"sv);
  EXPECT_EQ(LexString(R"('\u{7F}\u{80}')"), "\x7f\xc2\x80");
  EXPECT_EQ(LexString(R"('\u{7FF}\u{800}')"), "\xdf\xbf\xe0\xa0\x80");
  EXPECT_EQ(LexString(R"('\u{FFFF}\u{10000}')"), "\xef\xbf\xbf\xf0\x90\x80\x80");
  EXPECT_EQ(LexString(R"('\u{1FFFFF}\u{200000}')"), "\xf7\xbf\xbf\xbf\xf8\x88\x80\x80\x80");
  EXPECT_EQ(LexString(R"('\u{3FFFFFF}\u{4000000}')"),
            "\xfb\xbf\xbf\xbf\xbf\xfc\x84\x80\x80\x80\x80");
  EXPECT_EQ(LexString(R"('\u{7FFFFFFF}\u{0000000041}')"),
            "\xfd\xbf\xbf\xbf\xbf\xbf"
            "A");
}

TEST(LexerTest, LongStrings) {
  EXPECT_EQ(LexString("[[abc]]"), "abc");
  EXPECT_EQ(LexString("[[]]"), "");
  EXPECT_EQ(LexString("[[\n\na\r\nb\n\rc\rd]]"), "\na\nb\nc\nd");
  EXPECT_EQ(LexString("[==[a]]b]=]c]==]"), "a]]b]=]c");
  EXPECT_EQ(LexString("[=[]]=]"), "]");
  EXPECT_EQ(LexString("[[\\n]]"), "\\n");
  EXPECT_EQ(Lex("a[[[b]]]"), "n:a s:[b ]");
  EXPECT_EQ(Lex("a[b[1]]"), "n:a [ n:b [ i:1 ] ]");
}

TEST(LexerTest, LongContentsAreNotCut) {
  const std::string text(100'000, 'y');
  EXPECT_EQ(LexString("'" + text + "'"), text);
  EXPECT_EQ(LexString("'\\120" + text + "'"), "x" + text);
  EXPECT_EQ(LexString("[[" + text + "]]"), text);
}

TEST(LexerTest, Comments) {
  EXPECT_EQ(Lex("a--b\nc"), "n:a n:c");
  EXPECT_EQ(Lex("a--[[b\n]]c"), "n:a n:c");
  EXPECT_EQ(Lex("a--[==[b]]\n]==]c"), "n:a n:c");
  EXPECT_EQ(Lex("a--[==b\nc"), "n:a n:c");
  EXPECT_EQ(Lex("a--[ [b\nc--"), "n:a n:c");
  EXPECT_EQ(Lex("---[[b\nc"), "n:c");
}

TEST(LexerTest, CountsLines) {
  Arena arena;
  Lexer lexer("a\nb\r\nc\n\rd\re\n\nf '\\\n' [[\n\n]]", "=x", &arena);
  const int32_t lines[] = {1, 2, 3, 4, 5, 7, 8, 10};
  for (const int32_t line : lines) {
    EXPECT_EQ(lexer.line(), line);
    lexer.Next();
    EXPECT_EQ(lexer.last_line(), line);
  }
  EXPECT_EQ(lexer.kind(), TokenKind::kEof);
}

TEST(LexerTest, PeekKeepsTheCurrentToken) {
  Arena arena;
  Lexer lexer("a = 'b'", "=x", &arena);
  EXPECT_EQ(lexer.Peek(), TokenKind::kAssign);
  EXPECT_EQ(lexer.current().string, "a");
  lexer.Next();
  EXPECT_EQ(lexer.kind(), TokenKind::kAssign);
  lexer.Next();
  EXPECT_EQ(lexer.current().string, "b");
}

TEST(LexerTest, NothingButEofAfterAnError) {
  Arena arena;
  Lexer lexer("a b c", "=x", &arena);
  lexer.SemanticError("first");
  EXPECT_EQ(lexer.kind(), TokenKind::kEof);
  lexer.SyntaxError("second");
  lexer.Next();
  EXPECT_EQ(lexer.kind(), TokenKind::kEof);
  EXPECT_EQ(lexer.Peek(), TokenKind::kEof);
  EXPECT_EQ(lexer.status().message(), "x:1: first");
}

TEST(LexerTest, EqualTextsAreStoredOnce) {
  Arena arena;
  Lexer lexer("abc abc 'abc'", "=x", &arena);
  const char* const first = lexer.current().string.data();
  lexer.Next();
  EXPECT_EQ(lexer.current().string.data(), first);
  lexer.Next();
  EXPECT_EQ(lexer.current().string.data(), first);
  EXPECT_EQ(lexer.Intern("abc").data(), first);
}

TEST(LexerTest, TokensOutliveTheSource) {
  Arena arena;
  std::string source = "name";
  Lexer lexer(source, "=x", &arena);
  const std::string_view name = lexer.current().string;
  source = "gone";
  EXPECT_EQ(name, "name");
}

TEST(SkipFileHeaderTest, ShebangAndByteOrderMark) {
  EXPECT_EQ(SkipFileHeader("x = 1"), "x = 1");
  EXPECT_EQ(SkipFileHeader("#!/usr/bin/lua\nx = 1"), "\nx = 1");
  EXPECT_EQ(SkipFileHeader("# only"), "");
  EXPECT_EQ(SkipFileHeader("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(SkipFileHeader("\xEF\xBB\xBF#!lua\nx"), "\nx");
  EXPECT_EQ(SkipFileHeader(""), "");
  EXPECT_EQ(SkipFileHeader("\n#x"), "\n#x");
}

}  // namespace
}  // namespace perilune::lang
