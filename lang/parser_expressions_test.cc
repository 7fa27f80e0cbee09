// Expressions: how they are grouped, what is constant, and which lines they get.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/ast.h"
#include "lang/ast_printer.h"
#include "lang/parser.h"

namespace perilune::lang {
namespace {

std::unique_ptr<Ast> ParseOrDie(std::string_view source) {
  absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, "=x");
  EXPECT_TRUE(ast.ok()) << ast.status();
  return ast.ok() ? *std::move(ast) : nullptr;
}

// The value of the last statement, `return e`, of a chunk.
const Expr& Returned(const Ast& ast) {
  return *As<ReturnStatement>(*ast.main->body->statements.back()).values[0];
}

// The dump of `expression`, in which a to d are local variables 0 to 3.
std::string Print(std::string_view expression) {
  const std::unique_ptr<Ast> ast =
      ParseOrDie(absl::StrCat("local a, b, c, d; return ", expression));
  std::string result = PrintExpr(Returned(*ast));
  for (const std::string_view mark : {"#0", "#1", "#2", "#3"}) {
    for (size_t at; (at = result.find(mark)) != std::string::npos;) result.erase(at, mark.size());
  }
  return result;
}

TEST(ExpressionTest, Precedence) {
  EXPECT_EQ(Print("a or b and c < d"), "(a or (b and (c < d)))");
  EXPECT_EQ(Print("a < b | c ~ d & a << b .. c + d * -a ^ b"),
            "(a < (b | (c ~ (d & (a << (b .. (c + (d * (-(a ^ b))))))))))");
}

TEST(ExpressionTest, EveryOperator) {
  for (const std::string_view op : {"+",  "-",  "*",  "/",  "//", "%",  "^", "..", "&",   "|", "~",
                                    "<<", ">>", "==", "~=", "<",  "<=", ">", ">=", "and", "or"}) {
    EXPECT_EQ(Print(absl::StrCat("a ", op, " b")), absl::StrCat("(a ", op, " b)"));
  }
  EXPECT_EQ(Print("-a"), "(-a)");
  EXPECT_EQ(Print("~a"), "(~a)");
  EXPECT_EQ(Print("#a"), "(#a)");
  EXPECT_EQ(Print("not a"), "(not a)");
}

TEST(ExpressionTest, Associativity) {
  EXPECT_EQ(Print("a - b - c"), "((a - b) - c)");
  EXPECT_EQ(Print("a .. b .. c"), "(a .. (b .. c))");
  EXPECT_EQ(Print("a ^ b ^ c"), "(a ^ (b ^ c))");
  EXPECT_EQ(Print("a << b >> c"), "((a << b) >> c)");
  EXPECT_EQ(Print("a < b == c"), "((a < b) == c)");
  EXPECT_EQ(Print("a or b or c"), "((a or b) or c)");
  EXPECT_EQ(Print("2 ^ -b"), "(2 ^ (-b))");
  EXPECT_EQ(Print("-a ^ b"), "(-(a ^ b))");
  EXPECT_EQ(Print("not a == b"), "((not a) == b)");
  EXPECT_EQ(Print("-a .. b"), "((-a) .. b)");
}

TEST(ExpressionTest, Suffixes) {
  EXPECT_EQ(Print("a.b[c].d"), "a[\"b\"][c][\"d\"]");
  EXPECT_EQ(Print("a(b)(c, d)()"), "a(b)(c, d)()");
  EXPECT_EQ(Print("a:m(b):n'x'{c}"), "a:m(b):n(\"x\")({c})");
  EXPECT_EQ(Print("(a)(b)"), "paren(a)(b)");
  EXPECT_EQ(Print("(a)"), "paren(a)");
  EXPECT_EQ(Print("(a.b)(...)"), "paren(a[\"b\"])(...)");
}

TEST(ExpressionTest, Tables) {
  EXPECT_EQ(Print("{}"), "{}");
  EXPECT_EQ(Print("{a, x = b; [c] = d, a(),}"), "{a, [\"x\"] = b, [c] = d, a()}");
  const std::unique_ptr<Ast> ast = ParseOrDie("return {1, x = 2, 3, [4] = 5, ...}");
  const auto& table = As<TableExpr>(Returned(*ast));
  EXPECT_EQ(table.positional_count, 3u);
  EXPECT_EQ(table.keyed_count, 2u);
  EXPECT_TRUE(table.last_is_multi);
  EXPECT_FALSE(As<TableExpr>(Returned(*ParseOrDie("return {..., x = 1}"))).last_is_multi);
  EXPECT_FALSE(As<TableExpr>(Returned(*ParseOrDie("return {(...)}"))).last_is_multi);
}

TEST(ExpressionTest, Constants) {
  EXPECT_EQ(Print("nil"), "nil");
  EXPECT_EQ(Print("'a\\n'"), "\"a\\n\"");
  EXPECT_EQ(Print("0x10"), "16");
  EXPECT_EQ(Print("1e1"), "10.0");
  EXPECT_EQ(Print("2 * 3 + a"), "((2 * 3){=6} + a)");
  EXPECT_EQ(Print("-(1)"), "(-paren(1){=1}){=-1}");
  EXPECT_EQ(Print("1 // 0"), "(1 // 0)");
  EXPECT_EQ(Print("1 < 2"), "(1 < 2)");
  EXPECT_EQ(Print("'a' .. 'b'"), "(\"a\" .. \"b\")");
  EXPECT_EQ(Print("not nil"), "(not nil){=true}");
}

TEST(ExpressionTest, CompileTimeConstants) {
  const auto last_local = [](std::string_view source) {
    return *ParseOrDie(source)->main->locals.back();
  };
  EXPECT_EQ(last_local("local x <const> = 5").attrib, Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local x <const> = -5 * 2").attrib, Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local x <const> = 'a'").attrib, Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local x <const> = nil").attrib, Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local a, x <const> = f(), 1").attrib, Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local y <const> = 1; local x <const> = y + 1").attrib,
            Attrib::kCompileTimeConstant);
  EXPECT_EQ(last_local("local x <const> = {}").attrib, Attrib::kConst);
  EXPECT_EQ(last_local("local x <const>").attrib, Attrib::kConst);
  EXPECT_EQ(last_local("local x <const> = 1, 2").attrib, Attrib::kConst);
  EXPECT_EQ(last_local("local a, x <const> = 1").attrib, Attrib::kConst);
  EXPECT_EQ(last_local("local x <const> = 1 < 2").attrib, Attrib::kConst);
  EXPECT_EQ(last_local("local x = 1").attrib, Attrib::kRegular);
}

