// The part of CodeGenerator that deals with operators and jumps.

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "lang/ast.h"
#include "lang/bytecode.h"
#include "lang/code_generator.h"
#include "lang/constant_folding.h"
#include "lang/pending_expr.h"

namespace perilune::lang {
namespace {

using Kind = PendingExpr::Kind;

uint8_t Reg(int reg) { return static_cast<uint8_t>(reg); }

// The ops of opcodes.def and the operators of ast.h have the same order.
constexpr int Distance(Op from, Op to) { return static_cast<int>(to) - static_cast<int>(from); }
constexpr int Distance(BinaryOp from, BinaryOp to) {
  return static_cast<int>(to) - static_cast<int>(from);
}
static_assert(Distance(Op::kAdd, Op::kPow) == Distance(BinaryOp::kAdd, BinaryOp::kPow));
static_assert(Distance(Op::kAdd, Op::kBAnd) == Distance(BinaryOp::kAdd, BinaryOp::kBitAnd));
static_assert(Distance(Op::kAdd, Op::kShr) == Distance(BinaryOp::kAdd, BinaryOp::kShr));
static_assert(Distance(Op::kAddK, Op::kShrK) == Distance(BinaryOp::kAdd, BinaryOp::kShr));

Op ArithmeticOp(Op first, BinaryOp op) {
  return static_cast<Op>(static_cast<int>(first) + Distance(BinaryOp::kAdd, op));
}

bool IsEquality(BinaryOp op) { return op == BinaryOp::kEq || op == BinaryOp::kNe; }

// The operator of `b op a` that means the same as `a op b`.
BinaryOp Mirrored(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLt:
      return BinaryOp::kGt;
    case BinaryOp::kLe:
      return BinaryOp::kGe;
    case BinaryOp::kGt:
      return BinaryOp::kLt;
    case BinaryOp::kGe:
      return BinaryOp::kLe;
    default:
      return op;
  }
}

// Comparison of a register with a constant.
Op ConstantComparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLt:
      return Op::kLtK;
    case BinaryOp::kLe:
      return Op::kLeK;
    case BinaryOp::kGt:
      return Op::kGtK;
    case BinaryOp::kGe:
      return Op::kGeK;
    default:
      return Op::kEqK;
  }
}

// Comparison of two registers, for operators that have an op.
Op RegisterComparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLt:
      return Op::kLt;
    case BinaryOp::kLe:
      return Op::kLe;
    default:
      return Op::kEq;
  }
}

}  // namespace

// ---- Operators -------------------------------------------------------------

void CodeGenerator::Unary(UnaryOp op, PendingExpr& operand, int32_t line) {
  const uint8_t src = Reg(ToAnyRegister(operand));
  Free(operand);
  const Op code = op == UnaryOp::kNegate ? Op::kUnm : op == UnaryOp::kBitNot ? Op::kBNot : Op::kLen;
  operand = PendingExpr::OfInstruction(
      Kind::kRelocatable, builder_.EmitAs(code, UnmOperands{.dst = 0, .src = src}, line), line);
}

void CodeGenerator::Not(PendingExpr& operand) {
  Discharge(operand);
  switch (operand.kind) {
    case Kind::kConstant:
      operand.constant = !IsTruthy(operand.constant);
      break;
    case Kind::kComparison:
      builder_.InvertCondition(operand.pc);
      break;
    default: {
      DischargeToAnyRegister(operand);
      Free(operand);
      operand.pc = builder_.Emit(NotOperands{.dst = 0, .src = Reg(operand.reg)}, operand.line);
      operand.kind = Kind::kRelocatable;
    }
  }
  std::swap(operand.when_true, operand.when_false);
  for (const uint32_t jump : operand.when_true) DropValue(jump);
  for (const uint32_t jump : operand.when_false) DropValue(jump);
}

void CodeGenerator::PrepareLeft(BinaryOp op, PendingExpr& lhs, int32_t line) {
  switch (op) {
    case BinaryOp::kAnd:
      return GoIfTrue(lhs, line);
    case BinaryOp::kOr:
      return GoIfFalse(lhs, line);
    case BinaryOp::kConcat:
      ToNextRegister(lhs);
      return;
    default:
      // A constant waits: it may become an operand as it is.
      if (lhs.IsNumber() || (IsEquality(op) && lhs.IsConstant())) return;
      ToAnyRegister(lhs);
  }
}

void CodeGenerator::Arithmetic(BinaryOp op, PendingExpr& lhs, PendingExpr& rhs, int32_t line) {
  std::optional<uint8_t> constant;
  if (rhs.IsNumber()) constant = ShortConstant(rhs.constant);
  uint32_t pc = 0;
  if (constant.has_value()) {
    const uint8_t left = Reg(ToAnyRegister(lhs));
    Free(lhs);
    pc = builder_.EmitAs(ArithmeticOp(Op::kAddK, op),
                         AddKOperands{.dst = 0, .lhs = left, .rhs = *constant}, line);
  } else {
    const uint8_t right = Reg(ToAnyRegister(rhs));
    const uint8_t left = Reg(ToAnyRegister(lhs));
    Free(lhs, rhs);
    pc = builder_.EmitAs(ArithmeticOp(Op::kAdd, op),
                         AddOperands{.dst = 0, .lhs = left, .rhs = right}, line);
  }
  lhs = PendingExpr::OfInstruction(Kind::kRelocatable, pc, line);
}

