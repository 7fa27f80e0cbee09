#include "lang/constant_folding.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <variant>

#include "lang/ast.h"

namespace perilune::lang {
namespace {

bool IsNumber(const ConstantValue& value) {
  return std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value);
}

double ToFloat(const ConstantValue& number) {
  const int64_t* integer = std::get_if<int64_t>(&number);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(number);
}

// An integer, or a float with an integer's value.
std::optional<int64_t> ToInteger(const ConstantValue& number) {
  if (const int64_t* integer = std::get_if<int64_t>(&number)) return *integer;
  const double value = std::get<double>(number);
  if (!(value >= -0x1p63 && value < 0x1p63) || std::floor(value) != value) return std::nullopt;
  return static_cast<int64_t>(value);
}

// Integers wrap around.
int64_t Wrap(uint64_t value) { return static_cast<int64_t>(value); }

int64_t FloorDivide(int64_t lhs, int64_t rhs) {
  if (rhs == -1) return Wrap(0 - static_cast<uint64_t>(lhs));
  const int64_t quotient = lhs / rhs;
  return lhs % rhs != 0 && (lhs ^ rhs) < 0 ? quotient - 1 : quotient;
}

int64_t FloorModulo(int64_t lhs, int64_t rhs) {
  if (rhs == -1) return 0;
  const int64_t remainder = lhs % rhs;
  return remainder != 0 && (remainder ^ rhs) < 0 ? remainder + rhs : remainder;
}

double FloorModulo(double lhs, double rhs) {
  const double remainder = std::fmod(lhs, rhs);
  const bool wrong_side = remainder > 0 ? rhs < 0 : remainder < 0 && rhs != remainder && rhs > 0;
  return wrong_side ? remainder + rhs : remainder;
}

int64_t ShiftLeft(int64_t value, int64_t by) {
  const uint64_t bits = static_cast<uint64_t>(value);
  if (by <= -64 || by >= 64) return 0;
  return Wrap(by >= 0 ? bits << by : bits >> -by);
}

std::optional<ConstantValue> FoldBitwise(BinaryOp op, const ConstantValue& lhs,
                                         const ConstantValue& rhs) {
  const std::optional<int64_t> left = ToInteger(lhs);
  const std::optional<int64_t> right = ToInteger(rhs);
  if (!left.has_value() || !right.has_value()) return std::nullopt;
  switch (op) {
    case BinaryOp::kBitAnd:
      return *left & *right;
    case BinaryOp::kBitOr:
      return *left | *right;
    case BinaryOp::kBitXor:
      return *left ^ *right;
    case BinaryOp::kShl:
      return ShiftLeft(*left, *right);
    case BinaryOp::kShr:
      return ShiftLeft(*left, Wrap(0 - static_cast<uint64_t>(*right)));
    default:
      return std::nullopt;
  }
}

std::optional<ConstantValue> FoldIntegers(BinaryOp op, int64_t lhs, int64_t rhs) {
  const uint64_t left = static_cast<uint64_t>(lhs);
  const uint64_t right = static_cast<uint64_t>(rhs);
  switch (op) {
    case BinaryOp::kAdd:
      return Wrap(left + right);
    case BinaryOp::kSub:
      return Wrap(left - right);
    case BinaryOp::kMul:
      return Wrap(left * right);
    case BinaryOp::kMod:
      if (rhs == 0) return std::nullopt;
      return FloorModulo(lhs, rhs);
    case BinaryOp::kIDiv:
      if (rhs == 0) return std::nullopt;
      return FloorDivide(lhs, rhs);
    default:
      return std::nullopt;
  }
}

std::optional<ConstantValue> FoldFloats(BinaryOp op, double lhs, double rhs) {
  double result = 0;
  switch (op) {
    case BinaryOp::kAdd:
      result = lhs + rhs;
      break;
    case BinaryOp::kSub:
      result = lhs - rhs;
      break;
    case BinaryOp::kMul:
      result = lhs * rhs;
      break;
    case BinaryOp::kMod:
      if (rhs == 0) return std::nullopt;
      result = FloorModulo(lhs, rhs);
      break;
    case BinaryOp::kPow:
      result = rhs == 2 ? lhs * lhs : std::pow(lhs, rhs);
      break;
    case BinaryOp::kDiv:
      if (rhs == 0) return std::nullopt;
      result = lhs / rhs;
      break;
    case BinaryOp::kIDiv:
      if (rhs == 0) return std::nullopt;
      result = std::floor(lhs / rhs);
      break;
    default:
      return std::nullopt;
  }
  if (std::isnan(result) || result == 0) return std::nullopt;
  return result;
}

std::optional<ConstantValue> FoldArithmetic(BinaryOp op, const ConstantValue& lhs,
                                            const ConstantValue& rhs) {
  if (!IsNumber(lhs) || !IsNumber(rhs)) return std::nullopt;
  switch (op) {
    case BinaryOp::kBitAnd:
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kShl:
    case BinaryOp::kShr:
      return FoldBitwise(op, lhs, rhs);
    case BinaryOp::kPow:
    case BinaryOp::kDiv:
      return FoldFloats(op, ToFloat(lhs), ToFloat(rhs));
    default: {
      const int64_t* left = std::get_if<int64_t>(&lhs);
      const int64_t* right = std::get_if<int64_t>(&rhs);
      if (left != nullptr && right != nullptr) return FoldIntegers(op, *left, *right);
      return FoldFloats(op, ToFloat(lhs), ToFloat(rhs));
    }
  }
}

}  // namespace

std::optional<ConstantValue> FoldUnary(UnaryOp op, const ConstantValue& operand) {
  switch (op) {
    case UnaryOp::kNegate: {
      if (const int64_t* integer = std::get_if<int64_t>(&operand))
        return Wrap(0 - static_cast<uint64_t>(*integer));
      const double* value = std::get_if<double>(&operand);
      if (value == nullptr || *value == 0 || std::isnan(*value)) return std::nullopt;
      return -*value;
    }
    case UnaryOp::kBitNot: {
      if (!IsNumber(operand)) return std::nullopt;
      const std::optional<int64_t> integer = ToInteger(operand);
      if (!integer.has_value()) return std::nullopt;
      return ~*integer;
    }
    case UnaryOp::kNot:
      return !IsTruthy(operand);
    case UnaryOp::kLength:
      return std::nullopt;
  }
}

std::optional<ConstantValue> FoldBinary(BinaryOp op, const ConstantValue& lhs,
                                        const ConstantValue& rhs) {
  switch (op) {
    case BinaryOp::kAnd:
      if (!IsTruthy(lhs)) return std::nullopt;
      return rhs;
    case BinaryOp::kOr:
      if (IsTruthy(lhs)) return std::nullopt;
      return rhs;
    default:
      return FoldArithmetic(op, lhs, rhs);
  }
}

}  // namespace perilune::lang
