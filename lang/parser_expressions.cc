// Expressions: precedence climbing over operators, then loops over suffixes, so that only true
// nesting recurs.

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "lang/constant_folding.h"
#include "lang/parser_impl.h"

namespace perilune::lang {
namespace {

// Binding powers: an operator binds a left operand that ends with power above `limit`.
// Right-associative ones have a lower power on the right.
struct BinaryOperator {
  BinaryOp op;
  uint8_t left;
  uint8_t right;
};
constexpr int kUnaryPower = 12;

std::optional<BinaryOperator> BinaryOperatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr:
      return BinaryOperator{BinaryOp::kOr, 1, 1};
    case TokenKind::kAnd:
      return BinaryOperator{BinaryOp::kAnd, 2, 2};
    case TokenKind::kEqual:
      return BinaryOperator{BinaryOp::kEq, 3, 3};
    case TokenKind::kNotEqual:
      return BinaryOperator{BinaryOp::kNe, 3, 3};
    case TokenKind::kLess:
      return BinaryOperator{BinaryOp::kLt, 3, 3};
    case TokenKind::kLessEqual:
      return BinaryOperator{BinaryOp::kLe, 3, 3};
    case TokenKind::kGreater:
      return BinaryOperator{BinaryOp::kGt, 3, 3};
    case TokenKind::kGreaterEqual:
      return BinaryOperator{BinaryOp::kGe, 3, 3};
    case TokenKind::kPipe:
      return BinaryOperator{BinaryOp::kBitOr, 4, 4};
    case TokenKind::kTilde:
      return BinaryOperator{BinaryOp::kBitXor, 5, 5};
    case TokenKind::kAmpersand:
      return BinaryOperator{BinaryOp::kBitAnd, 6, 6};
    case TokenKind::kShiftLeft:
      return BinaryOperator{BinaryOp::kShl, 7, 7};
    case TokenKind::kShiftRight:
      return BinaryOperator{BinaryOp::kShr, 7, 7};
    case TokenKind::kConcat:
      return BinaryOperator{BinaryOp::kConcat, 9, 8};
    case TokenKind::kPlus:
      return BinaryOperator{BinaryOp::kAdd, 10, 10};
    case TokenKind::kMinus:
      return BinaryOperator{BinaryOp::kSub, 10, 10};
    case TokenKind::kStar:
      return BinaryOperator{BinaryOp::kMul, 11, 11};
    case TokenKind::kSlash:
      return BinaryOperator{BinaryOp::kDiv, 11, 11};
    case TokenKind::kDoubleSlash:
      return BinaryOperator{BinaryOp::kIDiv, 11, 11};
    case TokenKind::kPercent:
      return BinaryOperator{BinaryOp::kMod, 11, 11};
    case TokenKind::kCaret:
      return BinaryOperator{BinaryOp::kPow, 14, 13};
    default:
      return std::nullopt;
  }
}

std::optional<UnaryOp> UnaryOperatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNot:
      return UnaryOp::kNot;
    case TokenKind::kMinus:
      return UnaryOp::kNegate;
    case TokenKind::kTilde:
      return UnaryOp::kBitNot;
    case TokenKind::kHash:
      return UnaryOp::kLength;
    default:
      return std::nullopt;
  }
}

bool IsNumeral(const ConstantValue& value) { return std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value); }

bool IsComparison(BinaryOp op) { return op >= BinaryOp::kEq && op <= BinaryOp::kGe; }

}  // namespace

// ----------------------------------------------------------------------------------------------
// Making nodes

const ConstantValue* Parser::StoreConstant(const std::optional<ConstantValue>& value) {
  return value.has_value() ? arena_.New<ConstantValue>(*value) : nullptr;
}

Expr* Parser::MakeConstant(const ConstantValue& value, int32_t line) {
  ConstantExpr* expr = NewExpr<ConstantExpr>(line);
  expr->constant = arena_.New<ConstantValue>(value);
  return expr;
}

Expr* Parser::MakeVariable(std::string_view name) {
  const int32_t line = lexer_.last_line();
  const Resolution resolution = function_->Resolve(name);
  switch (resolution.kind) {
    case Resolution::Kind::kLocal: {
      LocalExpr* expr = NewExpr<LocalExpr>(line);
      expr->variable = resolution.variable;
      return expr;
    }
    case Resolution::Kind::kConstant: {
      ConstantExpr* expr = NewExpr<ConstantExpr>(line);
      expr->variable = resolution.variable;
      expr->constant = resolution.variable->value;
      return expr;
    }
    case Resolution::Kind::kUpvalue: {
      UpvalueExpr* expr = NewExpr<UpvalueExpr>(line);
      expr->index = resolution.upvalue;
      expr->name = name;
      return expr;
    }
    case Resolution::Kind::kGlobal:
      break;
  }
  GlobalExpr* expr = NewExpr<GlobalExpr>(line);
  expr->env = MakeVariable("_ENV");  // found: the main function has it as upvalue
  expr->name = name;
  return expr;
}