void CodeGenerator::Comparison(BinaryOp op, PendingExpr& lhs, PendingExpr& rhs, int32_t line) {
  if (lhs.IsConstant() && !rhs.IsConstant()) {
    std::swap(lhs, rhs);
    op = Mirrored(op);
  }
  std::optional<uint8_t> constant;
  if (IsEquality(op) ? rhs.IsConstant() : rhs.IsNumber()) constant = ShortConstant(rhs.constant);
  const uint8_t when = op == BinaryOp::kNe ? 0 : 1;
  uint32_t pc = 0;
  if (constant.has_value()) {
    const uint8_t left = Reg(ToAnyRegister(lhs));
    Free(lhs);
    pc = builder_.EmitAs(ConstantComparison(op),
                         LtKOperands{.lhs = left, .rhs = *constant, .when = when, .target = 0},
                         line);
  } else {
    uint8_t right = Reg(ToAnyRegister(rhs));
    uint8_t left = Reg(ToAnyRegister(lhs));
    Free(lhs, rhs);
    if (op == BinaryOp::kGt || op == BinaryOp::kGe) {
      std::swap(left, right);
      op = Mirrored(op);
    }
    pc = builder_.EmitAs(RegisterComparison(op),
                         LtOperands{.lhs = left, .rhs = right, .when = when, .target = 0}, line);
  }
  lhs = PendingExpr::OfInstruction(Kind::kComparison, pc, line);
}

// ---- Jumps -----------------------------------------------------------------

uint32_t CodeGenerator::Jump(int32_t line) {
  return builder_.Emit(JumpOperands{.target = 0}, line);
}

void CodeGenerator::LoopJump(uint32_t target, std::optional<uint16_t>* loop, int32_t line) {
  if (!loop->has_value()) *loop = builder_.NewLoop();
  builder_.SetTarget(builder_.Emit(LoopJumpOperands{.loop = **loop, .target = 0}, line), target);
}

void CodeGenerator::GoIfTrue(PendingExpr& expr, int32_t line) {
  Discharge(expr);
  if (expr.kind == Kind::kComparison) {
    builder_.InvertCondition(expr.pc);
    expr.when_false.push_back(expr.pc);
  } else if (expr.kind == Kind::kConstant && IsTruthy(expr.constant)) {
    // Never jumps.
  } else if (expr.kind == Kind::kConstant && std::holds_alternative<bool>(expr.constant)) {
    expr.when_false.push_back(Jump(line));
  } else {
    expr.when_false.push_back(JumpIf(expr, false, line));
  }
  PatchHere(expr.when_true);
  expr.when_true.clear();
}

void CodeGenerator::GoIfFalse(PendingExpr& expr, int32_t line) {
  Discharge(expr);
  if (expr.kind == Kind::kComparison) {
    expr.when_true.push_back(expr.pc);
  } else if (expr.kind == Kind::kConstant && !IsTruthy(expr.constant)) {
    // Never jumps.
  } else if (expr.kind == Kind::kConstant && std::holds_alternative<bool>(expr.constant)) {
    expr.when_true.push_back(Jump(line));
  } else {
    expr.when_true.push_back(JumpIf(expr, true, line));
  }
  PatchHere(expr.when_false);
  expr.when_false.clear();
}

uint32_t CodeGenerator::JumpIf(PendingExpr& expr, bool condition, int32_t line) {
  if (expr.kind == Kind::kRelocatable && builder_.OpAt(expr.pc) == Op::kNot &&
      builder_.LastInstruction() == expr.pc) {
    // `not x`: test x itself.
    const uint8_t src = builder_.Read<NotOperands>(expr.pc).src;
    builder_.RemoveLast();
    return builder_.Emit(TestOperands{.src = src, .when = !condition, .target = 0}, line);
  }
  DischargeToAnyRegister(expr);
  Free(expr);
  return builder_.Emit(
      TestSetOperands{.dst = 0, .src = Reg(expr.reg), .when = condition, .target = 0}, line);
}

bool CodeGenerator::NeedsValue(const JumpList& jumps) const {
  for (const uint32_t jump : jumps) {
    if (builder_.OpAt(jump) != Op::kTestSet) return true;
  }
  return false;
}

void CodeGenerator::DropValue(uint32_t jump) {
  if (builder_.OpAt(jump) != Op::kTestSet) return;
  const TestSetOperands test = builder_.Read<TestSetOperands>(jump);
  builder_.Replace(jump, TestOperands{.src = test.src, .when = test.when, .target = test.target});
}

void CodeGenerator::PatchTo(const JumpList& jumps, uint32_t target) {
  for (const uint32_t jump : jumps) {
    DropValue(jump);
    builder_.SetTarget(jump, target);
  }
}

void CodeGenerator::PatchHere(const JumpList& jumps) {
  if (!jumps.empty()) PatchTo(jumps, builder_.MarkTarget());
}

void CodeGenerator::PatchValue(const JumpList& jumps, int reg, uint32_t end, uint32_t load) {
  for (const uint32_t jump : jumps) {
    if (builder_.OpAt(jump) != Op::kTestSet) {
      builder_.SetTarget(jump, load);
      continue;
    }
    if (builder_.Read<TestSetOperands>(jump).src == reg) {
      DropValue(jump);  // it is there already
    } else {
      builder_.SetDestination(jump, Reg(reg));
    }
    builder_.SetTarget(jump, end);
  }
}

}  // namespace perilune::lang
