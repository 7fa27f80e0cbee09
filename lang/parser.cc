#include "lang/parser.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "lang/limits.h"
#include "lang/parser_impl.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kEnvironmentName = "_ENV";
constexpr std::string_view kSelfName = "self";

std::string Quoted(TokenKind kind) { return absl::StrCat("'", TokenText(kind), "'"); }

// How messages call an expected token: classes stand without quotes.
std::string ExpectedText(TokenKind kind) {
  const std::string_view text = TokenText(kind);
  return kind >= TokenKind::kInteger ? std::string(text) : Quoted(kind);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ast>> Parse(std::string_view source, std::string_view chunk_name,
                                           StopFlag stop) {
  return ParseForSession(source, chunk_name, /*session=*/nullptr, stop);
}

absl::StatusOr<std::unique_ptr<Ast>> ParseForSession(std::string_view source,
                                                     std::string_view chunk_name,
                                                     SessionScope* session, StopFlag stop) {
  auto ast = std::make_unique<Ast>();
  ast->chunk_name = chunk_name;
  Parser parser(source, ast.get(), session, stop);
  absl::Status status = parser.ParseChunk();
  if (!status.ok()) return status;
  return ast;
}

Parser::Parser(std::string_view source, Ast* ast, SessionScope* session, StopFlag stop)
    : ast_(*ast),
      arena_(ast->arena),
      lexer_(source, ast->chunk_name, &ast->arena, stop),
      session_(session) {}

absl::Status Parser::ParseChunk() {
  FunctionBody* body = arena_.New<FunctionBody>();
  body->is_vararg = true;
  FunctionScope function(/*parent=*/nullptr, body, &arena_, &lexer_);
  function.AddEnvironment(kEnvironmentName);
  if (session_ != nullptr) {
    session_->upvalues.clear();
    function.set_session(session_);
  }
  function_ = &function;
  BlockScope scope;
  function.OpenBlock(&scope);
  Block* block = ParseStatements();
  Check(TokenKind::kEof);
  body->return_line = lexer_.last_line();
  block->needs_close = function.CloseBlock();
  body->body = block;
  function.Close();
  ast_.main = body;
  return lexer_.status();
}

FunctionExpr* Parser::ParseFunctionBody(std::string_view name, bool is_method, int32_t line) {
  FunctionBody* body = arena_.New<FunctionBody>();
  body->parent = function_->body();
  body->name = name;
  body->line_defined = line;
  FunctionScope function(function_, body, &arena_, &lexer_);
  function_ = &function;
  BlockScope scope;
  function.OpenBlock(&scope);
  Expect(TokenKind::kLeftParen);
  absl::InlinedVector<const LocalVar*, 8> params;
  if (is_method) {
    params.push_back(function.Declare(lexer_.Intern(kSelfName), line));
    function.Activate(1);
  }
  size_t declared = 0;
  if (!At(TokenKind::kRightParen)) {
    do {
      if (At(TokenKind::kName)) {
        const std::string_view param = ExpectName();
        params.push_back(function.Declare(param, lexer_.last_line()));
        ++declared;
      } else if (Accept(TokenKind::kEllipsis)) {
        body->is_vararg = true;
      } else {
        lexer_.SyntaxError("<name> or '...' expected");
      }
    } while (!body->is_vararg && Accept(TokenKind::kComma));
  }
  function.Activate(declared);
  body->params = CopyList(params);
  Expect(TokenKind::kRightParen);
  Block* block = ParseStatements();
  body->last_line_defined = lexer_.line();
  ExpectClosing(TokenKind::kEnd, TokenKind::kFunction, line);
  body->return_line = lexer_.last_line();
  block->needs_close = function.CloseBlock();
  body->body = block;
  function.Close();
  function_ = function.parent();
  function_->AddChild(body);
  FunctionExpr* expr = NewExpr<FunctionExpr>(body->return_line);
  expr->body = body;
  return expr;
}

Block* Parser::ParseBlock() {
  BlockScope scope;
  function_->OpenBlock(&scope);
  Block* block = ParseStatements();
  block->needs_close = function_->CloseBlock();
  return block;
}

Block* Parser::ParseStatements() {
  const size_t first = statements_.size();
  bool returned = false;
  while (!returned && !AtBlockEnd(/*with_until=*/true)) {
    returned = At(TokenKind::kReturn);
    const Statement* statement = ParseStatement();
    if (statement == nullptr) continue;
    statements_.push_back(statement);
    if (session_ != nullptr && function_->at_top_level()) HandOnVariables(*statement);
  }
  Block* block = arena_.New<Block>();
  block->statements = arena_.CopySpan(
      std::span<const Statement* const>(statements_.data() + first, statements_.size() - first));
  block->end_line = lexer_.last_line();
  statements_.resize(first);
  return block;
}

bool Parser::AtBlockEnd(bool with_until) const {
  switch (lexer_.kind()) {
    case TokenKind::kElse:
    case TokenKind::kElseif:
    case TokenKind::kEnd:
    case TokenKind::kEof:
      return true;
    case TokenKind::kUntil:
      return with_until;
    default:
      return false;
  }
}

bool Parser::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  lexer_.Next();
  return true;
}

void Parser::Check(TokenKind kind) {
  if (!At(kind)) lexer_.SyntaxError(absl::StrCat(ExpectedText(kind), " expected"));
}

void Parser::Expect(TokenKind kind) {
  Check(kind);
  lexer_.Next();
}

void Parser::ExpectClosing(TokenKind kind, TokenKind open, int32_t line) {
  if (Accept(kind)) return;
  if (line == lexer_.line()) {
    Check(kind);
  } else {
    lexer_.SyntaxError(absl::StrCat(ExpectedText(kind), " expected (to close ", Quoted(open),
                                    " at line ", line, ")"));
  }
}

std::string_view Parser::ExpectName() {
  Check(TokenKind::kName);
  const std::string_view name = lexer_.current().string;
  lexer_.Next();
  return name;
}

void Parser::EnterLevel() {
  if (++level_ > kMaxSyntaxNesting) lexer_.ErrorWithoutPosition("C stack overflow");
}

}  // namespace perilune::lang
