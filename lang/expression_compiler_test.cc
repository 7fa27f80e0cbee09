// Golden bytecode of expressions.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/compile.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

TEST(CompileExpressionTest, ConstantsLoads) {
  // Short forms.
  EXPECT_EQ(Code(R"(local a, b, c, d = nil, true, false, 7)"), R"(
0 LoadNil first=R0 count=1
1 LoadTrue dst=R1
2 LoadFalse dst=R2
3 LoadInt dst=R3 value=7
)");
  EXPECT_EQ(Code(R"(local a, b = 32767, 32768)"), R"(
0 LoadInt dst=R0 value=32767
1 LoadK dst=R1 k=32768
)");
  EXPECT_EQ(Code(R"(local a, b, c = -1.0, 0.5, 2^53)"), R"(
0 LoadFloat dst=R0 value=-1
1 LoadK dst=R1 k=0.5
2 LoadK dst=R2 k=9.007199254741e+15
)");
  // A negative zero is computed, not folded.
  EXPECT_EQ(Code(R"(local a, b = -(0.0), "s")"), R"(
0 LoadFloat dst=R0 value=0
1 Unm dst=R0 src=R0
2 LoadK dst=R1 k="s"
)");
  // Neighbouring nils are loaded at once.
  EXPECT_EQ(Code(R"(local a; local b, c)"), R"(
0 LoadNil first=R0 count=3
)");
}

TEST(CompileExpressionTest, Folding) {
  EXPECT_EQ(Code(R"(return 2 * 3 + 1, 7 // 2, 2^10, -5 % 3)"), R"(
0 LoadInt dst=R0 value=7
1 LoadInt dst=R1 value=3
2 LoadFloat dst=R2 value=1024
3 LoadInt dst=R3 value=1
4 Return first=R0 count=4 flags=vararg
)");
  // Nothing is folded that fails, or gives a NaN.
  EXPECT_EQ(Code(R"(return 1 // 0, 0 / 0, 1 | 1.5)"), R"(
0 LoadInt dst=R0 value=1
1 IDivK dst=R0 lhs=R0 rhs=0
2 LoadInt dst=R1 value=0
3 DivK dst=R1 lhs=R1 rhs=0
4 LoadInt dst=R2 value=1
5 BOrK dst=R2 lhs=R2 rhs=1.5
6 Return first=R0 count=3 flags=vararg
)");
  EXPECT_EQ(Code(R"(local k <const> = 10; return k * 2, function() return k end)"), R"(
0 LoadInt dst=R0 value=20
1 Closure dst=R1 child=F0
2 Return first=R0 count=2 flags=vararg
)");
}

TEST(CompileExpressionTest, ArithmeticDestinations) {
  EXPECT_EQ(Code(R"(local a, b; local x = a + b)"), R"(
0 LoadNil first=R0 count=2
1 Add dst=R2 lhs=R0 rhs=R1
)");
  EXPECT_EQ(Code(R"(local x = 1; x = x + 1)"), R"(
0 LoadInt dst=R0 value=1
1 AddK dst=R0 lhs=R0 rhs=1
)");
  EXPECT_EQ(Code(R"(local x, y; x = -y)"), R"(
0 LoadNil first=R0 count=2
1 Unm dst=R0 src=R1
)");
  EXPECT_EQ(Code(R"(local a, t; a = t.x.y)"), R"(
0 LoadNil first=R0 count=2
1 GetField dst=R2 table=R1 key="x" cell=0
3 GetField dst=R0 table=R2 key="y" cell=1
)");
  EXPECT_EQ(Code(R"(local a, b; a = b)"), R"(
0 LoadNil first=R0 count=2
1 Move dst=R0 src=R1
)");
}

TEST(CompileExpressionTest, ArithmeticConstantOperands) {
  EXPECT_EQ(Code(R"(local a; return a - 1, 1 - a, a // 2.5, a & 255, 1 << a)"), R"(
0 LoadNil first=R0 count=1
1 SubK dst=R1 lhs=R0 rhs=1
2 LoadInt dst=R2 value=1
3 Sub dst=R2 lhs=R2 rhs=R0
4 IDivK dst=R3 lhs=R0 rhs=2.5
5 BAndK dst=R4 lhs=R0 rhs=255
6 LoadInt dst=R5 value=1
7 Shl dst=R5 lhs=R5 rhs=R0
8 Return first=R1 count=5 flags=vararg
)");
  // Only numbers are operands.
  EXPECT_EQ(Code(R"(local a; return a + "1", a .. 1)"), R"(
0 LoadNil first=R0 count=1
1 LoadK dst=R1 k="1"
2 Add dst=R1 lhs=R0 rhs=R1
3 Move dst=R2 src=R0
4 LoadInt dst=R3 value=1
5 Concat first=R2 count=2
6 Return first=R1 count=2 flags=vararg
)");
}

