// The part of FunctionCompiler that compiles expressions.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "lang/ast.h"
#include "lang/bytecode.h"
#include "lang/constant_folding.h"
#include "lang/function_compiler.h"
#include "lang/pending_expr.h"

namespace perilune::lang {
namespace {

using Kind = PendingExpr::Kind;

// Values of a table constructor that are collected in registers before a SetList stores them.
constexpr int kFieldsPerFlush = 50;

// Nested functions of one function: Closure has 16 bits for them.
constexpr size_t kMaxChildren = 65535;

uint8_t Reg(int reg) { return static_cast<uint8_t>(reg); }

bool IsConcat(const Expr& expr) {
  return expr.kind == ExprKind::kBinary && As<BinaryExpr>(expr).op == BinaryOp::kConcat;
}

}  // namespace

PendingExpr FunctionCompiler::CompileExpr(const Expr& expr) {
  // Left operands may nest without bound; see [DOC] AST depth.
  absl::InlinedVector<const Expr*, 8> spine;
  const Expr* leaf = &expr;
  while (leaf->constant == nullptr && LeftOperand(*leaf) != nullptr) {
    spine.push_back(leaf);
    leaf = LeftOperand(*leaf);
  }
  PendingExpr result = CompileLeaf(*leaf);
  for (; !spine.empty(); spine.pop_back()) result = ApplyTo(std::move(result), *spine.back());
  return result;
}

PendingExpr FunctionCompiler::CompileLeaf(const Expr& expr) {
  generator_.set_current_line(expr.line);
  if (expr.constant != nullptr) return PendingExpr::OfConstant(*expr.constant, expr.line);
  switch (expr.kind) {
    case ExprKind::kVararg: {
      const uint32_t pc = builder_.Emit(VarargOperands{.first = 0, .count = 0}, expr.line);
      return PendingExpr::OfInstruction(Kind::kVararg, pc, expr.line);
    }
    case ExprKind::kFunction:
      return CompileClosure(As<FunctionExpr>(expr));
    case ExprKind::kLocal:
      return PendingExpr::OfLocal(RegisterOf(As<LocalExpr>(expr).variable), expr.line);
    case ExprKind::kUpvalue:
      return PendingExpr::OfUpvalue(static_cast<int>(As<UpvalueExpr>(expr).index), expr.line);
    case ExprKind::kGlobal:
      return CompileGlobal(As<GlobalExpr>(expr));
    case ExprKind::kUnary: {
      const UnaryExpr& unary = As<UnaryExpr>(expr);
      PendingExpr operand = CompileExpr(*unary.operand);
      if (unary.op == UnaryOp::kNot) {
        generator_.Not(operand);
      } else {
        generator_.Unary(unary.op, operand, expr.line);
      }
      return operand;
    }
    case ExprKind::kParen: {
      PendingExpr inner = CompileExpr(*As<ParenExpr>(expr).inner);
      generator_.Discharge(inner);
      return inner;
    }
    case ExprKind::kTable:
      return CompileTable(As<TableExpr>(expr));
    case ExprKind::kConstant:
    case ExprKind::kIndex:
    case ExprKind::kCall:
    case ExprKind::kMethodCall:
    case ExprKind::kBinary:
      break;
  }
  // Constants have a value, the others a left operand.
  return PendingExpr();
}

PendingExpr FunctionCompiler::ApplyTo(PendingExpr left, const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kIndex: {
      generator_.PrepareObject(left);
      PendingExpr key = CompileExpr(*As<IndexExpr>(expr).key);
      return generator_.Index(std::move(left), std::move(key), expr.line);
    }
    case ExprKind::kCall: {
      const int func = generator_.ToNextRegister(left);
      generator_.ReserveRegisters(1);  // the frame link
      return CompileCall(func, As<CallExpr>(expr).args, expr.line);
    }
    case ExprKind::kMethodCall: {
      const MethodCallExpr& call = As<MethodCallExpr>(expr);
      const int func = generator_.Self(left, call.name, call.name_line);
      return CompileCall(func, call.args, expr.line);
    }
    default:
      return CompileBinary(std::move(left), As<BinaryExpr>(expr));
  }
}

