// Statements: their parts, their lines, and what functions know of themselves.

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "lang/ast.h"
#include "lang/parser.h"

namespace perilune::lang {
namespace {

std::unique_ptr<Ast> ParseOrDie(std::string_view source) {
  absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, "=x");
  EXPECT_TRUE(ast.ok()) << ast.status();
  return ast.ok() ? *std::move(ast) : nullptr;
}

template <typename T>
const T& First(const Ast& ast) {
  const Statement& statement = *ast.main->body->statements[0];
  EXPECT_EQ(statement.kind, T::kKind);
  return As<T>(statement);
}

TEST(StatementTest, EmptyChunk) {
  const std::unique_ptr<Ast> ast = ParseOrDie("");
  EXPECT_TRUE(ast->main->body->statements.empty());
  EXPECT_TRUE(ast->main->is_vararg);
  EXPECT_EQ(ast->main->return_line, 1);
  ASSERT_EQ(ast->main->upvalues.size(), 1u);
  EXPECT_EQ(ast->main->upvalues[0].name, "_ENV");
  EXPECT_TRUE(ParseOrDie(";;;")->main->body->statements.empty());
}

TEST(StatementTest, Local) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local a, b <close>, c <const> = 1, f(\n)");
  const auto& local = First<LocalStatement>(*ast);
  EXPECT_EQ(local.line, 2);
  EXPECT_EQ(local.variables.size(), 3u);
  EXPECT_EQ(local.values.size(), 2u);
  EXPECT_EQ(local.to_be_closed, local.variables[1]);
  EXPECT_EQ(local.variables[2]->attrib, Attrib::kConst);
  EXPECT_TRUE(ast->main->body->needs_close);
  EXPECT_TRUE(ast->main->needs_close);
}

TEST(StatementTest, InitialisersDoNotSeeTheirVariables) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local x = x");
  EXPECT_EQ(First<LocalStatement>(*ast).values[0]->kind, ExprKind::kGlobal);
}

TEST(StatementTest, LocalFunctionsSeeThemselves) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local function f() return f end");
  EXPECT_TRUE(First<LocalFunctionStatement>(*ast).variable->captured);
}

TEST(StatementTest, Assignment) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local a; a, b.c, d[1], e = f\n()");
  const auto& assign = As<AssignStatement>(*ast->main->body->statements[1]);
  EXPECT_EQ(assign.line, 2);
  ASSERT_EQ(assign.targets.size(), 4u);
  EXPECT_EQ(assign.targets[0]->kind, ExprKind::kLocal);
  EXPECT_EQ(assign.targets[1]->kind, ExprKind::kIndex);
  EXPECT_EQ(assign.targets[2]->kind, ExprKind::kIndex);
  EXPECT_EQ(assign.targets[3]->kind, ExprKind::kGlobal);
  EXPECT_EQ(assign.values.size(), 1u);
}

TEST(StatementTest, If) {
  const std::unique_ptr<Ast> ast = ParseOrDie("if a.b\nthen elseif c then f() else g() end");
  const auto& choice = First<IfStatement>(*ast);
  ASSERT_EQ(choice.clauses.size(), 2u);
  EXPECT_EQ(choice.clauses[0].condition->line, 2);
  EXPECT_EQ(choice.clauses[1].body->statements.size(), 1u);
  ASSERT_NE(choice.otherwise, nullptr);
  EXPECT_EQ(First<IfStatement>(*ParseOrDie("if a then end")).otherwise, nullptr);
}

TEST(StatementTest, NumericFor) {
  const std::unique_ptr<Ast> ast = ParseOrDie("for i = 1,\n2\ndo\nend");
  const auto& loop = First<NumericForStatement>(*ast);
  EXPECT_EQ(loop.line, 1);
  EXPECT_EQ(loop.do_line, 3);
  EXPECT_EQ(loop.variable->name, "i");
  EXPECT_EQ(loop.step, nullptr);
  ASSERT_EQ(loop.state.size(), 3u);
  EXPECT_EQ(loop.state[0]->name, "(for state)");
  EXPECT_EQ(loop.variable->outer, loop.state[2]);
  EXPECT_FALSE(ast->main->needs_close);
  EXPECT_NE(First<NumericForStatement>(*ParseOrDie("for i = 1, 2, 3 do end")).step, nullptr);
}

TEST(StatementTest, GenericFor) {
  const std::unique_ptr<Ast> ast = ParseOrDie("for k,\nv in\npairs(t)\ndo\nend");
  const auto& loop = First<GenericForStatement>(*ast);
  EXPECT_EQ(loop.line, 3);
  EXPECT_EQ(loop.do_line, 4);
  EXPECT_EQ(loop.variables.size(), 2u);
  ASSERT_EQ(loop.state.size(), 4u);
  EXPECT_TRUE(loop.state[3]->needs_close());
  EXPECT_FALSE(loop.body->needs_close);
  EXPECT_TRUE(ast->main->needs_close);
}