TEST(CompileExpressionTest, Concat) {
  EXPECT_EQ(Code(R"(local a, b; return a .. b .. "x" .. (a .. 1))"), R"(
0 LoadNil first=R0 count=2
1 Move dst=R2 src=R0
2 Move dst=R3 src=R1
3 LoadK dst=R4 k="x"
4 Move dst=R5 src=R0
5 LoadInt dst=R6 value=1
6 Concat first=R2 count=5
7 Return first=R2 count=1 flags=vararg
)");
  EXPECT_EQ(Code(R"(local a, b; return (a .. b) .. a)"), R"(
0 LoadNil first=R0 count=2
1 Move dst=R2 src=R0
2 Move dst=R3 src=R1
3 Concat first=R2 count=2
4 Move dst=R3 src=R0
5 Concat first=R2 count=2
6 Return first=R2 count=1 flags=vararg
)");
}

TEST(CompileExpressionTest, ComparisonsValues) {
  EXPECT_EQ(Code(R"(local a, b; local x = a < b)"), R"(
0 LoadNil first=R0 count=2
1 Lt lhs=R0 rhs=R1 when=1 target=6
3 LoadFalse dst=R2
4 Jump target=7
6 LoadTrue dst=R2
)");
  EXPECT_EQ(Code(R"(local a, b; return a > b, a ~= b)"), R"(
0 LoadNil first=R0 count=2
1 Lt lhs=R1 rhs=R0 when=1 target=6
3 LoadFalse dst=R2
4 Jump target=7
6 LoadTrue dst=R2
7 Eq lhs=R0 rhs=R1 when=0 target=12
9 LoadFalse dst=R3
10 Jump target=13
12 LoadTrue dst=R3
13 Return first=R2 count=2 flags=vararg
)");
}

TEST(CompileExpressionTest, ComparisonsConstants) {
  EXPECT_EQ(Code(R"(local a; if a < 1 or 1 < a or a >= 2.5 or 3 >= a then a = 0 end)"), R"(
0 LoadNil first=R0 count=1
1 LtK lhs=R0 rhs=1 when=1 target=9
3 GtK lhs=R0 rhs=1 when=1 target=9
5 GeK lhs=R0 rhs=2.5 when=1 target=9
7 LeK lhs=R0 rhs=3 when=0 target=10
9 LoadInt dst=R0 value=0
)");
  EXPECT_EQ(Code(R"(local a; if a == nil or true == a or a ~= "x" or a == 5 then a = 0 end)"), R"(
0 LoadNil first=R0 count=1
1 EqK lhs=R0 rhs=nil when=1 target=9
3 EqK lhs=R0 rhs=true when=1 target=9
5 EqK lhs=R0 rhs="x" when=0 target=9
7 EqK lhs=R0 rhs=5 when=0 target=10
9 LoadInt dst=R0 value=0
)");
  // Order of strings goes through registers.
  EXPECT_EQ(Code(R"(local a; if a < "x" then a = 0 end)"), R"(
0 LoadNil first=R0 count=1
1 LoadK dst=R1 k="x"
2 Lt lhs=R0 rhs=R1 when=0 target=5
4 LoadInt dst=R0 value=0
)");
}