PendingExpr FunctionCompiler::CompileBinary(PendingExpr left, const BinaryExpr& expr) {
  generator_.PrepareLeft(expr.op, left, expr.line);
  if (expr.op == BinaryOp::kConcat) return CompileConcat(expr, left.reg);
  PendingExpr right = CompileExpr(*expr.rhs);
  generator_.set_current_line(expr.line);
  generator_.Discharge(right);  // as an operand, a call has one value
  switch (expr.op) {
    case BinaryOp::kAnd:
      Append(left.when_false, right.when_false);
      right.when_false = std::move(left.when_false);
      return right;
    case BinaryOp::kOr:
      Append(left.when_true, right.when_true);
      right.when_true = std::move(left.when_true);
      return right;
    case BinaryOp::kEq:
    case BinaryOp::kNe:
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe:
      generator_.Comparison(expr.op, left, right, expr.line);
      return left;
    default:
      generator_.Arithmetic(expr.op, left, right, expr.line);
      return left;
  }
}

// a .. b .. c is a .. (b .. c); all operands go to successive registers and one Concat joins them.
// The leftmost operand is in register `first`.
PendingExpr FunctionCompiler::CompileConcat(const BinaryExpr& expr, int first) {
  const BinaryExpr* innermost = &expr;
  for (;;) {
    const Expr* right = innermost->rhs;
    while (right->kind == ExprKind::kParen && right->constant == nullptr)
      right = As<ParenExpr>(*right).inner;
    if (!IsConcat(*right)) break;
    innermost = &As<BinaryExpr>(*right);
    ToNextRegister(*innermost->lhs);
  }
  ToNextRegister(*innermost->rhs);
  const int count = generator_.free_register() - first;
  builder_.Emit(ConcatOperands{.first = Reg(first), .count = Reg(count)}, innermost->line);
  generator_.FreeDownTo(first + 1);
  return PendingExpr::OfTemporary(first, expr.line);
}

// Arguments that are in registers already (the object of a method call) count.
PendingExpr FunctionCompiler::CompileCall(int func, ExprList args, int32_t line) {
  bool is_open = false;
  if (!args.empty()) {
    PendingExpr last = CompileList(args);
    is_open = last.IsMultiValue();
    if (is_open) {
      generator_.SetOpenResults(last);
    } else {
      generator_.ToNextRegister(last);
    }
  }
  const int count = generator_.free_register() - (func + 2);
  const CallOperands call{.func = Reg(func),
                          .args = is_open ? uint8_t{0} : Reg(count + 1),
                          .results = 2,
                          .site = builder_.NewCallSite()};
  const uint32_t pc = builder_.Emit(call, line);
  generator_.FreeDownTo(func + 1);
  return PendingExpr::OfCall(pc, func, line);
}

PendingExpr FunctionCompiler::CompileClosure(const FunctionExpr& expr) {
  children_.push_back(FunctionCompiler(*expr.body, this, compilation_).Compile());
  if (children_.size() > kMaxChildren && !compilation_->error.has_value()) {
    compilation_->error = {expr.line,
                           absl::StrCat("too many functions (limit is ", kMaxChildren, ")")};
  }
  const uint16_t child = static_cast<uint16_t>(children_.size() - 1);
  const uint32_t pc = builder_.Emit(ClosureOperands{.dst = 0, .child = child}, expr.line);
  return PendingExpr::OfInstruction(Kind::kRelocatable, pc, expr.line);
}

