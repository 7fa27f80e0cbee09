// Parser errors: every faulty snippet gets the message that lua5.4 (5.4.4) gives it, byte for byte.

#include "lang/parser.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/diagnostic.h"
#include "lang/limits.h"

namespace perilune::lang {
namespace {

// The error message for `source`, or "ok".
std::string ErrorOf(std::string_view source) {
  const absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, "=x");
  return ast.ok() ? "ok" : std::string(ast.status().message());
}

std::string Repeat(std::string_view text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result.append(text);
  return result;
}

// "a1,a2,...": `count` names.
std::string Names(std::string_view prefix, int count, std::string_view separator = ",") {
  std::string result;
  for (int i = 1; i <= count; ++i) absl::StrAppend(&result, i > 1 ? separator : "", prefix, i);
  return result;
}

struct Fault {
  std::string_view source;
  std::string_view message;
};

constexpr Fault kFaults[] = {
    {"x = 'abc", "x:1: unfinished string near <eof>"},
    {"x = 'abc\ndef'", "x:1: unfinished string near ''abc'"},
    {"x = \"abc\\", "x:1: unfinished string near <eof>"},
    {"x = 'abc\\q'", "x:1: invalid escape sequence near ''abc\\q'"},
    {"x = '\\400'", "x:1: decimal escape too large near ''\\400''"},
    {"x = '\\xg1'", "x:1: hexadecimal digit expected near ''\\xg'"},
    {"x = '\\x1g'", "x:1: hexadecimal digit expected near ''\\x1g'"},
    {"x = '\\x", "x:1: hexadecimal digit expected near ''\\x'"},
    {"x = '\\u0041'", "x:1: missing '{' near ''\\u0'"},
    {"x = '\\u{g}'", "x:1: hexadecimal digit expected near ''\\u{g'"},
    {"x = '\\u{41'", "x:1: missing '}' near ''\\u{41''"},
    {"x = '\\u{80000000}'", "x:1: UTF-8 value too large near ''\\u{80000000'"},
    {"x = '\\u{}'", "x:1: hexadecimal digit expected near ''\\u{}'"},
    {"x = [[abc\n\n", "x:3: unfinished long string (starting at line 1) near <eof>"},
    {"x = [==[abc]=]", "x:1: unfinished long string (starting at line 1) near <eof>"},
    {"--[[ abc\n", "x:2: unfinished long comment (starting at line 1) near <eof>"},
    {"--[==[", "x:1: unfinished long comment (starting at line 1) near <eof>"},
    {"x = [=abc", "x:1: invalid long string delimiter near '[='"},
    {"x = [==", "x:1: invalid long string delimiter near '[=='"},
    {"x = 3x", "x:1: malformed number near '3x'"},
    {"x = 0x", "x:1: malformed number near '0x'"},
    {"x = 1e", "x:1: malformed number near '1e'"},
    {"x = 1e+", "x:1: malformed number near '1e+'"},
    {"x = 0x1p", "x:1: malformed number near '0x1p'"},
    {"x = 1..2", "x:1: malformed number near '1..2'"},
    {"x = 3.4.5", "x:1: malformed number near '3.4.5'"},
    {"x = .0x10", "x:1: malformed number near '.0x10'"},
    {"x = 08_1", "x:1: malformed number near '08_'"},
    {"x = 0xep1p2", "x:1: malformed number near '0xep1p2'"},
    {"x = $", "x:1: unexpected symbol near '$'"},
    {"x = \001", "x:1: unexpected symbol near '<\\1>'"},
    {"x = \351", "x:1: unexpected symbol near '<\\233>'"},
    {"x = @y", "x:1: unexpected symbol near '@'"},
    {"x = !y", "x:1: unexpected symbol near '!'"},
    {"x = 'a\\65b' 'c\\66d'", "x:1: unexpected symbol near ''cBd''"},
    {"x = [[\na\nb]] [==[ c ]==]", "x:3: unexpected symbol near '[==[ c ]==]'"},
    {"x = 1 2", "x:1: unexpected symbol near '2'"},
    {"x = 1.5e3 0x7F", "x:1: unexpected symbol near '0x7F'"},
    {"x \\ y", "x:1: syntax error near '\\'"},
    {"a ? b", "x:1: syntax error near '?'"},
    {"x = `y`", "x:1: unexpected symbol near '`'"},
    {"x =", "x:1: unexpected symbol near <eof>"},
    {"x = }", "x:1: unexpected symbol near '}'"},
    {"x = )", "x:1: unexpected symbol near ')'"},
    {"x = a +", "x:1: unexpected symbol near <eof>"},
    {"x = - ", "x:1: unexpected symbol near <eof>"},
    {"x = not", "x:1: unexpected symbol near <eof>"},
    {"x = a..", "x:1: unexpected symbol near <eof>"},
    {"x = (1", "x:1: ')' expected near <eof>"},
    {"x = (\n1\n", "x:3: ')' expected (to close '(' at line 1) near <eof>"},
    {"x = {1, 2", "x:1: '}' expected near <eof>"},
    {"x = {\n1, 2", "x:2: '}' expected (to close '{' at line 1) near <eof>"},
    {"x = {1 2}", "x:1: '}' expected near '2'"},
    {"x = {a b}", "x:1: '}' expected near 'b'"},
    {"x = {[1 = 2}", "x:1: ']' expected near '='"},
    {"x = {[1] 2}", "x:1: '=' expected near '2'"},
    {"x = {a = }", "x:1: unexpected symbol near '}'"},
    {"x = {,}", "x:1: unexpected symbol near ','"},
    {"x = {1,,2}", "x:1: unexpected symbol near ','"},
    {"x = {;}", "x:1: unexpected symbol near ';'"},
    {"f(", "x:1: unexpected symbol near <eof>"},
    {"f(1", "x:1: ')' expected near <eof>"},
    {"f(\n1", "x:2: ')' expected (to close '(' at line 1) near <eof>"},
    {"f\n(1", "x:2: ')' expected (to close '(' at line 1) near <eof>"},
    {"f(1,", "x:1: unexpected symbol near <eof>"},
    {"f(1,)", "x:1: unexpected symbol near ')'"},
    {"f(,1)", "x:1: unexpected symbol near ','"},
    {"f(1 2)", "x:1: ')' expected near '2'"},
    {"a.1 = 2", "x:1: syntax error near '.1'"},
    {"a. = 2", "x:1: <name> expected near '='"},
    {"a.end = 2", "x:1: <name> expected near 'end'"},
    {"a[1 = 2", "x:1: ']' expected near '='"},
    {"a[] = 2", "x:1: unexpected symbol near ']'"},
    {"a:b", "x:1: function arguments expected near <eof>"},
    {"a:b = 1", "x:1: function arguments expected near '='"},
    {"a:1()", "x:1: <name> expected near '1'"},
    {"a:b.c()", "x:1: function arguments expected near '.'"},
    {"x = a:b", "x:1: function arguments expected near <eof>"},
    {"f{1", "x:1: '}' expected near <eof>"},
    {"function f() return ... end", "x:1: cannot use '...' outside a vararg function near '...'"},
    {"x = function(...) return function() return ... end end",
     "x:1: cannot use '...' outside a vararg function near '...'"},
    {"x = function 1", "x:1: '(' expected near '1'"},
    {"x = function(a", "x:1: ')' expected near <eof>"},
    {"x = function(a,) end", "x:1: <name> or '...' expected near ')'"},
    {"x = function(..., a) end", "x:1: ')' expected near ','"},
    {"x = function(1) end", "x:1: <name> or '...' expected near '1'"},
    {"x = function()", "x:1: 'end' expected near <eof>"},
    {"x = function()\n\n", "x:3: 'end' expected (to close 'function' at line 1) near <eof>"},
    {"x = a == b c", "x:1: syntax error near <eof>"},
    {"x = 1 = 2", "x:1: unexpected symbol near '='"},
    {"x = a < b < ", "x:1: unexpected symbol near <eof>"},
    {"x = # ", "x:1: unexpected symbol near <eof>"},
    {"x = ~", "x:1: unexpected symbol near <eof>"},
    {"a", "x:1: syntax error near <eof>"},
    {"a,b", "x:1: '=' expected near <eof>"},
    {"a b", "x:1: syntax error near 'b'"},
    {"a.b", "x:1: syntax error near <eof>"},
    {"a[1]", "x:1: syntax error near <eof>"},
    {"(a)", "x:1: syntax error near <eof>"},
    {"f() = 1", "x:1: syntax error near '='"},
    {"(a) = 1", "x:1: syntax error near '='"},
    {"a, f() = 1, 2", "x:1: syntax error near '='"},
    {"a, (b) = 1", "x:1: syntax error near '='"},
    {"1 = 2", "x:1: unexpected symbol near '1'"},
    {"'x' = 2", "x:1: unexpected symbol near ''x''"},
    {"'x'.y = 2", "x:1: unexpected symbol near ''x''"},
    {"a = 1 b", "x:1: syntax error near <eof>"},
    {"a + 1", "x:1: syntax error near '+'"},
    {"nil = 1", "x:1: unexpected symbol near 'nil'"},
    {"... = 1", "x:1: unexpected symbol near '...'"},
    {"a = = 1", "x:1: unexpected symbol near '='"},
    {"= 1", "x:1: unexpected symbol near '='"},
    {"a,= 1", "x:1: unexpected symbol near '='"},
    {", a = 1", "x:1: unexpected symbol near ','"},
    {"local", "x:1: <name> expected near <eof>"},
    {"local 1", "x:1: <name> expected near '1'"},
    {"local a.b = 1", "x:1: unexpected symbol near '.'"},
    {"local a =", "x:1: unexpected symbol near <eof>"},
    {"local a, = 1", "x:1: <name> expected near '='"},
    {"local function", "x:1: <name> expected near <eof>"},
    {"local function f", "x:1: '(' expected near <eof>"},
    {"local function a.b() end", "x:1: '(' expected near '.'"},
    {"local function f()\n", "x:2: 'end' expected (to close 'function' at line 1) near <eof>"},
    {"local a <foo> = 1", "x:1: unknown attribute 'foo'"},
    {"local a <", "x:1: <name> expected near <eof>"},
    {"local a <const", "x:1: '>' expected near <eof>"},
    {"local a <1>", "x:1: <name> expected near '1'"},
    {"local a <close>, b <close> = 1", "x:1: multiple to-be-closed variables in local list"},
    {"local a <close>, b <const>, c <close> = 1, 2, 3",
     "x:1: multiple to-be-closed variables in local list"},
    {"local x <const> = 1; x = 2", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = {}; x = 2", "x:1: attempt to assign to const variable 'x'"},
    {"local x <close> = nil; x = 2", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = 1; function f() x = 2 end", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = {}; function f() return function() x = 2 end end",
     "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = 1; function x() end", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = 1; a, x = 1, 2", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = 1; x, 2 = 1", "x:1: attempt to assign to const variable 'x'"},
    {"local x <const> = 1;\nx\n=\n2", "x:3: attempt to assign to const variable 'x'"},
    {"if", "x:1: unexpected symbol near <eof>"},
    {"if x", "x:1: 'then' expected near <eof>"},
    {"if x then", "x:1: 'end' expected near <eof>"},
    {"if x then\n", "x:2: 'end' expected (to close 'if' at line 1) near <eof>"},
    {"if x then else", "x:1: 'end' expected near <eof>"},
    {"if x then\nelse\n", "x:3: 'end' expected (to close 'if' at line 1) near <eof>"},
    {"if x then else elseif", "x:1: 'end' expected near 'elseif'"},
    {"if x then elseif", "x:1: unexpected symbol near <eof>"},
    {"if x then elseif y end", "x:1: 'then' expected near 'end'"},
    {"if x do end", "x:1: 'then' expected near 'do'"},
    {"else", "x:1: <eof> expected near 'else'"},
    {"elseif", "x:1: <eof> expected near 'elseif'"},
    {"end", "x:1: <eof> expected near 'end'"},
    {"then", "x:1: unexpected symbol near 'then'"},
    {"until", "x:1: <eof> expected near 'until'"},
    {"do", "x:1: 'end' expected near <eof>"},
    {"do\n", "x:2: 'end' expected (to close 'do' at line 1) near <eof>"},
    {"do end end", "x:1: <eof> expected near 'end'"},
    {"while", "x:1: unexpected symbol near <eof>"},
    {"while x", "x:1: 'do' expected near <eof>"},
    {"while x do", "x:1: 'end' expected near <eof>"},
    {"while x do\n\n", "x:3: 'end' expected (to close 'while' at line 1) near <eof>"},
    {"while x then end", "x:1: 'do' expected near 'then'"},
    {"repeat", "x:1: 'until' expected near <eof>"},
    {"repeat\n", "x:2: 'until' expected (to close 'repeat' at line 1) near <eof>"},
    {"repeat until", "x:1: unexpected symbol near <eof>"},
    {"repeat end", "x:1: 'until' expected near 'end'"},
    {"for", "x:1: <name> expected near <eof>"},
    {"for 1", "x:1: <name> expected near '1'"},
    {"for a", "x:1: '=' or 'in' expected near <eof>"},
    {"for a do", "x:1: '=' or 'in' expected near 'do'"},
    {"for a.b = 1, 2 do end", "x:1: '=' or 'in' expected near '.'"},
    {"for a = 1 do end", "x:1: ',' expected near 'do'"},
    {"for a = 1, 2", "x:1: 'do' expected near <eof>"},
    {"for a = 1, 2 do", "x:1: 'end' expected near <eof>"},
    {"for a = 1, 2 do\n\n", "x:3: 'end' expected (to close 'for' at line 1) near <eof>"},
    {"for a = 1, 2, 3, 4 do end", "x:1: 'do' expected near ','"},
    {"for a, b = 1, 2 do end", "x:1: 'in' expected near '='"},
    {"for a in", "x:1: unexpected symbol near <eof>"},
    {"for a in b", "x:1: 'do' expected near <eof>"},
    {"for a in b do", "x:1: 'end' expected near <eof>"},
    {"for a, in b do end", "x:1: <name> expected near 'in'"},
    {"for a, 1 in b do end", "x:1: <name> expected near '1'"},
    {"for = 1, 2 do end", "x:1: <name> expected near '='"},
    {"function", "x:1: <name> expected near <eof>"},
    {"function f", "x:1: '(' expected near <eof>"},
    {"function f(", "x:1: <name> or '...' expected near <eof>"},
    {"function f()", "x:1: 'end' expected near <eof>"},
    {"function f()\n", "x:2: 'end' expected (to close 'function' at line 1) near <eof>"},
    {"function 1() end", "x:1: <name> expected near '1'"},
    {"function a.b:c.d() end", "x:1: '(' expected near '.'"},
    {"function a[1]() end", "x:1: '(' expected near '['"},
    {"function a:b", "x:1: '(' expected near <eof>"},
    {"function f() end end", "x:1: <eof> expected near 'end'"},
    {"function (a) end", "x:1: <name> expected near '('"},
    {"return 1; x = 2", "x:1: <eof> expected near 'x'"},
    {"return 1 2", "x:1: <eof> expected near '2'"},
    {"return return", "x:1: unexpected symbol near 'return'"},
    {"return ,", "x:1: unexpected symbol near ','"},
    {"return 1,", "x:1: unexpected symbol near <eof>"},
    {"do return 1; x = 1 end", "x:1: 'end' expected near 'x'"},
    {"function f() return\nreturn end", "x:2: unexpected symbol near 'return'"},
    {"break", "x:1: break outside loop at line 1"},
    {"\n\nbreak", "x:3: break outside loop at line 3"},
    {"do break end\n\nx = 1", "x:3: break outside loop at line 1"},
    {"function f() break end", "x:1: break outside loop at line 1"},
    {"while x do function f() break end end", "x:1: break outside loop at line 1"},
    {"for i = 1, 2 do end break", "x:1: break outside loop at line 1"},
    {"goto", "x:1: <name> expected near <eof>"},
    {"goto 1", "x:1: <name> expected near '1'"},
    {"goto l", "x:1: no visible label 'l' for <goto> at line 1"},
    {"goto l; do ::l:: end", "x:1: no visible label 'l' for <goto> at line 1"},
    {"goto continue; local a; ::continue:: x = 1",
     "x:1: <goto continue> at line 1 jumps into the scope of local 'a'"},
    {"do goto l end; local a; ::l:: f()",
     "x:1: <goto l> at line 1 jumps into the scope of local 'a'"},
    {"repeat goto c; local x; ::c:: until x",
     "x:1: <goto c> at line 1 jumps into the scope of local 'x'"},
    {"goto l; local a <const> = 1; ::l:: f()",
     "x:1: <goto l> at line 1 jumps into the scope of local 'a'"},
    {"::l:: ::l::", "x:1: label 'l' already defined on line 1"},
    {"::l::\ndo\n::l:: end", "x:3: label 'l' already defined on line 1"},
    {"::l", "x:1: '::' expected near <eof>"},
    {"::l:", "x:1: '::' expected near ':'"},
    {"::1::", "x:1: <name> expected near '1'"},
    {":: ::", "x:1: <name> expected near '::'"},
    {"function f() goto l end ::l::", "x:1: no visible label 'l' for <goto> at line 1"},
    {"::l:: function f() goto l end", "x:1: no visible label 'l' for <goto> at line 1"},
    {"goto = 1", "x:1: <name> expected near '='"},
    {"break = 1", "x:1: unexpected symbol near '='"},
    {"x = 1\n\n\ny = = 2", "x:4: unexpected symbol near '='"},
    {"--[[\n\n]] x = = 1", "x:3: unexpected symbol near '='"},
    {"x = 'a\\\n\\\nb' y", "x:3: syntax error near <eof>"},
    {"x = [[\n\n]] y", "x:3: syntax error near <eof>"},
    {"x\015\ny\015\n", "x:2: syntax error near 'y'"},
    {"x\n\015y", "x:2: syntax error near 'y'"},
    {"x = 'a\\z  \n\n  b' z", "x:3: syntax error near <eof>"},
};

class ParserFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(ParserFaultTest, HasTheMessageOfTheReference) {
  EXPECT_EQ(ErrorOf(GetParam().source), GetParam().message) << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(Snippets, ParserFaultTest, testing::ValuesIn(kFaults));

TEST(ParserTest, MessagesNameTheChunk) {
  const auto message = [](std::string_view chunk_name) {
    return std::string(Parse("x", chunk_name).status().message());
  };
  EXPECT_EQ(message("@dir/file.lua"), "dir/file.lua:1: syntax error near <eof>");
  EXPECT_EQ(message("=stdin"), "stdin:1: syntax error near <eof>");
  EXPECT_EQ(message("x\ny"), "[string \"x...\"]:1: syntax error near <eof>");
}

TEST(ParserTest, ErrorsAreInvalidArgument) {
  EXPECT_TRUE(absl::IsInvalidArgument(Parse("x", "=x").status()));
}

TEST(ParserTest, TellsIncompleteChunksFromWrongOnes) {
  for (const std::string_view source : {"x =", "if x then", "f(", "x = [[", "--[[", "for i = 1"}) {
    EXPECT_TRUE(IsIncompleteChunk(Parse(source, "=x").status())) << source;
  }
  for (const std::string_view source : {"x y", "x = 'abc\n", "end", "break"}) {
    EXPECT_FALSE(IsIncompleteChunk(Parse(source, "=x").status())) << source;
  }
}

TEST(ParserTest, ResultOutlivesItsSource) {
  std::string source = "name = 'text'";
  std::string chunk_name = "=chunk";
  const absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, chunk_name);
  ASSERT_TRUE(ast.ok());
  source.assign(source.size(), '#');
  chunk_name.assign(chunk_name.size(), '#');
  const auto& assign = As<AssignStatement>(*(*ast)->main->body->statements[0]);
  EXPECT_EQ(As<GlobalExpr>(*assign.targets[0]).name, "name");
  EXPECT_EQ((*ast)->chunk_name, "=chunk");
}

// ----------------------------------------------------------------------------------------------
// Limits. Counts are those at which lua5.4 stops when a main chunk calls load.

TEST(ParserLimitTest, LocalVariables) {
  EXPECT_EQ(ErrorOf("local " + Names("a", 200)), "ok");
  EXPECT_EQ(ErrorOf("local " + Names("a", 201) + " = 1"),
            "x:1: too many local variables (limit is 200) in main function near '='");
  EXPECT_EQ(ErrorOf("\nfunction f(" + Names("a", 201) + ") end"),
            "x:2: too many local variables (limit is 200) in function at line 2 near ')'");
  EXPECT_EQ(ErrorOf("for " + Names("a", 196) + " in x do end"), "ok");
  EXPECT_EQ(ErrorOf("for " + Names("a", 197) + " in x do end"),
            "x:1: too many local variables (limit is 200) in main function near 'in'");
  EXPECT_EQ(ErrorOf("do local " + Names("a", 200) + " end local " + Names("b", 200)), "ok");
}

TEST(ParserLimitTest, Upvalues) {
  const auto source = [](int count) {
    return absl::StrCat("local ", Names("a", 200), "\nfunction f()\nlocal ", Names("b", 100),
                        "\nreturn function()\nreturn ", Names("a", 200, "+"), "\n+",
                        Names("b", count, "+"), "\nend end");
  };
  EXPECT_EQ(ErrorOf(source(55)), "ok");
  EXPECT_EQ(ErrorOf(source(56)),
            "x:7: too many upvalues (limit is 255) in function at line 4 near 'end'");
}

struct Nesting {
  std::string_view name;
  std::string_view before;
  std::string_view opening;
  std::string_view middle;
  std::string_view closing;
  int max;  // openings that still are accepted
};

class ParserNestingTest : public testing::TestWithParam<Nesting> {};

TEST_P(ParserNestingTest, StopsAtTheLimit) {
  const Nesting& nesting = GetParam();
  const auto source = [&](int count) {
    return absl::StrCat(nesting.before, Repeat(nesting.opening, count), nesting.middle,
                        Repeat(nesting.closing, count));
  };
  EXPECT_EQ(ErrorOf(source(nesting.max)), "ok");
  EXPECT_EQ(ErrorOf(source(nesting.max + 1)), "C stack overflow");
  EXPECT_EQ(ErrorOf(source(100'000)), "C stack overflow");
}

INSTANTIATE_TEST_SUITE_P(
    Constructs, ParserNestingTest,
    testing::Values(Nesting{"Parentheses", "x=", "(", "1", ")", kMaxSyntaxNesting - 2},
                    Nesting{"Tables", "x=", "{", "", "}", kMaxSyntaxNesting - 1},
                    Nesting{"Blocks", "", "do ", "", "end ", kMaxSyntaxNesting},
                    Nesting{"Ifs", "", "if x then ", "", "end ", kMaxSyntaxNesting - 1},
                    Nesting{"Functions", "x=", "function() return ", "1", " end",
                            (kMaxSyntaxNesting - 2) / 2},
                    Nesting{"Negations", "x=", "not ", "1", "", kMaxSyntaxNesting - 2},
                    Nesting{"Powers", "x=a", "^a", "", "", kMaxSyntaxNesting - 2},
                    Nesting{"Concatenations", "x=a", "..a", "", "", kMaxSyntaxNesting - 2},
                    Nesting{"Keys", "x=", "a[", "1", "]", kMaxSyntaxNesting - 2},
                    Nesting{"Targets", "", "a,", "a=1", "", kMaxSyntaxNesting - 2}),
    [](const testing::TestParamInfo<Nesting>& test) { return std::string(test.param.name); });

class ParserLengthTest : public testing::TestWithParam<std::string_view> {};

// What nests to the left, or does not nest, has no limit. The parameter holds three parts, cut by
// `|`, of which the middle one is repeated.
TEST_P(ParserLengthTest, IsUnlimited) {
  const std::string_view parts = GetParam();
  const size_t first = parts.find('|');
  const size_t second = parts.rfind('|');
  const std::string source = absl::StrCat(
      parts.substr(0, first), Repeat(parts.substr(first + 1, second - first - 1), 100'000),
      parts.substr(second + 1));
  EXPECT_EQ(ErrorOf(source), "ok");
}

INSTANTIATE_TEST_SUITE_P(Constructs, ParserLengthTest,
                         testing::Values("x=|1+|1", "x=a|+a|", "x=a| or a|", "x=a|<a|", "x=a|.b|",
                                         "x=a|[1]|", "x=a|()|", "x=a|:b''|", "x={|1,|}",
                                         "x={|a=1;|}", "x={|[1]=2;|}", "f(|1,|1)", "|x=1 |", "|;|",
                                         "if x then |elseif x then |end", "|do local a end |",
                                         "::a::|;|"));

}  // namespace
}  // namespace perilune::lang
