// CodeGenerator: instructions for the expressions of one function.
//
// It is the lower half of the compiler: it knows registers, constants, jumps and how each kind of
// PendingExpr becomes code, but nothing of the syntax tree (function_compiler.h is the upper half).
// The technique is that of the reference implementation.
//
// [DOC] Register stack. Registers are handed out like a stack:
//
//    0                    local_level           free_register          max_stack
//    | local variables         | temporaries         | not in use            |
//
// A temporary is freed by the instruction that consumes it; the others above it must be free by
// then. Variables keep their registers until their scope ends. A statement starts and ends without
// temporaries.
//
// Running out of registers is the only error here. It is noted (error_line()) and generation goes
// on with registers that do not exist, so that callers need not check; the code must then be thrown
// away.

#ifndef PERILUNE_LANG_CODE_GENERATOR_H_
#define PERILUNE_LANG_CODE_GENERATOR_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "lang/ast.h"
#include "lang/bytecode_builder.h"
#include "lang/pending_expr.h"

namespace perilune::lang {

// Registers of a frame. One less than register operands could name, as in the reference
// implementation.
inline constexpr int kMaxRegisters = 254;

class CodeGenerator {
 public:
  BytecodeBuilder& builder() { return builder_; }
  const BytecodeBuilder& builder() const { return builder_; }

  // ---- Registers ----

  int free_register() const { return free_; }
  int local_level() const { return level_; }
  uint8_t max_stack() const { return static_cast<uint8_t>(max_stack_); }
  // The line at which registers ran out, if they did.
  std::optional<int32_t> error_line() const { return error_line_; }
  // The line to report then: that of the construct being compiled.
  void set_current_line(int32_t line) { current_line_ = line; }

  // Makes sure that `count` registers from free_register() on exist.
  void CheckStack(int count);
  // Takes the next `count` registers; returns the first.
  int ReserveRegisters(int count);
  // Frees all registers from `level` on.
  void FreeDownTo(int level) { free_ = level; }
  // Turns registers below `level` into those of local variables, or back.
  void SetLocalLevel(int level) { level_ = level; }

  // ---- Values ----

  // Decides how many values a call or `...` has to yield, `count` or (open) all of them. `...`
  // takes the next registers.
  void SetResults(PendingExpr& expr, int count);
  void SetOpenResults(PendingExpr& expr);

  // Fetches a variable, field or single call result: afterwards `expr` is none of these.
  void Discharge(PendingExpr& expr);
  // The value arrives in register `reg`, or the next free one, or wherever it is best; the result
  // is that register.
  void ToRegister(PendingExpr& expr, int reg);
  int ToNextRegister(PendingExpr& expr);
  int ToAnyRegister(PendingExpr& expr);

  // Gives the temporary of a value that was consumed back.
  void Free(const PendingExpr& expr);
  // The same for two, in the order that the stack wants.
  void Free(const PendingExpr& a, const PendingExpr& b);

  // LoadNil of `count` registers, merged with one just before if possible.
  void LoadNil(int first, int count, int32_t line);
  // LoadK or what is shorter for the value.
  void LoadConstant(int reg, const ConstantValue& value, int32_t line);

  // ---- Tables and variables ----

  // Prepares the part `object` of an indexing for Index: all but upvalues go into registers.
  void PrepareObject(PendingExpr& object);
  // object[key], where the key's fetch and the access happen at `line`.
  PendingExpr Index(PendingExpr object, PendingExpr key, int32_t line);
  // object:name: the method goes into the next register, the object two behind it; the one between
  // is kept for the link of the call. Returns the first of these registers.
  int Self(PendingExpr& object, std::string_view name, int32_t line);
  // target = value. Leaves the registers of the target's parts to the caller.
  void Store(const PendingExpr& target, PendingExpr& value, int32_t line);

  // ---- Operators; the results are pending ----

  // Negate, complement or length; `not` is Not().
  void Unary(UnaryOp op, PendingExpr& operand, int32_t line);
  void Not(PendingExpr& operand);
  // Makes a left operand wait while the right one is computed.
  void PrepareLeft(BinaryOp op, PendingExpr& lhs, int32_t line);
  // `lhs` becomes `lhs op rhs`: arithmetic or a comparison.
  void Arithmetic(BinaryOp op, PendingExpr& lhs, PendingExpr& rhs, int32_t line);
  void Comparison(BinaryOp op, PendingExpr& lhs, PendingExpr& rhs, int32_t line);

  // ---- Jumps ----

  // A jump whose target is to be set.
  uint32_t Jump(int32_t line);
  // A backward jump that polls. Gives *loop a number first if it has none; several jumps can share
  // a loop.
  void LoopJump(uint32_t target, std::optional<uint16_t>* loop, int32_t line);
  // Goes on behind if the condition is true, else by the jumps in expr.when_false (or the other way
  // round).
  void GoIfTrue(PendingExpr& expr, int32_t line);
  void GoIfFalse(PendingExpr& expr, int32_t line);
  // Sends jumps whose value is not used to `target`, or to the next instruction.
  void PatchTo(const JumpList& jumps, uint32_t target);
  void PatchHere(const JumpList& jumps);

 private:
  void FreeRegister(int reg);
  void DischargeTo(PendingExpr& expr, int reg);
  void DischargeToAnyRegister(PendingExpr& expr);
  // Adds a jump taken if the value of `expr` is `condition`; it joins the list of such.
  uint32_t JumpIf(PendingExpr& expr, bool condition, int32_t line);
  bool NeedsValue(const JumpList& jumps) const;
  // Sends jumps that bring their own value into `reg` to `end`, others to `load`.
  void PatchValue(const JumpList& jumps, int reg, uint32_t end, uint32_t load);
  void DropValue(uint32_t jump);

  // The index of a constant if it fits an 8-bit operand.
  std::optional<uint8_t> ShortConstant(const ConstantValue& value);
  uint32_t AddConstant(const ConstantValue& value);

  BytecodeBuilder builder_;
  int free_ = 0;
  int level_ = 0;
  int max_stack_ = 2;
  int32_t current_line_ = 0;
  std::optional<int32_t> error_line_;
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_CODE_GENERATOR_H_
