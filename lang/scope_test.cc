// Name resolution, seen through parsed chunks.

#include "lang/scope.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

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

const LocalVar& LocalNamed(const FunctionBody& function, std::string_view name) {
  for (const LocalVar* variable : function.locals) {
    if (variable->name == name) return *variable;
  }
  ADD_FAILURE() << "no variable " << name;
  return *function.locals[0];
}

void CollectGotos(const Block& block, std::vector<const GotoStatement*>* gotos) {
  for (const Statement* statement : block.statements) {
    switch (statement->kind) {
      case StatementKind::kGoto:
        gotos->push_back(&As<GotoStatement>(*statement));
        break;
      case StatementKind::kDo:
        CollectGotos(*As<DoStatement>(*statement).body, gotos);
        break;
      case StatementKind::kWhile:
        CollectGotos(*As<WhileStatement>(*statement).body, gotos);
        break;
      case StatementKind::kRepeat:
        CollectGotos(*As<RepeatStatement>(*statement).body, gotos);
        break;
      case StatementKind::kNumericFor:
        CollectGotos(*As<NumericForStatement>(*statement).body, gotos);
        break;
      case StatementKind::kGenericFor:
        CollectGotos(*As<GenericForStatement>(*statement).body, gotos);
        break;
      case StatementKind::kIf:
        for (const IfClause& clause : As<IfStatement>(*statement).clauses) {
          CollectGotos(*clause.body, gotos);
        }
        break;
      default:
        break;
    }
  }
}

// The only goto or break of the main function.
const GotoStatement& OnlyGoto(const Ast& ast) {
  std::vector<const GotoStatement*> gotos;
  CollectGotos(*ast.main->body, &gotos);
  EXPECT_EQ(gotos.size(), 1u);
  return *gotos.at(0);
}

TEST(ScopeTest, InnerVariablesHideOuterOnes) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local x; do local x; f(x) end g(x)");
  const auto& inner = As<DoStatement>(*ast->main->body->statements[1]);
  const auto argument = [](const Statement& call) {
    return As<LocalExpr>(*As<CallExpr>(*As<CallStatement>(call).call).args[0]).variable;
  };
  EXPECT_EQ(argument(*inner.body->statements[1])->index, 1u);
  EXPECT_EQ(argument(*ast->main->body->statements[2])->index, 0u);
}

TEST(ScopeTest, VariablesAreLinkedToTheOnesOutside) {
  const std::unique_ptr<Ast> ast = ParseOrDie("local a, b; do local c end local d");
  const auto locals = ast->main->locals;
  EXPECT_EQ(locals[0]->outer, nullptr);
  EXPECT_EQ(locals[1]->outer, locals[0]);
  EXPECT_EQ(locals[2]->outer, locals[1]);
  EXPECT_EQ(locals[3]->outer, locals[1]);
}

TEST(ScopeTest, UpvaluesPassThroughFunctions) {
  const std::unique_ptr<Ast> ast = ParseOrDie(
      "local x, y; function f() return function() return x, y, x, z end end local unused");
  const FunctionBody& outer = *ast->main->children[0];
  const FunctionBody& inner = *outer.children[0];
  ASSERT_EQ(outer.upvalues.size(), 3u);
  EXPECT_EQ(outer.upvalues[0].name, "x");
  EXPECT_EQ(outer.upvalues[0].parent_local, ast->main->locals[0]);
  EXPECT_EQ(outer.upvalues[2].name, "_ENV");
  EXPECT_EQ(outer.upvalues[2].parent_local, nullptr);
  EXPECT_EQ(outer.upvalues[2].parent_upvalue, 0u);
  ASSERT_EQ(inner.upvalues.size(), 3u);
  EXPECT_EQ(inner.upvalues[1].name, "y");
  EXPECT_EQ(inner.upvalues[1].parent_local, nullptr);
  EXPECT_EQ(inner.upvalues[1].parent_upvalue, 1u);
  EXPECT_TRUE(LocalNamed(*ast->main, "x").captured);
  EXPECT_TRUE(LocalNamed(*ast->main, "y").captured);
  EXPECT_FALSE(LocalNamed(*ast->main, "unused").captured);
}