TEST(ExpressionTest, ConstantsAreNoUpvalues) {
  const std::unique_ptr<Ast> ast =
      ParseOrDie("local x <const> = 5; return function() return x end");
  const FunctionBody& function = *ast->main->children[0];
  EXPECT_TRUE(function.upvalues.empty());
  EXPECT_FALSE(ast->main->locals[0]->captured);
  const auto& exit = As<ReturnStatement>(*function.body->statements[0]);
  EXPECT_EQ(PrintExpr(*exit.values[0]), "x{=5}");
}

// ----------------------------------------------------------------------------------------------
// Lines, as lua5.4 reports them when the instruction fails.

int32_t LineOf(std::string_view expression) {
  return Returned(*ParseOrDie(absl::StrCat("return ", expression))).line;
}

TEST(ExpressionLineTest, Operators) {
  EXPECT_EQ(LineOf("a\n+\nb"), 2);
  EXPECT_EQ(LineOf("a\n..\nb"), 2);
  EXPECT_EQ(LineOf("\n-\na"), 2);
  EXPECT_EQ(LineOf("a\n<\nb"), 3);
  EXPECT_EQ(LineOf("a\n==\nb\n.c"), 4);
}

TEST(ExpressionLineTest, Calls) {
  EXPECT_EQ(LineOf("\nf\n(\na)"), 2);
  EXPECT_EQ(LineOf("\nf\n.x\n.y\n{}"), 2);
  EXPECT_EQ(LineOf("\nf\n:m\n()"), 2);
  EXPECT_EQ(As<MethodCallExpr>(Returned(*ParseOrDie("return f\n:\nm\n()"))).name_line, 3);
}

TEST(ExpressionLineTest, FieldsAreReadWhenTheValueIsNeeded) {
  EXPECT_EQ(LineOf("t\n.x"), 2);
  EXPECT_EQ(LineOf("t[\n1\n]"), 3);
  const auto lhs_line = [](std::string_view expression) {
    const std::unique_ptr<Ast> ast = ParseOrDie(absl::StrCat("return ", expression));
    return LeftOperand(Returned(*ast))->line;
  };
  EXPECT_EQ(lhs_line("t.x\n+ 1"), 2);
  EXPECT_EQ(lhs_line("t.x\nand 1"), 2);
  EXPECT_EQ(lhs_line("t.x\n:\ny\n()"), 3);
  EXPECT_EQ(lhs_line("t.x\n.y"), 1);
  const std::unique_ptr<Ast> ast = ParseOrDie("return f(t.x\n, t.y\n)");
  const auto& call = As<CallExpr>(Returned(*ast));
  EXPECT_EQ(call.args[0]->line, 2);
  EXPECT_EQ(call.args[1]->line, 3);
}

TEST(ExpressionLineTest, TableItems) {
  const std::unique_ptr<Ast> ast = ParseOrDie("return {\nt.x\n,\ny = t.y\n, t.z\n}");
  const auto& table = As<TableExpr>(Returned(*ast));
  EXPECT_EQ(table.line, 1);
  EXPECT_EQ(table.end_line, 6);
  EXPECT_EQ(table.items[0].value->line, 3);
  EXPECT_EQ(table.items[1].value->line, 4);
  EXPECT_EQ(table.items[1].line, 4);
  EXPECT_EQ(table.items[2].value->line, 6);
}

TEST(ExpressionTest, LeftSpinesCanBeWalked) {
  std::string source = "return a";
  for (int i = 0; i < 50'000; ++i) source += "+b.c(1)";
  const std::unique_ptr<Ast> ast = ParseOrDie(source);
  size_t length = 0;
  for (const Expr* expr = &Returned(*ast); expr != nullptr; expr = LeftOperand(*expr)) ++length;
  EXPECT_EQ(length, 50'001u);
}

}  // namespace
}  // namespace perilune::lang
