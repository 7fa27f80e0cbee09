#include "lang/symbolic_execution.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/bytecode.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

std::string ToString(const std::optional<ValueName>& name) {
  return name.has_value() ? absl::StrCat(name->kind, " '", name->name, "'") : "none";
}

// Where the last instruction `op` is.
size_t FindLast(const Proto& proto, Op op) {
  size_t found = proto.code.size();
  for (size_t pc = 0; pc < proto.code.size(); pc += InstructionWords(OpOf(proto.code[pc]))) {
    if (OpOf(proto.code[pc]) == op) found = pc;
  }
  EXPECT_LT(found, proto.code.size()) << "no " << OpName(op);
  return found;
}

// The name of what the last call of `source` calls.
std::string Callee(std::string_view source) {
  const auto proto = CompileOrDie(source);
  return ToString(FunctionNameAt(*proto, FindLast(*proto, Op::kCall)));
}

// The name of the register operand in `column` of the last `op`.
std::string Operand(std::string_view source, Op op, Column column) {
  const auto proto = CompileOrDie(source);
  const size_t pc = FindLast(*proto, op);
  return ToString(
      NameOfRegister(*proto, pc, ReadOperand<OperandKind::kIn>(column, &proto->code[pc])));
}

TEST(SymbolicExecutionTest, Callees) {
  EXPECT_EQ(Callee("f()"), "global 'f'");
  EXPECT_EQ(Callee("local f; f()"), "local 'f'");
  EXPECT_EQ(Callee("t.f()"), "field 'f'");
  EXPECT_EQ(Callee("t.a.f()"), "field 'f'");
  EXPECT_EQ(Callee("t[1]()"), "field 'integer index'");
  EXPECT_EQ(Callee("t['f']()"), "field 'f'");
  EXPECT_EQ(Callee("local k; t[k]()"), "field '?'");
  EXPECT_EQ(Callee("local k = 'f'; t[k]()"), "field '?'");
  EXPECT_EQ(Callee("t:f()"), "method 'f'");
  EXPECT_EQ(Callee("local t; t:f(1, t.x)"), "method 'f'");
  EXPECT_EQ(Callee("(f or g)()"), "none");
  EXPECT_EQ(Callee("f()()"), "none");
  EXPECT_EQ(Callee("('x')()"), "constant 'x'");
  EXPECT_EQ(Callee("f(g())"), "global 'f'");
  EXPECT_EQ(Callee("f(a and b)"), "global 'f'");
}

TEST(SymbolicExecutionTest, Environments) {
  EXPECT_EQ(Callee("local _ENV = {}; f()"), "global 'f'");
  EXPECT_EQ(Callee("local _ENV; local k = 1; _ENV[k]()"), "global '?'");
  EXPECT_EQ(Callee("local env; env.f()"), "field 'f'");
  const auto proto = CompileOrDie("local t; local function f() t.x() end");
  const Proto& f = *proto->children[0];
  EXPECT_EQ(ToString(FunctionNameAt(f, FindLast(f, Op::kCall))), "field 'x'");
}

TEST(SymbolicExecutionTest, Upvalues) {
  const auto proto = CompileOrDie("local t; local function f() return t + 1 end");
  const Proto& f = *proto->children[0];
  EXPECT_EQ(ToString(NameOfRegister(f, FindLast(f, Op::kAddK), 0)), "upvalue 't'");
}

TEST(SymbolicExecutionTest, Operands) {
  EXPECT_EQ(Operand("return x + 1", Op::kAddK, Column::kB), "global 'x'");
  EXPECT_EQ(Operand("local x; return x + 1", Op::kAddK, Column::kB), "local 'x'");
  EXPECT_EQ(Operand("return 'a' + 1", Op::kAddK, Column::kB), "constant 'a'");
  EXPECT_EQ(Operand("return 1 + a.b", Op::kAdd, Column::kC), "field 'b'");
  EXPECT_EQ(Operand("return -(1 // 0)", Op::kUnm, Column::kB), "none");
  EXPECT_EQ(Operand("return a.b.c", Op::kGetField, Column::kB), "field 'b'");
  // What a Move copied keeps its name.
  const auto proto = CompileOrDie("local a, b = f(); return a .. b");
  const size_t concat = FindLast(*proto, Op::kConcat);
  EXPECT_EQ(ToString(NameOfRegister(*proto, concat, 2)), "local 'a'");
  EXPECT_EQ(ToString(NameOfRegister(*proto, concat, 3)), "local 'b'");
}