PendingExpr FunctionCompiler::CompileTable(const TableExpr& expr) {
  // A call at the end will mostly give one value.
  const bool ends_in_varargs = expr.last_is_multi && expr.items.back().value->kind == ExprKind::kVararg;
  const uint32_t array_size = expr.positional_count - (ends_in_varargs ? 1 : 0);
  const auto hash_bits = static_cast<uint32_t>(
      expr.keyed_count == 0 ? 0 : std::bit_width(expr.keyed_count - 1) + 1);
  NewTableOperands make{
      .dst = 0, .cell = builder_.NewCell16(), .size = TableSizeOf(array_size, hash_bits)};
  if (expr.items.empty()) {
    return PendingExpr::OfInstruction(Kind::kRelocatable, builder_.Emit(make, expr.line),
                                      expr.line);
  }
  const int table = generator_.ReserveRegisters(1);
  make.dst = Reg(table);
  builder_.Emit(make, expr.line);
  uint32_t stored = 0;
  const auto flush = [&](uint8_t count_or_top, int32_t line) {
    builder_.Emit(SetListOperands{.table = Reg(table), .count = count_or_top, .skip = stored},
                  line);
    generator_.FreeDownTo(table + 1);
  };
  for (const TableItem& item : expr.items) {
    const int waiting = generator_.free_register() - (table + 1);
    if (item.kind != TableItemKind::kPositional) {
      PendingExpr field = generator_.Index(PendingExpr::OfTemporary(table, item.line),
                                           CompileExpr(*item.key), item.line);
      PendingExpr value = CompileExpr(*item.value);
      generator_.Store(field, value, item.line);
      generator_.FreeDownTo(table + 1 + waiting);
      continue;
    }
    PendingExpr value = CompileExpr(*item.value);
    if (expr.last_is_multi && &item == &expr.items.back()) {
      generator_.SetOpenResults(value);
      flush(0, expr.end_line);
      continue;
    }
    generator_.ToNextRegister(value);
    if (waiting + 1 == kFieldsPerFlush) {
      flush(kFieldsPerFlush + 1, item.line);
      stored += kFieldsPerFlush;
    }
  }
  const int waiting = generator_.free_register() - (table + 1);
  if (waiting > 0) flush(Reg(waiting + 1), expr.end_line);
  return PendingExpr::OfTemporary(table, expr.line);
}

PendingExpr FunctionCompiler::CompileGlobal(const GlobalExpr& expr) {
  PendingExpr env = CompileExpr(*expr.env);
  generator_.PrepareObject(env);
  return generator_.Index(std::move(env), PendingExpr::OfConstant(expr.name, expr.line), expr.line);
}

PendingExpr FunctionCompiler::CompileList(ExprList list) {
  for (const Expr* expr : list.first(list.size() - 1)) ToNextRegister(*expr);
  return CompileExpr(*list.back());
}

void FunctionCompiler::CompileAdjusted(ExprList list, int wanted, int32_t line) {
  if (list.empty()) {
    if (wanted > 0) generator_.LoadNil(generator_.ReserveRegisters(wanted), wanted, line);
    return;
  }
  PendingExpr last = CompileList(list);
  Adjust(wanted, static_cast<int>(list.size()), last, line);
}

void FunctionCompiler::Adjust(int wanted, int count, PendingExpr& last, int32_t line) {
  const int missing = wanted - count;
  if (last.IsMultiValue()) {
    generator_.SetResults(last, std::max(missing + 1, 0));
    if (missing > 0) generator_.ReserveRegisters(missing);
  } else {
    generator_.ToNextRegister(last);
    if (missing > 0) generator_.LoadNil(generator_.ReserveRegisters(missing), missing, line);
  }
  if (missing < 0) generator_.FreeDownTo(generator_.free_register() + missing);
}

void FunctionCompiler::ToNextRegister(const Expr& expr) {
  PendingExpr value = CompileExpr(expr);
  generator_.ToNextRegister(value);
}

PendingExpr FunctionCompiler::CompileTest(const Expr& condition) {
  PendingExpr value = CompileExpr(condition);
  if (value.kind == Kind::kConstant) value.constant = IsTruthy(value.constant);
  return value;
}

JumpList FunctionCompiler::CompileCondition(const Expr& condition, int32_t line) {
  PendingExpr value = CompileTest(condition);
  generator_.GoIfTrue(value, line);
  return std::move(value.when_false);
}

}  // namespace perilune::lang