TEST(ScopeTest, BlocksKnowWhatToClose) {
  const std::unique_ptr<Ast> ast =
      ParseOrDie("do local x; function f() return x end end do local y end");
  EXPECT_TRUE(As<DoStatement>(*ast->main->body->statements[0]).body->needs_close);
  EXPECT_FALSE(As<DoStatement>(*ast->main->body->statements[1]).body->needs_close);
  EXPECT_FALSE(ast->main->body->needs_close);
  EXPECT_TRUE(ast->main->needs_close);
  EXPECT_FALSE(ast->main->children[0]->needs_close);
}

TEST(ScopeTest, EnvironmentIsAVariable) {
  const std::unique_ptr<Ast> local = ParseOrDie("local _ENV = {}; return x");
  const auto& exit = As<ReturnStatement>(*local->main->body->statements[1]);
  EXPECT_EQ(As<GlobalExpr>(*exit.values[0]).env->kind, ExprKind::kLocal);
  const std::unique_ptr<Ast> param = ParseOrDie("function f(_ENV) return function() x = 1 end end");
  EXPECT_TRUE(param->main->children[0]->params[0]->captured);
  const std::unique_ptr<Ast> constant = ParseOrDie("local _ENV <const> = nil; return x");
  const auto& exit_nil = As<ReturnStatement>(*constant->main->body->statements[1]);
  EXPECT_EQ(As<GlobalExpr>(*exit_nil.values[0]).env->kind, ExprKind::kConstant);
}

TEST(ScopeTest, BreakLeadsToTheInnermostLoop) {
  const std::unique_ptr<Ast> ast = ParseOrDie("while a do repeat break until b end");
  const auto& outer = As<WhileStatement>(*ast->main->body->statements[0]);
  const auto& inner = As<RepeatStatement>(*outer.body->statements[0]);
  const GotoStatement& jump = OnlyGoto(*ast);
  EXPECT_EQ(jump.target, inner.end_label);
  EXPECT_TRUE(jump.is_break);
  EXPECT_FALSE(jump.is_backward);
  EXPECT_FALSE(jump.needs_close);
  EXPECT_TRUE(inner.end_label->used);
  EXPECT_FALSE(outer.end_label->used);
}

TEST(ScopeTest, GotosForwardAndBackward) {
  const std::unique_ptr<Ast> forward = ParseOrDie("do goto l end ::l:: f()");
  EXPECT_EQ(OnlyGoto(*forward).target->name, "l");
  EXPECT_FALSE(OnlyGoto(*forward).is_backward);
  const std::unique_ptr<Ast> backward = ParseOrDie("::l:: do goto l end");
  EXPECT_TRUE(OnlyGoto(*backward).is_backward);
  EXPECT_EQ(backward->main->label_count, 1u);
}

TEST(ScopeTest, LabelsCanBeReusedInDisjointBlocks) {
  const std::unique_ptr<Ast> ast = ParseOrDie("do ::l:: end do ::l:: goto l end");
  EXPECT_EQ(OnlyGoto(*ast).target->index, 1u);
}

TEST(ScopeTest, LabelAtTheEndOfABlockIsOutsideOfItsVariables) {
  const std::unique_ptr<Ast> ast = ParseOrDie("do goto l; local x; ::l:: ; ::m:: end");
  EXPECT_EQ(OnlyGoto(*ast).target->innermost, nullptr);
}

struct CloseCase {
  std::string_view source;
  bool needs_close;
};

TEST(ScopeTest, GotosKnowWhetherTheyClose) {
  constexpr CloseCase kCases[] = {
      {"while a do local x; break end", false},
      {"while a do local x; f(function() return x end) break end", true},
      {"while a do local x <close> = b; break end", true},
      {"while a do local x; do local y; f(function() return y end) end break end", false},
      {"local x; while a do f(function() return x end) break end", false},
      {"for i = 1, 2 do break end", false},
      {"for i = 1, 2 do f(function() return i end) break end", true},
      {"for k in x do break end", true},
      {"for k in x do goto next; ::next:: end", false},
      {"for k in x do local y; f(function() return y end) goto next; ::next:: end", true},
      {"::l:: local x; f(function() return x end) goto l", true},
      {"local x; ::l:: f(function() return x end) goto l", false},
      {"do local x; do goto l end f(function() return x end) end ::l:: g()", true},
      {"do goto l; local x; f(function() return x end) ::l:: end", false},
  };
  for (const CloseCase& test : kCases) {
    EXPECT_EQ(OnlyGoto(*ParseOrDie(test.source)).needs_close, test.needs_close) << test.source;
  }
}

}  // namespace
}  // namespace perilune::lang