TEST(SymbolicExecutionTest, JumpsMakeUncertain) {
  EXPECT_EQ(Operand("return (x and y) + 1", Op::kAddK, Column::kB), "none");
  EXPECT_EQ(Operand("return -(x or 1)", Op::kUnm, Column::kB), "none");
  // Jumps that are over do not.
  EXPECT_EQ(Operand("if a then b() end return x + 1", Op::kAddK, Column::kB), "global 'x'");
  EXPECT_EQ(Operand("while a do b() end return x + 1", Op::kAddK, Column::kB), "global 'x'");
  EXPECT_EQ(Operand("while a do b = x + 1 end", Op::kAddK, Column::kB), "global 'x'");
}

TEST(SymbolicExecutionTest, FunctionNames) {
  const auto at = [](std::string_view source, Op op) {
    const auto proto = CompileOrDie(source);
    return ToString(FunctionNameAt(*proto, FindLast(*proto, op)));
  };
  EXPECT_EQ(at("for k in f do end", Op::kTForCall), "for iterator 'for iterator'");
  EXPECT_EQ(at("return f(1)", Op::kTailCall), "global 'f'");
  EXPECT_EQ(at("return x.y", Op::kGetField), "metamethod 'index'");
  EXPECT_EQ(at("x.y = 1", Op::kSetField), "metamethod 'newindex'");
  EXPECT_EQ(at("return x + 1", Op::kAddK), "metamethod 'add'");
  EXPECT_EQ(at("return x .. 1", Op::kConcat), "metamethod 'concat'");
  EXPECT_EQ(at("return 1 < x", Op::kGtK), "metamethod 'lt'");
  EXPECT_EQ(at("return #x", Op::kLen), "metamethod 'len'");
  EXPECT_EQ(at("do local x <close> = y end", Op::kClose), "metamethod 'close'");
  EXPECT_EQ(at("local x = 1", Op::kLoadInt), "none");
}

// An op that calls metamethods has an event, others have none.
TEST(SymbolicExecutionTest, EventsOfOps) {
  EXPECT_EQ(MetamethodEvent(Op::kShrK), "shr");
  EXPECT_EQ(MetamethodEvent(Op::kIDiv), "idiv");
  EXPECT_EQ(MetamethodEvent(Op::kEqK), "");
  EXPECT_EQ(MetamethodEvent(Op::kMove), "");
}

TEST(SymbolicExecutionTest, Locals) {
  const auto proto = CompileOrDie("local a = 1; do local b = 2; f() end local c = 3; f()");
  EXPECT_EQ(LocalNameAt(*proto, 0, 0), std::nullopt);
  EXPECT_EQ(LocalNameAt(*proto, 1, 0), "a");
  EXPECT_EQ(LocalNameAt(*proto, 2, 1), "b");
  EXPECT_EQ(LocalNameAt(*proto, FindLast(*proto, Op::kCall), 1), "c");
}

// A method whose name does not fit Self is found by other instructions.
TEST(SymbolicExecutionTest, MethodWithDistantName) {
  std::string source = "local t\n";
  for (int i = 0; i < 300; ++i) absl::StrAppend(&source, "t.f", i, " = t\n");
  EXPECT_EQ(Callee(source + "t:x()"), "method 'x'");
  EXPECT_EQ(Callee(source + "x()"), "global 'x'");
  EXPECT_EQ(Callee(source + "t.x()"), "field 'x'");
}

}  // namespace
}  // namespace perilune::lang
