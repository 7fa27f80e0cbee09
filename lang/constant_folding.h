// Constant folding: the operations that the reference implementation carries out when it compiles.
//
// It folds arithmetic and bitwise operations on numbers and `not`, but leaves to run time whatever
// could raise an error there (a division of integers by zero, a bitwise operation on 1.5) and each
// result that is a NaN or a float zero, whose sign the constants of a Proto would have to keep
// apart. Comparisons, concatenations and lengths are never folded. Programs can tell the difference
// only by what counts as a compile-time constant for `local x <const> = ...`.

#ifndef PERILUNE_LANG_CONSTANT_FOLDING_H_
#define PERILUNE_LANG_CONSTANT_FOLDING_H_

#include <optional>

#include "lang/ast.h"

namespace perilune::lang {

// The value of `op operand`, or nothing if it is not folded.
std::optional<ConstantValue> FoldUnary(UnaryOp op, const ConstantValue& operand);

// The value of `lhs op rhs`, or nothing if it is not folded. Of `and` and `or`, those that yield
// rhs are folded: `true and 1` is, `false and 1` is not.
std::optional<ConstantValue> FoldBinary(BinaryOp op, const ConstantValue& lhs,
                                        const ConstantValue& rhs);

// Whether a condition holds that is `value`.
inline bool IsTruthy(const ConstantValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return false;
  const bool* boolean = std::get_if<bool>(&value);
  return boolean == nullptr || *boolean;
}

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_CONSTANT_FOLDING_H_
