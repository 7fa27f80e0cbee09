// The parser's class, private to parser*.cc: a recursive descent over the grammar, with precedence
// climbing for operators.
//
// [DOC] Parser errors. No function here reports failure: after the first error the lexer yields
// <eof> for ever, so each loop ends and each recursion returns, and what was built until then is
// thrown away by Parse(). Hence every function returns a node, never null, and none may loop
// without consuming a token.
//
// [DOC] Parser lines. The reference implementation gives an instruction the line of the last token
// consumed when it emits it. What loads a constant, or reads a variable or field, is emitted late,
// when the value is first needed, which may be after one more token: Discharge() stands where it
// emits such instructions. `...` and new tables are emitted before their token is consumed.

#ifndef PERILUNE_LANG_PARSER_IMPL_H_
#define PERILUNE_LANG_PARSER_IMPL_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "lang/ast.h"
#include "lang/lexer.h"
#include "lang/scope.h"
#include "lang/session_variables.h"
#include "lang/stop_flag.h"
#include "lang/token.h"

namespace perilune::lang {

class Parser {
 public:
  // Nodes go to ast->arena. `session` is null for a chunk that stands alone.
  Parser(std::string_view source, Ast* ast, SessionScope* session, StopFlag stop);
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // Parses the chunk; sets ast->main. On error returns it.
  absl::Status ParseChunk();

 private:
  // A list of expressions under construction.
  struct Expressions {
    absl::InlinedVector<const Expr*, 4> items;
    Expr* last = nullptr;
  };

  // Functions and shared helpers: parser.cc.
  FunctionExpr* ParseFunctionBody(std::string_view name, bool is_method, int32_t line);
  // Parses a block with a scope of its own.
  Block* ParseBlock();
  // Parses statements up to the end of the block that is open; its owner closes it.
  Block* ParseStatements();
  bool AtBlockEnd(bool with_until) const;
  // Adds what hands the variables that `statement` declares on to later chunks of the session.
  void HandOnVariables(const Statement& statement);

  bool At(TokenKind kind) const { return lexer_.kind() == kind; }
  bool Accept(TokenKind kind);
  void Check(TokenKind kind);   // errs unless it is the current token
  void Expect(TokenKind kind);  // checks and consumes it
  // As Expect; the error names the token `open` at `line` that it closes.
  void ExpectClosing(TokenKind kind, TokenKind open, int32_t line);
  std::string_view ExpectName();

  // Brackets a nested construct. Errs when they nest too deeply.
  void EnterLevel();
  void LeaveLevel() { --level_; }

  template <typename T>
  T* NewExpr(int32_t line) {
    T* node = arena_.New<T>();
    node->kind = T::kKind;
    node->line = line;
    return node;
  }
  template <typename T>
  T* NewStatement(int32_t line) {
    T* node = arena_.New<T>();
    node->kind = T::kKind;
    node->line = line;
    return node;
  }
  template <typename List>
  auto CopyList(const List& list) {
    return arena_.CopySpan(std::span<const typename List::value_type>(list));
  }

  // Expressions: parser_expressions.cc.
  Expr* ParseExpr() { return ParseSubexpr(/*limit=*/0); }
  Expr* ParseSubexpr(int limit);
  Expr* ParseSimple();
  Expr* ParseSuffixed();
  Expr* ParsePrimary();
  Expr* ParseTable();
  Expr* ParseName();
  Expr* ParseField(Expr* object);  // `.name`, `:name` without the call
  Expr* ParseBracketKey();         // `[key]`
  void ParseExprList(Expressions* list);
  // Calls are parsed from their argument list or colon on. `line` is where the suffixed expression
  // starts, and what messages about a missing `)` name.
  void ParseArguments(int32_t line, Expressions* arguments);
  Expr* ParseCall(Expr* callee, int32_t line);
  Expr* ParseMethodCall(Expr* object, int32_t line);
  Expr* MakeConstant(const ConstantValue& value, int32_t line);
  // What `name`, just consumed, means here.
  Expr* MakeVariable(std::string_view name);
  Expr* MakeUnary(UnaryOp op, const Expr* operand, int32_t line);
  Expr* MakeBinary(BinaryOp op, Expr* lhs, const Expr* rhs, int32_t line);
  void Discharge(Expr* expr);
  const ConstantValue* StoreConstant(const std::optional<ConstantValue>& value);

  // Statements: parser_statements.cc.
  Statement* ParseStatement();  // null for `;`
  Statement* ParseStatementAtLevel();
  Statement* ParseIf(int32_t line);
  IfClause ParseIfClause();
  Statement* ParseWhile(int32_t line);
  Statement* ParseDo(int32_t line);
  Statement* ParseFor(int32_t line);
  Statement* ParseNumericFor(std::string_view name, int32_t name_line, int32_t line);
  GenericForStatement* ParseGenericFor(std::string_view name, int32_t name_line, int32_t line);
  void ParseForBody(size_t variable_count, int32_t* do_line, const Block** body);
  Statement* ParseRepeat(int32_t line);
  Statement* ParseFunctionStatement(int32_t line);
  Statement* ParseLocalFunction();
  Statement* ParseLocal();
  Attrib ParseAttrib();
  Statement* ParseLabel(int32_t line);
  Statement* ParseReturn();
  Statement* ParseBreak(int32_t line);
  Statement* ParseGoto();
  Statement* ParseExprStatement();
  Statement* ParseAssignment(Expr* first);
  void CheckAssignable(const Expr& target);
  void CheckNotConst(const Expr& target);

  Ast& ast_;
  Arena& arena_;
  Lexer lexer_;
  SessionScope* const session_;
  FunctionScope* function_ = nullptr;
  // Statements of the blocks being parsed, the innermost block's at the end.
  absl::InlinedVector<const Statement*, 32> statements_;
  int level_ = 0;
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_PARSER_IMPL_H_