TEST(StatementTest, LoopVariablesCanBeCaptured) {
  const std::unique_ptr<Ast> numeric = ParseOrDie("for i = 1, 2 do f(function() return i end) end");
  EXPECT_TRUE(First<NumericForStatement>(*numeric).body->needs_close);
  const std::unique_ptr<Ast> generic =
      ParseOrDie("for k, v in x do f(function() return v end) end");
  EXPECT_TRUE(First<GenericForStatement>(*generic).body->needs_close);
}

TEST(StatementTest, RepeatConditionSeesTheBody) {
  const std::unique_ptr<Ast> ast = ParseOrDie("repeat\nlocal x\nuntil\nx");
  const auto& loop = First<RepeatStatement>(*ast);
  EXPECT_EQ(loop.condition->kind, ExprKind::kLocal);
  EXPECT_EQ(loop.end_line, 4);
  EXPECT_FALSE(loop.body->needs_close);
  const std::unique_ptr<Ast> captured =
      ParseOrDie("repeat local x until (function() return x end)()");
  EXPECT_TRUE(First<RepeatStatement>(*captured).body->needs_close);
}

TEST(StatementTest, WhileAndDo) {
  const std::unique_ptr<Ast> ast = ParseOrDie("while x do do f() end end");
  const auto& loop = First<WhileStatement>(*ast);
  ASSERT_EQ(loop.body->statements.size(), 1u);
  EXPECT_EQ(As<DoStatement>(*loop.body->statements[0]).body->statements.size(), 1u);
}

TEST(StatementTest, Functions) {
  const std::unique_ptr<Ast> ast = ParseOrDie("\nfunction a.b:c(x,\n...)\nreturn self\nend\n");
  const auto& statement = First<FunctionStatement>(*ast);
  EXPECT_EQ(statement.line, 2);
  EXPECT_EQ(statement.target->kind, ExprKind::kIndex);
  EXPECT_EQ(statement.function->line, 5);
  const FunctionBody& body = *statement.function->body;
  EXPECT_EQ(body.name, "a.b:c");
  EXPECT_EQ(body.parent, ast->main);
  EXPECT_EQ(body.line_defined, 2);
  EXPECT_EQ(body.last_line_defined, 5);
  EXPECT_EQ(body.return_line, 5);
  EXPECT_TRUE(body.is_vararg);
  ASSERT_EQ(body.params.size(), 2u);
  EXPECT_EQ(body.params[0]->name, "self");
  EXPECT_EQ(ast->main->return_line, 5);
  EXPECT_EQ(ast->main->line_defined, 0);
  EXPECT_EQ(ast->main->last_line_defined, 0);
}

TEST(StatementTest, AnonymousFunctionsStartAtTheirParameters) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local f = function\n() end");
  EXPECT_EQ(ast->main->children[0]->line_defined, 2);
  EXPECT_EQ(ast->main->children[0]->name, "");
}

TEST(StatementTest, ReturnsAndTailCalls) {
  const auto is_tail_call = [](std::string_view source) {
    const std::unique_ptr<Ast> ast = ParseOrDie(source);
    const Statement* last = ast->main->body->statements.back();
    if (last->kind == StatementKind::kDo) last = As<DoStatement>(*last).body->statements.back();
    if (last->kind == StatementKind::kGenericFor) {
      last = As<GenericForStatement>(*last).body->statements.back();
    }
    return As<ReturnStatement>(*last).is_tail_call;
  };
  EXPECT_TRUE(is_tail_call("return f()"));
  EXPECT_TRUE(is_tail_call("return a:f()"));
  EXPECT_TRUE(is_tail_call("do local x <close> = nil end return f()"));
  EXPECT_FALSE(is_tail_call("return (f())"));
  EXPECT_FALSE(is_tail_call("return f(), 1"));
  EXPECT_FALSE(is_tail_call("return f"));
  EXPECT_FALSE(is_tail_call("return ..."));
  EXPECT_FALSE(is_tail_call("local x <close> = nil return f()"));
  EXPECT_FALSE(is_tail_call("local x <close> = nil do return f() end"));
  EXPECT_FALSE(is_tail_call("for k in x do return f() end"));
}

TEST(StatementTest, ReturnLineIsThatOfItsLastToken) {
  EXPECT_EQ(First<ReturnStatement>(*ParseOrDie("return\nf(\n)\n;")).line, 3);
  EXPECT_EQ(First<ReturnStatement>(*ParseOrDie("return\n;")).line, 1);
}

}  // namespace
}  // namespace perilune::lang