Expr* Parser::MakeUnary(UnaryOp op, const Expr* operand, int32_t line) {
  UnaryExpr* expr = NewExpr<UnaryExpr>(line);
  expr->op = op;
  expr->operand = operand;
  if (operand->constant != nullptr) {
    expr->constant = StoreConstant(FoldUnary(op, *operand->constant));
    Discharge(expr);
  }
  return expr;
}

Expr* Parser::MakeBinary(BinaryOp op, Expr* lhs, const Expr* rhs, int32_t line) {
  BinaryExpr* expr = NewExpr<BinaryExpr>(IsComparison(op) ? lexer_.last_line() : line);
  expr->op = op;
  expr->lhs = lhs;
  expr->rhs = rhs;
  if (lhs->constant != nullptr && rhs->constant != nullptr) {
    expr->constant = StoreConstant(FoldBinary(op, *lhs->constant, *rhs->constant));
    Discharge(expr);
  }
  // A numeral waits for the other operand.
  if (lhs->constant != nullptr && IsNumeral(*lhs->constant)) Discharge(lhs);
  return expr;
}

void Parser::Discharge(Expr* expr) {
  switch (expr->kind) {
    case ExprKind::kConstant:
    case ExprKind::kLocal:
    case ExprKind::kUpvalue:
    case ExprKind::kGlobal:
    case ExprKind::kIndex:
      break;
    default:
      if (expr->constant == nullptr) return;
  }
  expr->line = lexer_.last_line();
}

// ----------------------------------------------------------------------------------------------
// Operators

// subexpr -> (simple | unary-op subexpr) { binary-op subexpr }, with operators of a power above
// `limit`.
Expr* Parser::ParseSubexpr(int limit) {
  EnterLevel();
  Expr* expr;
  if (const std::optional<UnaryOp> unary = UnaryOperatorOf(lexer_.kind())) {
    const int32_t line = lexer_.line();
    lexer_.Next();
    const Expr* operand = ParseSubexpr(kUnaryPower);
    expr = MakeUnary(*unary, operand, line);
  } else {
    expr = ParseSimple();
  }
  while (const std::optional<BinaryOperator> binary = BinaryOperatorOf(lexer_.kind())) {
    if (binary->left <= limit) break;
    const int32_t line = lexer_.line();
    lexer_.Next();
    Discharge(expr);
    const Expr* rhs = ParseSubexpr(binary->right);
    expr = MakeBinary(binary->op, expr, rhs, line);
  }
  LeaveLevel();
  return expr;
}

// ----------------------------------------------------------------------------------------------
// Operands

// simple -> number | string | nil | true | false | ... | table | function body | suffixed
Expr* Parser::ParseSimple() {
  Expr* expr;
  const Token& token = lexer_.current();
  const int32_t line = lexer_.line();
  switch (token.kind) {
    case TokenKind::kInteger:
      expr = MakeConstant(token.integer, line);
      break;
    case TokenKind::kFloat:
      expr = MakeConstant(token.number, line);
      break;
    case TokenKind::kString:
      expr = MakeConstant(token.string, line);
      break;
    case TokenKind::kNil:
      expr = MakeConstant(std::monostate(), line);
      break;
    case TokenKind::kTrue:
      expr = MakeConstant(true, line);
      break;
    case TokenKind::kFalse:
      expr = MakeConstant(false, line);
      break;
    case TokenKind::kEllipsis:
      if (!function_->body()->is_vararg) {
        lexer_.SyntaxError("cannot use '...' outside a vararg function");
      }
      expr = NewExpr<VarargExpr>(lexer_.last_line());
      break;
    case TokenKind::kLeftBrace:
      return ParseTable();
    case TokenKind::kFunction:
      lexer_.Next();
      return ParseFunctionBody(/*name=*/"", /*is_method=*/false, lexer_.line());
    default:
      return ParseSuffixed();
  }
  lexer_.Next();
  return expr;
}

// primary -> name | '(' expr ')'
Expr* Parser::ParsePrimary() {
  const int32_t line = lexer_.line();
  if (At(TokenKind::kName)) return ParseName();
  if (Accept(TokenKind::kLeftParen)) {
    Expr* inner = ParseExpr();
    ExpectClosing(TokenKind::kRightParen, TokenKind::kLeftParen, line);
    Discharge(inner);
    ParenExpr* expr = NewExpr<ParenExpr>(lexer_.last_line());
    expr->inner = inner;
    expr->constant = inner->constant;
    return expr;
  }
  lexer_.SyntaxError("unexpected symbol");
  return MakeConstant(std::monostate(), line);
}

