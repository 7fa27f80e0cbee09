// PendingExpr: an expression whose code is not finished.
//
// The compiler does not put a value into a register before it knows which register is wanted: `x +
// 1` becomes an AddK whose destination is still open, and `local y = x + 1` then fills in y's
// register, so that no Move is needed. Constants, variables and fields stay descriptions until
// something is done with them; comparisons stay jumps until someone wants a boolean.
//
// [DOC] Jump lists. `a and b` leaves b pending, together with the jump that skips it when a is
// false. Such jumps are collected in when_true and when_false: where they lead is decided when the
// value is used. A condition sends them to the code of its branches. A value in register r sends
// them behind the code that fills r: TestSet jumps then put their own operand into r, for others a
// LoadTrue or LoadFalse of r is put there.

#ifndef PERILUNE_LANG_PENDING_EXPR_H_
#define PERILUNE_LANG_PENDING_EXPR_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "lang/ast.h"

namespace perilune::lang {

// Jumps (by where they start) that have the same target, which is not known yet.
using JumpList = absl::InlinedVector<uint32_t, 4>;

inline void Append(JumpList& list, const JumpList& more) {
  list.insert(list.end(), more.begin(), more.end());
}

struct PendingExpr {
  enum class Kind : uint8_t {
    kConstant,      // `constant`
    kLocal,         // the variable in register `reg`
    kUpvalue,       // upvalue `index`
    kUpvalueField,  // field with constant `key` of upvalue `index`
    kField,         // field with constant `key` of the table in `reg`
    kElement,       // element with the integer `key` of the table in `reg`
    kIndexed,       // element with the key in register `key` of the table in `reg`
    kRegister,      // in register `reg`
    kRelocatable,   // result of the instruction at `pc`, its destination (column A) still open
    kComparison,    // the jump at `pc` is taken if the comparison holds
    kCall,          // results of the Call at `pc`, the first of which arrives in `reg`
    kVararg,        // results of the Vararg at `pc`, number and place still open
  };

  Kind kind = Kind::kConstant;
  int32_t line = 0;  // of the instruction that will fetch the value
  ConstantValue constant;
  int reg = 0;
  int index = 0;
  int key = 0;
  uint32_t pc = 0;
  JumpList when_true;   // jumps taken when the value is known to be true ...
  JumpList when_false;  // ... or false, before `kind` applies

  bool has_jumps() const { return !when_true.empty() || !when_false.empty(); }

  // Whether the value is a constant of the given type, no jump being able to bring another.
  template <typename T>
  bool Is() const {
    return kind == Kind::kConstant && !has_jumps() && std::holds_alternative<T>(constant);
  }
  bool IsNumber() const { return Is<int64_t>() || Is<double>(); }
  bool IsConstant() const { return kind == Kind::kConstant && !has_jumps(); }
  bool IsMultiValue() const { return kind == Kind::kCall || kind == Kind::kVararg; }
  bool IsTableAccess() const { return kind >= Kind::kUpvalueField && kind <= Kind::kIndexed; }

  static PendingExpr OfConstant(const ConstantValue& value, int32_t line) {
    PendingExpr expr;
    expr.constant = value;
    expr.line = line;
    return expr;
  }
  static PendingExpr OfLocal(int reg, int32_t line) { return OfRegister(Kind::kLocal, reg, line); }
  static PendingExpr OfTemporary(int reg, int32_t line) {
    return OfRegister(Kind::kRegister, reg, line);
  }
  static PendingExpr OfUpvalue(int index, int32_t line) {
    PendingExpr expr;
    expr.kind = Kind::kUpvalue;
    expr.index = index;
    expr.line = line;
    return expr;
  }
  // kRelocatable, kComparison or kVararg.
  static PendingExpr OfInstruction(Kind kind, uint32_t pc, int32_t line) {
    PendingExpr expr;
    expr.kind = kind;
    expr.pc = pc;
    expr.line = line;
    return expr;
  }
  static PendingExpr OfCall(uint32_t pc, int reg, int32_t line) {
    PendingExpr expr = OfInstruction(Kind::kCall, pc, line);
    expr.reg = reg;
    return expr;
  }

 private:
  static PendingExpr OfRegister(Kind kind, int reg, int32_t line) {
    PendingExpr expr;
    expr.kind = kind;
    expr.reg = reg;
    expr.line = line;
    return expr;
  }
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_PENDING_EXPR_H_
