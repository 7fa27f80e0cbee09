// Statements, each function beginning at the statement's first token unless it says otherwise.

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "lang/parser_impl.h"

namespace perilune::lang {
namespace {

// The hidden variables of `for` loops, as debug interfaces show them.
constexpr std::string_view kForStateName = "(for state)";
constexpr size_t kNumericForStateSize = 3;
constexpr size_t kGenericForStateSize = 4;

// The variable's name and attribute, if `expr` is a variable that is not global.
struct NamedVariable {
  std::string_view name;
  Attrib attrib = Attrib::kRegular;
};

NamedVariable NamedVariableOf(const Expr& expr, const FunctionScope& function) {
  switch (expr.kind) {
    case ExprKind::kLocal: {
      const LocalVar& variable = *As<LocalExpr>(expr).variable;
      return {variable.name, variable.attrib};
    }
    case ExprKind::kUpvalue: {
      const UpvalueVar& upvalue = function.upvalue(As<UpvalueExpr>(expr).index);
      return {upvalue.name, upvalue.attrib};
    }
    case ExprKind::kConstant: {
      const LocalVar* variable = As<ConstantExpr>(expr).variable;
      return variable == nullptr ? NamedVariable()
                                 : NamedVariable{variable->name, variable->attrib};
    }
    default:
      return NamedVariable();
  }
}

}  // namespace

Statement* Parser::ParseStatement() {
  EnterLevel();
  Statement* statement = ParseStatementAtLevel();
  LeaveLevel();
  return statement;
}

Statement* Parser::ParseStatementAtLevel() {
  const int32_t line = lexer_.line();
  switch (lexer_.kind()) {
    case TokenKind::kSemicolon:
      lexer_.Next();
      return nullptr;
    case TokenKind::kIf:
      return ParseIf(line);
    case TokenKind::kWhile:
      return ParseWhile(line);
    case TokenKind::kDo:
      return ParseDo(line);
    case TokenKind::kFor:
      return ParseFor(line);
    case TokenKind::kRepeat:
      return ParseRepeat(line);
    case TokenKind::kFunction:
      return ParseFunctionStatement(line);
    case TokenKind::kLocal:
      lexer_.Next();
      return Accept(TokenKind::kFunction) ? ParseLocalFunction() : ParseLocal();
    case TokenKind::kDoubleColon:
      return ParseLabel(line);
    case TokenKind::kReturn:
      return ParseReturn();
    case TokenKind::kBreak:
      return ParseBreak(line);
    case TokenKind::kGoto:
      return ParseGoto();
    default:
      return ParseExprStatement();
  }
}

// ----------------------------------------------------------------------------------------------
// Control structures

// if -> IF expr THEN block { ELSEIF expr THEN block } [ ELSE block ] END
Statement* Parser::ParseIf(int32_t line) {
  absl::InlinedVector<IfClause, 4> clauses;
  IfStatement* statement = NewStatement<IfStatement>(line);
  do {
    clauses.push_back(ParseIfClause());
  } while (At(TokenKind::kElseif));
  if (Accept(TokenKind::kElse)) statement->otherwise = ParseBlock();
  ExpectClosing(TokenKind::kEnd, TokenKind::kIf, line);
  statement->clauses = CopyList(clauses);
  return statement;
}

IfClause Parser::ParseIfClause() {
  lexer_.Next();  // `if` or `elseif`
  Expr* condition = ParseExpr();
  Expect(TokenKind::kThen);
  Discharge(condition);
  const int32_t then_line = lexer_.last_line();
  return {condition, then_line, ParseBlock()};
}

// while -> WHILE expr DO block END
Statement* Parser::ParseWhile(int32_t line) {
  WhileStatement* statement = NewStatement<WhileStatement>(line);
  lexer_.Next();
  statement->condition = ParseExpr();
  statement->condition_line = lexer_.last_line();
  BlockScope loop;
  function_->OpenLoop(&loop, line);
  statement->end_label = loop.end_label;
  Expect(TokenKind::kDo);
  statement->body = ParseBlock();
  ExpectClosing(TokenKind::kEnd, TokenKind::kWhile, line);
  function_->CloseBlock();
  return statement;
}

Statement* Parser::ParseDo(int32_t line) {
  DoStatement* statement = NewStatement<DoStatement>(line);
  lexer_.Next();
  statement->body = ParseBlock();
  ExpectClosing(TokenKind::kEnd, TokenKind::kDo, line);
  return statement;
}

// repeat -> REPEAT block UNTIL expr, where expr is inside the block's scope
Statement* Parser::ParseRepeat(int32_t line) {
  RepeatStatement* statement = NewStatement<RepeatStatement>(line);
  BlockScope loop;
  BlockScope scope;
  function_->OpenLoop(&loop, line);
  statement->end_label = loop.end_label;
  function_->OpenBlock(&scope);
  lexer_.Next();
  Block* body = ParseStatements();
  ExpectClosing(TokenKind::kUntil, TokenKind::kRepeat, line);
  statement->condition = ParseExpr();
  statement->end_line = lexer_.last_line();
  body->needs_close = function_->CloseBlock();
  statement->body = body;
  function_->CloseBlock();
  return statement;
}

// for -> FOR name (numeric | generic) END
Statement* Parser::ParseFor(int32_t line) {
  BlockScope loop;
  function_->OpenLoop(&loop, line);
  lexer_.Next();
  const std::string_view name = ExpectName();
  const int32_t name_line = lexer_.last_line();
  Statement* statement;
  if (At(TokenKind::kAssign)) {
    statement = ParseNumericFor(name, name_line, line);
    ExpectClosing(TokenKind::kEnd, TokenKind::kFor, line);
  } else {
    if (!At(TokenKind::kComma) && !At(TokenKind::kIn)) lexer_.SyntaxError("'=' or 'in' expected");
    GenericForStatement* generic = ParseGenericFor(name, name_line, line);
    ExpectClosing(TokenKind::kEnd, TokenKind::kFor, line);
    generic->end_line = lexer_.last_line();
    statement = generic;
  }
  function_->CloseBlock();
  return statement;
}

// numeric -> '=' expr ',' expr [ ',' expr ] for-body; the name has been read
Statement* Parser::ParseNumericFor(std::string_view name, int32_t name_line, int32_t line) {
  NumericForStatement* statement = NewStatement<NumericForStatement>(line);
  statement->end_label = function_->block().end_label;
  absl::InlinedVector<const LocalVar*, kNumericForStateSize> state;
  for (size_t i = 0; i < kNumericForStateSize; ++i) {
    state.push_back(function_->Declare(kForStateName, line));
  }
  statement->state = CopyList(state);
  statement->variable = function_->Declare(name, name_line);
  lexer_.Next();
  statement->start = ParseExpr();
  Expect(TokenKind::kComma);
  statement->limit = ParseExpr();
  if (Accept(TokenKind::kComma)) statement->step = ParseExpr();
  function_->Activate(kNumericForStateSize);
  ParseForBody(/*variable_count=*/1, &statement->do_line, &statement->body);
  return statement;
}

// generic -> { ',' name } IN exprs for-body; the first name has been read
GenericForStatement* Parser::ParseGenericFor(std::string_view name, int32_t name_line,
                                             int32_t line) {
  const Label* end_label = function_->block().end_label;
  absl::InlinedVector<const LocalVar*, kGenericForStateSize> state;
  LocalVar* closing_value = nullptr;
  for (size_t i = 0; i < kGenericForStateSize; ++i) {
    closing_value = function_->Declare(kForStateName, line);
    state.push_back(closing_value);
  }
  absl::InlinedVector<const LocalVar*, 4> variables;
  variables.push_back(function_->Declare(name, name_line));
  while (Accept(TokenKind::kComma)) {
    const std::string_view next = ExpectName();
    variables.push_back(function_->Declare(next, lexer_.last_line()));
  }
  Expect(TokenKind::kIn);
  GenericForStatement* statement = NewStatement<GenericForStatement>(lexer_.line());
  statement->end_label = end_label;
  Expressions values;
  ParseExprList(&values);
  statement->values = CopyList(values.items);
  closing_value->attrib = Attrib::kClose;
  function_->Activate(kGenericForStateSize);
  function_->MarkToBeClosed();
  statement->state = CopyList(state);
  statement->variables = CopyList(variables);
  ParseForBody(variables.size(), &statement->do_line, &statement->body);
  return statement;
}

// for-body -> DO block. The loop's last `variable_count` declared variables start with the block.
void Parser::ParseForBody(size_t variable_count, int32_t* do_line, const Block** body) {
  Expect(TokenKind::kDo);
  *do_line = lexer_.last_line();
  BlockScope scope;
  function_->OpenBlock(&scope);
  function_->Activate(variable_count);
  Block* block = ParseBlock();
  block->needs_close |= function_->CloseBlock();
  *body = block;
}

// ----------------------------------------------------------------------------------------------
// Declarations

// function -> FUNCTION name { '.' name } [ ':' name ] body
Statement* Parser::ParseFunctionStatement(int32_t line) {
  FunctionStatement* statement = NewStatement<FunctionStatement>(line);
  lexer_.Next();
  std::string name(lexer_.current().string);
  Expr* target = ParseName();
  bool is_method = false;
  while (!is_method && (At(TokenKind::kDot) || At(TokenKind::kColon))) {
    is_method = At(TokenKind::kColon);
    const IndexExpr* field = static_cast<const IndexExpr*>(target = ParseField(target));
    absl::StrAppend(&name, is_method ? ":" : ".",
                    std::get<std::string_view>(*field->key->constant));
  }
  statement->target = target;
  statement->function = ParseFunctionBody(lexer_.Intern(name), is_method, line);
  CheckNotConst(*target);
  return statement;
}

// local-function -> name body; `local function` has been read
Statement* Parser::ParseLocalFunction() {
  const std::string_view name = ExpectName();
  LocalVar* variable = function_->Declare(name, lexer_.last_line());
  function_->Activate(1);
  const FunctionExpr* function = ParseFunctionBody(name, /*is_method=*/false, lexer_.line());
  LocalFunctionStatement* statement = NewStatement<LocalFunctionStatement>(lexer_.last_line());
  statement->variable = variable;
  statement->function = function;
  return statement;
}

// local -> name attrib { ',' name attrib } [ '=' exprs ]; `local` has been read
Statement* Parser::ParseLocal() {
  absl::InlinedVector<const LocalVar*, 4> variables;
  const LocalVar* to_be_closed = nullptr;
  LocalVar* last;
  do {
    const std::string_view name = ExpectName();
    last = function_->Declare(name, lexer_.last_line());
    last->attrib = ParseAttrib();
    if (last->attrib == Attrib::kClose) {
      if (to_be_closed != nullptr) {
        lexer_.SemanticError("multiple to-be-closed variables in local list");
      }
      to_be_closed = last;
    }
    variables.push_back(last);
  } while (Accept(TokenKind::kComma));
  Expressions values;
  if (Accept(TokenKind::kAssign)) ParseExprList(&values);
  if (last->attrib == Attrib::kConst && variables.size() == values.items.size() &&
      values.last->constant != nullptr) {
    last->attrib = Attrib::kCompileTimeConstant;
    last->value = values.last->constant;
  }
  function_->Activate(variables.size());
  if (to_be_closed != nullptr) function_->MarkToBeClosed();
  LocalStatement* statement = NewStatement<LocalStatement>(lexer_.last_line());
  statement->variables = CopyList(variables);
  statement->values = CopyList(values.items);
  statement->to_be_closed = to_be_closed;
  return statement;
}

// attrib -> [ '<' name '>' ]
Attrib Parser::ParseAttrib() {
  if (!Accept(TokenKind::kLess)) return Attrib::kRegular;
  const std::string_view name = ExpectName();
  Expect(TokenKind::kGreater);
  if (name == "const") return Attrib::kConst;
  if (name == "close") return Attrib::kClose;
  lexer_.SemanticError(absl::StrCat("unknown attribute '", name, "'"));
  return Attrib::kRegular;
}

// ----------------------------------------------------------------------------------------------
// Sessions

namespace {

std::span<const LocalVar* const> VariablesOf(const Statement& statement) {
  if (statement.kind == StatementKind::kLocal) return As<LocalStatement>(statement).variables;
  if (statement.kind == StatementKind::kLocalFunction) {
    return std::span<const LocalVar* const>(&As<LocalFunctionStatement>(statement).variable, 1);
  }
  return {};
}

Constant OwnedConstant(const ConstantValue& value) {
  if (const auto* string = std::get_if<std::string_view>(&value)) return std::string(*string);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return {};
}

}  // namespace

void Parser::HandOnVariables(const Statement& statement) {
  const std::span<const LocalVar* const> variables = VariablesOf(statement);
  std::vector<SessionVariable> declared;
  FunctionBody* body = arena_.New<FunctionBody>();
  body->parent = function_->body();
  body->line_defined = body->last_line_defined = body->return_line = lexer_.last_line();
  Block* block = arena_.New<Block>();
  block->end_line = body->return_line;
  body->body = block;
  FunctionScope closure(function_, body, &arena_, &lexer_);
  BlockScope scope;
  closure.OpenBlock(&scope);
  for (size_t i = 0; i < variables.size(); ++i) {
    const LocalVar& variable = *variables[i];
    const bool is_hidden =
        std::any_of(variables.begin() + static_cast<ptrdiff_t>(i) + 1, variables.end(),
                    [&](const LocalVar* later) { return later->name == variable.name; });
    if (is_hidden || variable.attrib == Attrib::kClose) continue;
    SessionVariable& entry = declared.emplace_back();
    entry.name = variable.name;
    entry.attrib = variable.attrib;
    if (entry.has_cell()) {
      closure.Resolve(variable.name);
    } else {
      entry.value = OwnedConstant(*variable.value);
    }
  }
  closure.CloseBlock();
  closure.Close();
  if (declared.empty()) return;
  function_->AddChild(body);
  FunctionExpr* function = NewExpr<FunctionExpr>(body->return_line);
  function->body = body;
  UpvalueExpr* target = NewExpr<UpvalueExpr>(body->return_line);
  target->name = "(locals)";
  target->index = function_->AddSessionUpvalue(target->name, {.declared = std::move(declared)});
  AssignStatement* assign = NewStatement<AssignStatement>(body->return_line);
  const Expr* target_list[] = {target};
  const Expr* value_list[] = {function};
  assign->targets = arena_.CopySpan(std::span<const Expr* const>(target_list));
  assign->values = arena_.CopySpan(std::span<const Expr* const>(value_list));
  statements_.push_back(assign);
}

// ----------------------------------------------------------------------------------------------
// Jumps

// label -> '::' name '::'
Statement* Parser::ParseLabel(int32_t line) {
  lexer_.Next();
  const std::string_view name = ExpectName();
  LabelStatement* statement = NewStatement<LabelStatement>(line);
  Expect(TokenKind::kDoubleColon);
  // Labels and semicolons that follow do nothing, so this one still ends the block if they do.
  while (At(TokenKind::kSemicolon) || At(TokenKind::kDoubleColon)) {
    const Statement* next = ParseStatement();
    if (next != nullptr) statements_.push_back(next);
  }
  function_->CheckLabelIsNew(name);
  statement->label = function_->DeclareLabel(name, line, AtBlockEnd(/*with_until=*/false));
  return statement;
}

Statement* Parser::ParseGoto() {
  lexer_.Next();
  GotoStatement* statement = NewStatement<GotoStatement>(lexer_.line());
  function_->AddGoto(ExpectName(), statement);
  return statement;
}

Statement* Parser::ParseBreak(int32_t line) {
  lexer_.Next();
  GotoStatement* statement = NewStatement<GotoStatement>(line);
  function_->AddBreak(statement);
  return statement;
}

// return -> RETURN [ exprs ] [ ';' ]
Statement* Parser::ParseReturn() {
  lexer_.Next();
  Expressions values;
  if (!AtBlockEnd(/*with_until=*/true) && !At(TokenKind::kSemicolon)) ParseExprList(&values);
  ReturnStatement* statement = NewStatement<ReturnStatement>(lexer_.last_line());
  statement->values = CopyList(values.items);
  statement->is_tail_call =
      values.items.size() == 1 && !function_->block().inside_tbc &&
      (values.last->kind == ExprKind::kCall || values.last->kind == ExprKind::kMethodCall);
  Accept(TokenKind::kSemicolon);
  return statement;
}

// ----------------------------------------------------------------------------------------------
// Calls and assignments

// statement -> call | assignment
Statement* Parser::ParseExprStatement() {
  Expr* expr = ParseSuffixed();
  if (At(TokenKind::kAssign) || At(TokenKind::kComma)) return ParseAssignment(expr);
  if (expr->kind != ExprKind::kCall && expr->kind != ExprKind::kMethodCall) {
    lexer_.SyntaxError("syntax error");
  }
  CallStatement* statement = NewStatement<CallStatement>(expr->line);
  statement->call = expr;
  return statement;
}

// assignment -> suffixed { ',' suffixed } '=' exprs; the first target has been read
Statement* Parser::ParseAssignment(Expr* first) {
  absl::InlinedVector<const Expr*, 4> targets;
  targets.push_back(first);
  CheckAssignable(*first);
  while (Accept(TokenKind::kComma)) {
    targets.push_back(ParseSuffixed());
    EnterLevel();  // the reference recurs for each target
    CheckAssignable(*targets.back());
  }
  Expect(TokenKind::kAssign);
  Expressions values;
  ParseExprList(&values);
  level_ -= static_cast<int>(targets.size() - 1);
  AssignStatement* statement = NewStatement<AssignStatement>(lexer_.last_line());
  statement->targets = CopyList(targets);
  statement->values = CopyList(values.items);
  return statement;
}

void Parser::CheckAssignable(const Expr& target) {
  const bool is_variable =
      target.kind == ExprKind::kLocal || target.kind == ExprKind::kUpvalue ||
      target.kind == ExprKind::kGlobal || target.kind == ExprKind::kIndex ||
      (target.kind == ExprKind::kConstant && As<ConstantExpr>(target).variable != nullptr);
  if (!is_variable) lexer_.SyntaxError("syntax error");
  CheckNotConst(target);
}

void Parser::CheckNotConst(const Expr& target) {
  const NamedVariable variable = NamedVariableOf(target, *function_);
  if (variable.attrib == Attrib::kRegular) return;
  lexer_.SemanticError(absl::StrCat("attempt to assign to const variable '", variable.name, "'"));
}

}  // namespace perilune::lang