// suffixed -> primary { '.' name | '[' expr ']' | ':' name arguments | arguments }
Expr* Parser::ParseSuffixed() {
  const int32_t line = lexer_.line();
  Expr* expr = ParsePrimary();
  while (true) {
    switch (lexer_.kind()) {
      case TokenKind::kDot:
        expr = ParseField(expr);
        break;
      case TokenKind::kLeftBracket: {
        const Expr* key = ParseBracketKey();
        IndexExpr* index = NewExpr<IndexExpr>(lexer_.last_line());
        index->object = expr;
        index->key = key;
        expr = index;
        break;
      }
      case TokenKind::kColon:
        expr = ParseMethodCall(expr, line);
        break;
      case TokenKind::kLeftParen:
      case TokenKind::kString:
      case TokenKind::kLeftBrace:
        expr = ParseCall(expr, line);
        break;
      default:
        return expr;
    }
  }
}

Expr* Parser::ParseName() { return MakeVariable(ExpectName()); }

Expr* Parser::ParseField(Expr* object) {
  lexer_.Next();  // the dot or colon
  const std::string_view name = ExpectName();
  IndexExpr* expr = NewExpr<IndexExpr>(lexer_.last_line());
  expr->object = object;
  expr->key = MakeConstant(name, lexer_.last_line());
  return expr;
}

Expr* Parser::ParseBracketKey() {
  lexer_.Next();  // the bracket
  Expr* key = ParseExpr();
  Expect(TokenKind::kRightBracket);
  return key;
}

// ----------------------------------------------------------------------------------------------
// Calls

void Parser::ParseExprList(Expressions* list) {
  list->last = ParseExpr();
  list->items.push_back(list->last);
  while (Accept(TokenKind::kComma)) {
    Discharge(list->last);
    list->last = ParseExpr();
    list->items.push_back(list->last);
  }
}

// arguments -> '(' [ exprs ] ')' | table | string
void Parser::ParseArguments(int32_t line, Expressions* arguments) {
  switch (lexer_.kind()) {
    case TokenKind::kLeftParen:
      lexer_.Next();
      if (!At(TokenKind::kRightParen)) ParseExprList(arguments);
      ExpectClosing(TokenKind::kRightParen, TokenKind::kLeftParen, line);
      if (arguments->last != nullptr) Discharge(arguments->last);
      break;
    case TokenKind::kLeftBrace:
      arguments->items.push_back(ParseTable());
      break;
    case TokenKind::kString:
      arguments->items.push_back(MakeConstant(lexer_.current().string, lexer_.line()));
      lexer_.Next();
      break;
    default:
      lexer_.SyntaxError("function arguments expected");
  }
}

Expr* Parser::ParseCall(Expr* callee, int32_t line) {
  Expressions arguments;
  ParseArguments(line, &arguments);
  CallExpr* expr = NewExpr<CallExpr>(line);
  expr->callee = callee;
  expr->args = CopyList(arguments.items);
  return expr;
}

Expr* Parser::ParseMethodCall(Expr* object, int32_t line) {
  lexer_.Next();  // the colon
  const std::string_view name = ExpectName();
  Discharge(object);
  const int32_t name_line = lexer_.last_line();
  Expressions arguments;
  ParseArguments(line, &arguments);
  MethodCallExpr* expr = NewExpr<MethodCallExpr>(line);
  expr->name_line = name_line;
  expr->object = object;
  expr->name = name;
  expr->args = CopyList(arguments.items);
  return expr;
}

// ----------------------------------------------------------------------------------------------
// Tables

// table -> '{' [ item { (',' | ';') item } [ ',' | ';' ] ] '}'
Expr* Parser::ParseTable() {
  const int32_t line = lexer_.line();
  TableExpr* table = NewExpr<TableExpr>(lexer_.last_line());
  absl::InlinedVector<TableItem, 4> items;
  Expr* pending = nullptr;  // a positional value whose instruction is not yet emitted
  Expect(TokenKind::kLeftBrace);
  do {
    if (At(TokenKind::kRightBrace)) break;
    if (pending != nullptr) Discharge(pending);
    pending = nullptr;
    TableItem item;
    if (At(TokenKind::kLeftBracket)) {
      item.kind = TableItemKind::kComputed;
      item.key = ParseBracketKey();
      Expect(TokenKind::kAssign);
    } else if (At(TokenKind::kName) && lexer_.Peek() == TokenKind::kAssign) {
      item.kind = TableItemKind::kNamed;
      const std::string_view name = ExpectName();
      item.key = MakeConstant(name, lexer_.last_line());
      Expect(TokenKind::kAssign);
    }
    Expr* value = ParseExpr();
    item.value = value;
    item.line = lexer_.last_line();
    items.push_back(item);
    if (item.kind == TableItemKind::kPositional) {
      pending = value;
      ++table->positional_count;
    } else {
      ++table->keyed_count;
    }
  } while (Accept(TokenKind::kComma) || Accept(TokenKind::kSemicolon));
  ExpectClosing(TokenKind::kRightBrace, TokenKind::kLeftBrace, line);
  if (pending != nullptr) {
    Discharge(pending);
    table->last_is_multi = IsMultiValue(*pending);
  }
  table->end_line = lexer_.last_line();
  table->items = CopyList(items);
  return table;
}

}  // namespace perilune::lang
