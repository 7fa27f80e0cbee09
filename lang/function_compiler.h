// FunctionCompiler: from the syntax tree of one function to its Proto.
//
// It is the upper half of the compiler: it walks statements and expressions, gives variables their
// registers and scopes their ends, and lets the CodeGenerator make the instructions. The methods
// are in three files: function_compiler.cc (functions, scopes, variables), expression_compiler.cc
// and statement_compiler.cc.
//
// Names are resolved and constants folded already (ast.h), so nothing here can find a user's error
// but limits on registers and nested functions. Such an error is noted in the Compilation;
// compiling goes on and its result is thrown away.

#ifndef PERILUNE_LANG_FUNCTION_COMPILER_H_
#define PERILUNE_LANG_FUNCTION_COMPILER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "lang/ast.h"
#include "lang/code_generator.h"
#include "lang/pending_expr.h"
#include "lang/proto.h"
#include "lang/stop_flag.h"

namespace perilune::lang {

// What the functions of a chunk share.
struct Compilation {
  struct Error {
    int32_t line;
    std::string message;
  };
  std::shared_ptr<const std::string> source;  // the chunk's name
  std::optional<Error> error;                 // the first one
  StopFlag stop;
};

class FunctionCompiler {
 public:
  // `parent` compiles the function around, null for a main function. All arguments must outlive
  // this.
  FunctionCompiler(const FunctionBody& function, const FunctionCompiler* parent,
                   Compilation* compilation);

  FunctionCompiler(const FunctionCompiler&) = delete;
  FunctionCompiler& operator=(const FunctionCompiler&) = delete;

  // Compiles the function; once only.
  std::unique_ptr<Proto> Compile();

 private:
  // A goto's target.
  struct LabelState {
    JumpList pending;              // forward jumps that lead to it
    uint32_t pc = 0;               // where it is, once it is placed
    std::optional<uint16_t> loop;  // of the backward jumps to it
    bool closes = false;           // what jumps here need not close: the code here does it for them
  };

  struct ActiveVariable {
    const LocalVar* variable;
    size_t info;  // index into local_infos_
  };

  // ---- Functions, scopes, variables (function_compiler.cc) ----

  // Lets variables that sit in the last reserved registers begin to be visible.
  void Activate(absl::Span<const LocalVar* const> variables);
  void Activate(const LocalVar* variable) { Activate(absl::MakeConstSpan(&variable, 1)); }
  // Ends the variables from register `level` on. Makes no code.
  void EndVariables(int level);
  // First register behind the variables active where `innermost` is the innermost one.
  int LevelOf(const LocalVar* innermost) const;
  int RegisterOf(const LocalVar* variable) const { return registers_[variable->index]; }
  std::unique_ptr<Proto> Finish();

  // ---- Expressions (expression_compiler.cc) ----

  PendingExpr CompileExpr(const Expr& expr);
  PendingExpr CompileLeaf(const Expr& expr);
  // Applies the operator of `expr` to its left operand, which is compiled already.
  PendingExpr ApplyTo(PendingExpr left, const Expr& expr);
  PendingExpr CompileBinary(PendingExpr left, const BinaryExpr& expr);
  PendingExpr CompileConcat(const BinaryExpr& expr, int first);
  PendingExpr CompileCall(int func, ExprList args, int32_t line);
  PendingExpr CompileClosure(const FunctionExpr& expr);
  PendingExpr CompileTable(const TableExpr& expr);
  PendingExpr CompileGlobal(const GlobalExpr& expr);
  // Compiles a list, its values going to successive registers, but for the last one, which is left
  // pending.
  PendingExpr CompileList(ExprList list);
  // The same, adjusted to `wanted` values that are all in registers.
  void CompileAdjusted(ExprList list, int wanted, int32_t line);
  // Brings `count` values, of which the last one is pending and the others are in registers, to
  // `wanted` values in registers.
  void Adjust(int wanted, int count, PendingExpr& last, int32_t line);
  void ToNextRegister(const Expr& expr);
  // Compiles an expression of which only truth matters: constants become booleans.
  PendingExpr CompileTest(const Expr& condition);
  // Code that goes on behind if the condition holds; the jumps are taken if it does not.
  JumpList CompileCondition(const Expr& condition, int32_t line);

  // ---- Statements (statement_compiler.cc) ----

  // Statements of a block, without its scope.
  void CompileStatements(const Block& block);
  // A block with its scope.
  void CompileBlock(const Block& block);
  // The end of a block's scope, from register `level` on.
  void LeaveBlock(const Block& block, int level);
  void CompileStatement(const Statement& statement);
  void CompileLocal(const LocalStatement& statement);
  void CompileLocalFunction(const LocalFunctionStatement& statement);
  void CompileAssign(const AssignStatement& statement);
  void CompileWhile(const WhileStatement& statement);
  void CompileRepeat(const RepeatStatement& statement);
  void CompileIf(const IfStatement& statement);
  void CompileNumericFor(const NumericForStatement& statement);
  void CompileGenericFor(const GenericForStatement& statement);
  void CompileReturn(const ReturnStatement& statement);
  void CompileGoto(const GotoStatement& statement);
  // The jump that the clause's condition itself can take: all that is in its body, forward, with nothing to close. A goto that line hooks see at a
  // line of its own is none. Null if there is none.
  const GotoStatement* JumpOf(const IfClause& clause) const;
  void PlaceLabel(const Label& label);
  // Saves what earlier targets of an assignment need from the variable `target`, which a later part
  // of it writes.
  void ResolveConflict(absl::Span<PendingExpr> earlier, const PendingExpr& target, int32_t line);
  void EmitClose(int level, int32_t line);
  // What a return at this place has to do: close only what variables active here may need.
  uint8_t return_flags() const;

  const FunctionBody& function_;
  const FunctionCompiler* const parent_;
  Compilation* const compilation_;
  CodeGenerator generator_;
  BytecodeBuilder& builder_;  // the generator's
  std::vector<std::unique_ptr<Proto>> children_;
  std::vector<LocalInfo> local_infos_;  // in order of activation
  std::vector<ActiveVariable> active_;  // by register
  std::vector<int> registers_;          // by LocalVar::index
  std::vector<LabelState> labels_;      // by Label::index
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_FUNCTION_COMPILER_H_
