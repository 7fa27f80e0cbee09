// Golden bytecode of statements, and what else a Proto says.

#include <memory>

#include "gtest/gtest.h"
#include "lang/bytecode_printer.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

TEST(CompileStatementTest, Locals) {
  EXPECT_EQ(Code(R"(local a, b = 1)"), R"(
0 LoadInt dst=R0 value=1
1 LoadNil first=R1 count=1
)");
  EXPECT_EQ(Code(R"(local a = 1, f(), 2)"), R"(
0 LoadInt dst=R0 value=1
1 GetTabUp dst=R1 env=U0 key="f" cell=0
3 Call func=R1 args=0 results=1 site=0
5 LoadInt dst=R2 value=2
)");
  EXPECT_EQ(Code(R"(local a, b, c = 1, f())"), R"(
0 LoadInt dst=R0 value=1
1 GetTabUp dst=R1 env=U0 key="f" cell=0
3 Call func=R1 args=0 results=2 site=0
)");
  EXPECT_EQ(Code(R"(local a, b <const> = f(), 5; return b)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=1 site=0
4 LoadInt dst=R1 value=5
5 Return first=R1 count=1 flags=vararg
)");
}

TEST(CompileStatementTest, Assignment) {
  EXPECT_EQ(Code(R"(local a, b; a, b = b, a)"), R"(
0 LoadNil first=R0 count=2
1 Move dst=R2 src=R1
2 Move dst=R1 src=R0
3 Move dst=R0 src=R2
)");
  EXPECT_EQ(Code(R"(a, b = f())"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=2 site=0
4 SetTabUp value=R1 env=U0 key="b" cell=1
6 SetTabUp value=R0 env=U0 key="a" cell=2
)");
  // What the targets use is saved.
  EXPECT_EQ(Code(R"(local t, i; t[i], i, t = 1, 2, 3)"), R"(
0 LoadNil first=R0 count=2
1 Move dst=R2 src=R1
2 Move dst=R3 src=R0
3 LoadInt dst=R4 value=1
4 LoadInt dst=R5 value=2
5 LoadInt dst=R0 value=3
6 Move dst=R1 src=R5
7 SetTable table=R3 key=R2 value=R4
)");
  EXPECT_EQ(Code(R"(local t; t.x, t = 1, 2)"), R"(
0 LoadNil first=R0 count=1
1 Move dst=R1 src=R0
2 LoadInt dst=R2 value=1
3 LoadInt dst=R0 value=2
4 SetField table=R1 key="x" value=R2 cell=0
)");
  EXPECT_EQ(Code(R"(local a, b; a, b = 1)"), R"(
0 LoadNil first=R0 count=2
1 LoadInt dst=R2 value=1
2 LoadNil first=R3 count=1
3 Move dst=R1 src=R3
4 Move dst=R0 src=R2
)");
  EXPECT_EQ(Code(R"(local a; a = 1, 2)"), R"(
0 LoadNil first=R0 count=1
1 LoadInt dst=R1 value=1
2 LoadInt dst=R2 value=2
3 Move dst=R0 src=R1
)");
}

TEST(CompileStatementTest, If) {
  EXPECT_EQ(Code(R"(local a; if a == 1 then a = 2 elseif a == 3 then a = 4 else a = 5 end)"), R"(
0 LoadNil first=R0 count=1
1 EqK lhs=R0 rhs=1 when=0 target=6
3 LoadInt dst=R0 value=2
4 Jump target=12
6 EqK lhs=R0 rhs=3 when=0 target=11
8 LoadInt dst=R0 value=4
9 Jump target=12
11 LoadInt dst=R0 value=5
)");
  // No jump behind a return.
  EXPECT_EQ(Code(R"(local a; if a then return end a = 1)"), R"(
0 LoadNil first=R0 count=1
1 Test src=R0 when=0 target=4
3 Return first=R0 count=0 flags=vararg
4 LoadInt dst=R0 value=1
)");
  EXPECT_EQ(Code(R"(local a; if true then a = 1 end)"), R"(
0 LoadNil first=R0 count=1
1 LoadInt dst=R0 value=1
)");
}

TEST(CompileStatementTest, While) {
  EXPECT_EQ(Code(R"(local a; while a do a = f() end)"), R"(
0 LoadNil first=R0 count=1
1 Test src=R0 when=0 target=10
3 GetTabUp dst=R1 env=U0 key="f" cell=0
5 Call func=R1 args=0 results=1 site=0
7 Move dst=R0 src=R1
8 LoopJump loop=0 target=1
)");
  EXPECT_EQ(Code(R"(while true do f() end)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=0 site=0
4 LoopJump loop=0 target=0
)");
  // Break in a condition jumps itself.
  EXPECT_EQ(Code(R"(local a; while a < 10 do if a == 5 then break end a = a + 1 end)"), R"(
0 LoadNil first=R0 count=1
1 LtK lhs=R0 rhs=10 when=0 target=8
3 EqK lhs=R0 rhs=5 when=1 target=8
5 AddK dst=R0 lhs=R0 rhs=1
6 LoopJump loop=0 target=1
)");
}

TEST(CompileStatementTest, Repeat) {
  EXPECT_EQ(Code(R"(local a; repeat a = f() until a > 1)"), R"(
0 LoadNil first=R0 count=1
1 GetTabUp dst=R1 env=U0 key="f" cell=0
3 Call func=R1 args=0 results=1 site=0
5 Move dst=R0 src=R1
6 GtK lhs=R0 rhs=1 when=1 target=10
8 LoopJump loop=0 target=1
)");
  EXPECT_EQ(Code(R"(repeat f() until true)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=0 site=0
)");
  EXPECT_EQ(Code(R"(repeat f() until false)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=0 site=0
4 LoopJump loop=0 target=0
)");
  EXPECT_EQ(Code(R"(repeat local x = f(); g = function() return x end until x)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=1 site=0
4 Closure dst=R1 child=F0
5 SetTabUp value=R1 env=U0 key="g" cell=1
7 Test src=R0 when=1 target=12
9 Close first=R0
10 LoopJump loop=0 target=0
12 Close first=R0
)");
}

TEST(CompileStatementTest, NumericFor) {
  EXPECT_EQ(Code(R"(for i = 1, 10 do f(i) end)"), R"(
0 LoadInt dst=R0 value=1
1 LoadInt dst=R1 value=10
2 LoadInt dst=R2 value=1
3 ForPrep base=R0 exit=12
5 GetTabUp dst=R4 env=U0 key="f" cell=0
7 Move dst=R6 src=R3
8 Call func=R4 args=1 results=0 site=0
10 ForLoop base=R0 loop=0 body=5
)");
  EXPECT_EQ(Code(R"(for i = a, b, -1 do break end)"), R"(
0 GetTabUp dst=R0 env=U0 key="a" cell=0
2 GetTabUp dst=R1 env=U0 key="b" cell=1
4 LoadInt dst=R2 value=-1
5 ForPrep base=R0 exit=11
7 Jump target=11
9 ForLoop base=R0 loop=0 body=7
)");
  EXPECT_EQ(Code(R"(for i = 1, 3 do g = function() return i end end)"), R"(
0 LoadInt dst=R0 value=1
1 LoadInt dst=R1 value=3
2 LoadInt dst=R2 value=1
3 ForPrep base=R0 exit=11
5 Closure dst=R4 child=F0
6 SetTabUp value=R4 env=U0 key="g" cell=0
8 Close first=R3
9 ForLoop base=R0 loop=0 body=5
)");
}

TEST(CompileStatementTest, GenericFor) {
  EXPECT_EQ(Code(R"(for k, v in pairs(t) do f(k, v) end)"), R"(
0 GetTabUp dst=R0 env=U0 key="pairs" cell=0
2 GetTabUp dst=R2 env=U0 key="t" cell=1
4 Call func=R0 args=1 results=4 site=0
6 TForPrep base=R0 call=14
8 GetTabUp dst=R6 env=U0 key="f" cell=2
10 Move dst=R8 src=R4
11 Move dst=R9 src=R5
12 Call func=R6 args=2 results=0 site=1
14 TForCall base=R0 results=2 site=2
16 TForLoop base=R0 loop=0 body=8
18 Close first=R0
)");
  EXPECT_EQ(Code(R"(for x in f do if x then break end end)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 LoadNil first=R1 count=3
3 TForPrep base=R0 call=7
5 Test src=R4 when=1 target=11
7 TForCall base=R0 results=1 site=0
9 TForLoop base=R0 loop=0 body=5
11 Close first=R0
)");
}

TEST(CompileStatementTest, Goto) {
  EXPECT_EQ(Code(R"(::top:: f() goto top)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=0 site=0
4 LoopJump loop=0 target=0
)");
  EXPECT_EQ(Code(R"(while a do if b then goto continue end f() ::continue:: end)"), R"(
0 GetTabUp dst=R0 env=U0 key="a" cell=0
2 Test src=R0 when=0 target=14
4 GetTabUp dst=R0 env=U0 key="b" cell=1
6 Test src=R0 when=1 target=12
8 GetTabUp dst=R0 env=U0 key="f" cell=2
10 Call func=R0 args=0 results=0 site=0
12 LoopJump loop=0 target=0
)");
  EXPECT_EQ(Code(R"(do local x; ::l:: g = function() return x end; if a then goto l end end)"), R"(
0 LoadNil first=R0 count=1
1 Closure dst=R1 child=F0
2 SetTabUp value=R1 env=U0 key="g" cell=0
4 GetTabUp dst=R1 env=U0 key="a" cell=1
6 Test src=R1 when=0 target=10
8 LoopJump loop=0 target=1
10 Close first=R0
)");
  EXPECT_EQ(Code(R"(::l:: do local x; g = function() return x end; goto l end)"), R"(
0 LoadNil first=R0 count=1
1 Closure dst=R1 child=F0
2 SetTabUp value=R1 env=U0 key="g" cell=0
4 Close first=R0
5 LoopJump loop=0 target=0
)");
}

TEST(CompileStatementTest, Blocks) {
  EXPECT_EQ(Code(R"(do local x; f = function() return x end end f())"), R"(
0 LoadNil first=R0 count=1
1 Closure dst=R1 child=F0
2 SetTabUp value=R1 env=U0 key="f" cell=0
4 Close first=R0
5 GetTabUp dst=R0 env=U0 key="f" cell=1
7 Call func=R0 args=0 results=0 site=0
)");
  EXPECT_EQ(Code(R"(do local x <close> = f() end)"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 Call func=R0 args=0 results=1 site=0
4 Tbc var=R0
5 Close first=R0
)");
}

TEST(CompileStatementTest, Returns) {
  EXPECT_EQ(Code(R"(return)"), R"(
0 Return first=R0 count=0 flags=vararg
)");
  EXPECT_EQ(Code(R"(local a; return a)"), R"(
0 LoadNil first=R0 count=1
1 Return first=R0 count=1 flags=vararg
)");
  EXPECT_EQ(Code(R"(return 1, 2)"), R"(
0 LoadInt dst=R0 value=1
1 LoadInt dst=R1 value=2
2 Return first=R0 count=2 flags=vararg
)");
  EXPECT_EQ(Code(R"(return f())"), R"(
0 GetTabUp dst=R0 env=U0 key="f" cell=0
2 TailCall func=R0 args=0 flags=vararg site=0
)");
  EXPECT_EQ(Code(R"(return ...)"), R"(
0 Vararg first=R0 count=top
1 Return first=R0 count=top flags=vararg
)");
  EXPECT_EQ(Code(R"(local x <close> = nil; return f())"), R"(
0 LoadNil first=R0 count=1
1 Tbc var=R0
2 GetTabUp dst=R1 env=U0 key="f" cell=0
4 Call func=R1 args=0 results=top site=0
6 Return first=R1 count=top flags=close|vararg
)");
}

TEST(CompileStatementTest, Functions) {
  EXPECT_EQ(Code(R"(function a.b.c() end)"), R"(
0 GetTabUp dst=R0 env=U0 key="a" cell=0
2 GetField dst=R0 table=R0 key="b" cell=1
4 Closure dst=R1 child=F0
5 SetField table=R0 key="c" value=R1 cell=2
)");
  EXPECT_EQ(Code(R"(function a:m() end)"), R"(
0 GetTabUp dst=R0 env=U0 key="a" cell=0
2 Closure dst=R1 child=F0
3 SetField table=R0 key="m" value=R1 cell=1
)");
  EXPECT_EQ(Code(R"(local function f() end)"), R"(
0 Closure dst=R0 child=F0
)");
}

// What needs no frame surgery returns by the short ops.
TEST(CompileStatementTest, ShortReturns) {
  const std::shared_ptr<const Proto> main = CompileOrDie(R"(
    local function none(a) return end
    local function one(a) return a end
    local function two(a) return a, a end
    local function open(a) return a() end
    local function captured(a) return a, function() return a end end
    local function ended(a) for k in a do local function f() return k end end return a end)");
  EXPECT_EQ(CodeOf(*main->children[0]), "\n0 Return0\n");
  EXPECT_EQ(CodeOf(*main->children[1]), "\n0 Return1 src=R0\n");
  EXPECT_EQ(CodeOf(*main->children[2]), R"(
0 Move dst=R1 src=R0
1 Move dst=R2 src=R0
2 Return first=R1 count=2 flags=none
)");
  EXPECT_EQ(CodeOf(*main->children[3]), R"(
0 Move dst=R1 src=R0
1 TailCall func=R1 args=0 flags=none site=0
)");
  EXPECT_EQ(CodeOf(*main->children[4]), R"(
0 Move dst=R1 src=R0
1 Closure dst=R2 child=F0
2 Return first=R1 count=2 flags=close
)");
  // What had to be closed is closed before the return.
  EXPECT_EQ(CodeOf(*main->children[5]), R"(
0 Move dst=R1 src=R0
1 LoadNil first=R2 count=3
2 TForPrep base=R1 call=6
4 Closure dst=R6 child=F0
5 Close first=R5
6 TForCall base=R1 results=1 site=0
8 TForLoop base=R1 loop=0 body=4
10 Close first=R1
11 Return1 src=R0
)");
}

TEST(CompileStatementTest, FunctionFacts) {
  const std::shared_ptr<const Proto> main =
      CompileOrDie("local a\nlocal function f(b, c, ...)\n  x = a + b\nend");
  EXPECT_TRUE(main->is_vararg);
  EXPECT_EQ(main->line_defined, 0);
  ASSERT_EQ(main->upvalues.size(), 1);
  EXPECT_EQ(main->upvalues[0].name, "_ENV");
  const Proto& f = *main->children[0];
  EXPECT_EQ(f.num_params, 2);
  EXPECT_TRUE(f.is_vararg);
  EXPECT_EQ(f.line_defined, 2);
  EXPECT_EQ(f.last_line_defined, 4);
  EXPECT_EQ(f.max_stack, 3);
  EXPECT_EQ(f.source, main->source);
  ASSERT_EQ(f.upvalues.size(), 2);
  EXPECT_EQ(f.upvalues[0].name, "_ENV");
  EXPECT_FALSE(f.upvalues[0].from_parent_register);
  EXPECT_EQ(f.upvalues[0].index, 0);
  EXPECT_EQ(f.upvalues[1].name, "a");
  EXPECT_TRUE(f.upvalues[1].from_parent_register);
  EXPECT_EQ(f.upvalues[1].index, 0);
}

TEST(CompileStatementTest, Printed) {
  EXPECT_EQ(PrintBytecode(*CompileOrDie(
                "local t = 1\nfor k in t do\n  local function f(a) return t end\nend")),
            R"(main <test:0-0> 0 parameters and varargs, 9 registers, 1 call site, 1 loop
  local R0 t [1, 12)
  local R1 (for state) [3, 11)
  local R2 (for state) [3, 11)
  local R3 (for state) [3, 11)
  local R4 (for state) [3, 11)
  local R5 k [5, 6)
  upvalue U0 _ENV = parent's R0
     0 [1] LoadInt   dst=R0 value=1
     1 [2] Move      dst=R1 src=R0
     2 [2] LoadNil   first=R2 count=3
     3 [2] TForPrep  base=R1 call=6
     5 [3] Closure   dst=R6 child=F0  ; line 3
     6 [2] TForCall  base=R1 results=1 site=0
     8 [2] TForLoop  base=R1 loop=0 body=5
    10 [4] Close     first=R1
    11 [4] Return    first=R0 count=0 flags=close|vararg

function <test:3-3> 1 parameter, 2 registers, 0 call sites, 0 loops
  local R0 a [0, 3)
  upvalue U0 t = parent's R0
     0 [3] GetUpval  dst=R1 index=U0  ; t
     1 [3] Return1   src=R1
     2 [3] Return0  
)");
}

}  // namespace
}  // namespace perilune::lang