TEST(CompileExpressionTest, LogicValues) {
  EXPECT_EQ(Code(R"(local a, b; local x = a and b)"), R"(
0 LoadNil first=R0 count=2
1 TestSet dst=R2 src=R0 when=0 target=4
3 Move dst=R2 src=R1
)");
  EXPECT_EQ(Code(R"(local a, b, x; x = a or b or 1)"), R"(
0 LoadNil first=R0 count=3
1 TestSet dst=R2 src=R0 when=1 target=6
3 TestSet dst=R2 src=R1 when=1 target=6
5 LoadInt dst=R2 value=1
)");
  EXPECT_EQ(Code(R"(local a, b; local x = a and b > 1 or "none")"), R"(
0 LoadNil first=R0 count=2
1 Test src=R0 when=0 target=5
3 GtK lhs=R1 rhs=1 when=1 target=8
5 LoadK dst=R2 k="none"
6 Jump target=9
8 LoadTrue dst=R2
)");
  EXPECT_EQ(Code(R"(local a; local x = not a)"), R"(
0 LoadNil first=R0 count=1
1 Not dst=R1 src=R0
)");
  EXPECT_EQ(Code(R"(local a, x; x = a and nil or false)"), R"(
0 LoadNil first=R0 count=2
1 Test src=R0 when=0 target=3
3 LoadFalse dst=R1
)");
  EXPECT_EQ(Code(R"(local a; local x = not (a and a.b))"), R"(
0 LoadNil first=R0 count=1
1 Test src=R0 when=0 target=8
3 GetField dst=R1 table=R0 key="b" cell=0
5 Not dst=R1 src=R1
6 Jump target=9
8 LoadTrue dst=R1
)");
}

TEST(CompileExpressionTest, LogicConditions) {
  EXPECT_EQ(Code(R"(local a, b; if a and not b then a = 1 else b = 2 end)"), R"(
0 LoadNil first=R0 count=2
1 Test src=R0 when=0 target=8
3 Test src=R1 when=1 target=8
5 LoadInt dst=R0 value=1
6 Jump target=9
8 LoadInt dst=R1 value=2
)");
  EXPECT_EQ(Code(R"(local a, b; if not (a or b) then a = 1 end)"), R"(
0 LoadNil first=R0 count=2
1 Test src=R0 when=1 target=6
3 Test src=R1 when=1 target=6
5 LoadInt dst=R0 value=1
)");
  EXPECT_EQ(Code(R"(local a; if nil then a = 1 end)"), R"(
0 LoadNil first=R0 count=1
1 Jump target=4
3 LoadInt dst=R0 value=1
)");
  EXPECT_EQ(Code(R"(local a; if 1 and a then a = 1 end)"), R"(
0 LoadNil first=R0 count=1
1 Test src=R0 when=0 target=4
3 LoadInt dst=R0 value=1
)");
}

TEST(CompileExpressionTest, AccessVariables) {
  EXPECT_EQ(Code(R"(x = y)"), R"(
0 GetTabUp dst=R0 env=U0 key="y" cell=0
2 SetTabUp value=R0 env=U0 key="x" cell=1
)");
  EXPECT_EQ(Code(R"(local t; t.a, t[1], t[256], t[t] = t.b, t[0], t[-1], t[1.0])"), R"(
0 LoadNil first=R0 count=1
1 LoadInt dst=R1 value=256
2 GetField dst=R2 table=R0 key="b" cell=0
4 GetInt dst=R3 table=R0 key=0
5 LoadInt dst=R4 value=-1
6 GetTable dst=R4 table=R0 key=R4
7 LoadFloat dst=R5 value=1
8 GetTable dst=R5 table=R0 key=R5
9 SetTable table=R0 key=R0 value=R5
10 SetTable table=R0 key=R1 value=R4
11 SetInt table=R0 key=1 value=R3
12 SetField table=R0 key="a" value=R2 cell=1
)");
  EXPECT_EQ(Code(R"(local function f() return f.x, f[1], f[f] end)"), R"(
0 Closure dst=R0 child=F0
)");
}

TEST(CompileExpressionTest, Calls) {
  EXPECT_EQ(Code(R"(f(1, 2))"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 LoadInt dst=R2 value=1
3 LoadInt dst=R3 value=2
4 Call func=R0 args=2 results=0 site=0
)");
  EXPECT_EQ(Code(R"(local a = f(g(1)))"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 GetTabUp dst=R2 env=U0 key="g" cell=1
4 LoadInt dst=R4 value=1
5 Call func=R2 args=1 results=top site=0
7 Call func=R0 args=top results=1 site=1
)");
  EXPECT_EQ(Code(R"(local a, b, c = f())"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=3 site=0
)");
  EXPECT_EQ(Code(R"(f(1, ...))"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 LoadInt dst=R2 value=1
3 Vararg first=R3 count=top
4 Call func=R0 args=top results=0 site=0
)");
  EXPECT_EQ(Code(R"(local x, y = ...)"), R"(
0 Vararg first=R0 count=2
)");
  EXPECT_EQ(Code(R"(return f(x))"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 GetTabUp dst=R2 env=U0 key="x" cell=1
4 TailCall func=R0 args=1 flags=vararg site=0
)");
  EXPECT_EQ(Code(R"(return (f(x)))"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 GetTabUp dst=R2 env=U0 key="x" cell=1
4 Call func=R0 args=1 results=1 site=0
6 Return first=R0 count=1 flags=vararg
)");
  EXPECT_EQ(Code(R"(local o; o:m(1))"), R"(
0 LoadNil first=R0 count=1
1 Self dst=R1 object=R0 key="m" cell=0
3 LoadInt dst=R4 value=1
4 Call func=R1 args=2 results=0 site=0
)");
  EXPECT_EQ(Code(R"(return ("x"):rep(2), o:a():b())"), R"(
0 LoadK dst=R0 k="x"
1 Self dst=R0 object=R0 key="rep" cell=0
3 LoadInt dst=R3 value=2
4 Call func=R0 args=2 results=1 site=0
6 GetTabUp dst=R1 env=U0 key="o" cell=1
8 Self dst=R1 object=R1 key="a" cell=2
10 Call func=R1 args=1 results=1 site=1
12 Self dst=R1 object=R1 key="b" cell=3
14 Call func=R1 args=1 results=top site=2
16 Return first=R0 count=top flags=vararg
)");
  EXPECT_EQ(Code(R"(return f() + 1, f() and f())"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=1 site=0
4 AddK dst=R0 lhs=R0 rhs=1
5 GetTabUp dst=R1 env=U0 key="f" cell=1
7 Call func=R1 args=0 results=1 site=1
9 Test src=R1 when=0 target=15
11 GetTabUp dst=R1 env=U0 key="f" cell=2
13 Call func=R1 args=0 results=1 site=2
15 Return first=R0 count=2 flags=vararg
)");
}

TEST(CompileExpressionTest, Tables) {
  EXPECT_EQ(Code(R"(local t = {})"), R"(
0 NewTable dst=R0 cell=0 size=0+0
)");
  EXPECT_EQ(Code(R"(local t; t = {})"), R"(
0 LoadNil first=R0 count=1
1 NewTable dst=R0 cell=0 size=0+0
)");
  EXPECT_EQ(Code(R"(local t = {1, x = 2, 3})"), R"(
0 NewTable dst=R0 cell=0 size=2+1
2 LoadInt dst=R1 value=1
3 LoadInt dst=R2 value=2
4 SetField table=R0 key="x" value=R2 cell=1
6 LoadInt dst=R2 value=3
7 SetList table=R0 count=2 skip=0
)");
  EXPECT_EQ(Code(R"(local t = {[1] = 1, f()})"), R"(
0 NewTable dst=R0 cell=0 size=1+1
2 LoadInt dst=R1 value=1
3 SetInt table=R0 key=1 value=R1
4 GetTabUp dst=R1 env=U0 key="f" cell=1
6 Call func=R1 args=0 results=top site=0
8 SetList table=R0 count=top skip=0
)");
  EXPECT_EQ(Code(R"(return {...})"), R"(
0 NewTable dst=R0 cell=0 size=0+0
2 Vararg first=R1 count=top
3 SetList table=R0 count=top skip=0
5 Return first=R0 count=1 flags=vararg
)");
}

TEST(CompileExpressionTest, Closures) {
  EXPECT_EQ(Code(R"(local a; local function f() return a end; return f)"), R"(
0 LoadNil first=R0 count=1
1 Closure dst=R1 child=F0
2 Return first=R1 count=1 flags=close|vararg
)");
}

// The 8-bit constant operands of an instruction have run out after these.
std::string ManyConstants() {
  std::string source = "local t\n";
  for (int i = 0; i < 300; ++i) absl::StrAppend(&source, "t.f", i, " = t\n");
  return source;
}

// The last lines of a text.
std::string Tail(const std::string& text, int lines) {
  size_t start = text.size();
  for (int i = 0; i <= lines; ++i) start = text.rfind('\n', start - 1);
  return text.substr(start);
}

TEST(CompileExpressionTest, ManyConstants) {
  const std::string prefix = ManyConstants();
  EXPECT_EQ(Tail(Code(prefix + "t = t.x"), 2), R"(
601 LoadK dst=R1 k="x"
602 GetTable dst=R0 table=R0 key=R1
)");
  EXPECT_EQ(Tail(Code(prefix + "x = t"), 3), R"(
601 GetUpval dst=R1 index=U0
602 LoadK dst=R2 k="x"
603 SetTable table=R1 key=R2 value=R0
)");
  EXPECT_EQ(Tail(Code(prefix + "t = t + 0.5"), 2), R"(
601 LoadK dst=R1 k=0.5
602 Add dst=R0 lhs=R0 rhs=R1
)");
  EXPECT_EQ(Tail(Code(prefix + "t = t == 'x' or t < 5"), 7), R"(
601 LoadK dst=R1 k="x"
602 Eq lhs=R0 rhs=R1 when=1 target=610
604 LoadInt dst=R1 value=5
605 Lt lhs=R0 rhs=R1 when=1 target=610
607 LoadFalse dst=R0
608 Jump target=611
610 LoadTrue dst=R0
)");
  // The object is put in place before the method is looked up.
  EXPECT_EQ(Tail(Code(prefix + "t:x()"), 4), R"(
601 Move dst=R3 src=R0
602 LoadK dst=R2 k="x"
603 GetTable dst=R1 table=R3 key=R2
604 Call func=R1 args=1 results=0 site=0
)");
}

TEST(CompileExpressionTest, LoadKX) {
  std::string source = "return {";
  for (int i = 0; i < 70000; ++i) absl::StrAppend(&source, "'s", i, "', ");
  const std::string code = Code(source + "}");
  EXPECT_NE(code.find("LoadK dst=R36 k=\"s65535\""), std::string::npos);
  EXPECT_NE(code.find("LoadKX dst=R37 k=\"s65536\""), std::string::npos);
}

TEST(CompileExpressionTest, LongTables) {
  std::string source = "local t = {";
  for (int i = 0; i < 120; ++i) absl::StrAppend(&source, "t, ");
  const std::shared_ptr<const Proto> proto = CompileOrDie(source + "...}");
  EXPECT_EQ(proto->max_stack, 51);
  const std::string code = CodeOf(*proto);
  EXPECT_NE(code.find("NewTable dst=R0 cell=0 size=120+0"), std::string::npos);
  EXPECT_NE(code.find("SetList table=R0 count=50 skip=0"), std::string::npos);
  EXPECT_NE(code.find("SetList table=R0 count=50 skip=50"), std::string::npos);
  EXPECT_NE(code.find("SetList table=R0 count=top skip=100"), std::string::npos);
}

// Left operands may nest without bound.
TEST(CompileExpressionTest, LongChains) {
  const auto chain = [](std::string source, std::string_view term) {
    for (int i = 0; i < 20000; ++i) absl::StrAppend(&source, term);
    return source;
  };
  EXPECT_EQ(CompileOrDie(chain("return a", " + a"))->max_stack, 2);
  EXPECT_EQ(CompileOrDie(chain("return 1", " + 1"))->code.size(), 3);
  EXPECT_EQ(CompileOrDie(chain("return a", " and a"))->max_stack, 2);
  EXPECT_EQ(CompileOrDie(chain("local x = a", " or a == 1 and b"))->max_stack, 2);
  EXPECT_EQ(CompileOrDie(chain("return a", ".b"))->max_stack, 2);
  EXPECT_EQ(CompileOrDie(chain("return a", "()"))->call_site_count, 20000);
  EXPECT_EQ(CompileOrDie(chain("return a", ":b()"))->max_stack, 3);
}

TEST(CompileExpressionTest, RegisterLimit) {
  const auto call = [](int args) {
    std::string source = "\nreturn f(a";
    for (int i = 1; i < args; ++i) absl::StrAppend(&source, ", a");
    return source + ")";
  };
  EXPECT_EQ(CompileOrDie(call(252))->max_stack, 254);
  EXPECT_EQ(Compile(call(253), "@file.lua").status().message(),
            "file.lua:2: function or expression needs too many registers");
}

}  // namespace
}  // namespace perilune::lang
