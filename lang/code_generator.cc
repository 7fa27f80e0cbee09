#include "lang/code_generator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "lang/ast.h"
#include "lang/bytecode.h"
#include "lang/pending_expr.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

using Kind = PendingExpr::Kind;

// Registers beyond 255 occur only in code that will be thrown away.
uint8_t Reg(int reg) { return static_cast<uint8_t>(reg); }

bool FitsInt16(int64_t value) {
  return value >= std::numeric_limits<int16_t>::min() &&
         value <= std::numeric_limits<int16_t>::max();
}

}  // namespace

// ---- Registers -------------------------------------------------------------

void CodeGenerator::CheckStack(int count) {
  const int needed = free_ + count;
  if (needed <= max_stack_) return;
  if (needed > kMaxRegisters) {
    if (!error_line_.has_value()) error_line_ = current_line_;
    return;
  }
  max_stack_ = needed;
}

int CodeGenerator::ReserveRegisters(int count) {
  CheckStack(count);
  const int first = free_;
  free_ += count;
  return first;
}

void CodeGenerator::FreeRegister(int reg) {
  if (reg < level_) return;  // a variable
  --free_;
  assert(reg == free_);
}

void CodeGenerator::Free(const PendingExpr& expr) {
  if (expr.kind == Kind::kRegister) FreeRegister(expr.reg);
}

void CodeGenerator::Free(const PendingExpr& a, const PendingExpr& b) {
  if (a.kind == Kind::kRegister && b.kind == Kind::kRegister && a.reg < b.reg) {
    Free(b);
    Free(a);
  } else {
    Free(a);
    Free(b);
  }
}

// ---- Values ----------------------------------------------------------------

void CodeGenerator::SetResults(PendingExpr& expr, int count) {
  if (expr.kind == Kind::kCall) {
    CallOperands call = builder_.Read<CallOperands>(expr.pc);
    call.results = Reg(count + 1);
    builder_.Replace(expr.pc, call);
  } else {
    assert(expr.kind == Kind::kVararg);
    builder_.Replace(expr.pc, VarargOperands{.first = Reg(free_), .count = Reg(count + 1)});
    ReserveRegisters(1);
  }
}

void CodeGenerator::SetOpenResults(PendingExpr& expr) { SetResults(expr, -1); }

void CodeGenerator::Discharge(PendingExpr& expr) {
  const auto relocatable = [&expr](uint32_t pc) {
    expr.kind = Kind::kRelocatable;
    expr.pc = pc;
  };
  const uint8_t table = Reg(expr.reg);
  const uint8_t index = Reg(expr.index);
  const uint8_t key = Reg(expr.key);
  switch (expr.kind) {
    case Kind::kLocal:
      expr.kind = Kind::kRegister;
      return;
    case Kind::kUpvalue:
      return relocatable(builder_.Emit(GetUpvalOperands{.dst = 0, .index = index}, expr.line));
    case Kind::kUpvalueField:
      return relocatable(
          builder_.Emit(GetTabUpOperands{.dst = 0, .env = index, .key = key, .cell = builder_.NewCell()}, expr.line));
    case Kind::kField:
      FreeRegister(expr.reg);
      return relocatable(
          builder_.Emit(GetFieldOperands{.dst = 0, .table = table, .key = key, .cell = builder_.NewCell()}, expr.line));
    case Kind::kElement:
      FreeRegister(expr.reg);
      return relocatable(
          builder_.Emit(GetIntOperands{.dst = 0, .table = table, .key = key}, expr.line));
    case Kind::kIndexed:
      FreeRegister(std::max(expr.reg, expr.key));
      FreeRegister(std::min(expr.reg, expr.key));
      return relocatable(
          builder_.Emit(GetTableOperands{.dst = 0, .table = table, .key = key}, expr.line));
    case Kind::kCall:
      SetResults(expr, 1);
      expr.kind = Kind::kRegister;
      return;
    case Kind::kVararg:
      builder_.Replace(expr.pc, VarargOperands{.first = 0, .count = 2});
      expr.kind = Kind::kRelocatable;
      return;
    case Kind::kConstant:
    case Kind::kRegister:
    case Kind::kRelocatable:
    case Kind::kComparison:
      return;
  }
}

void CodeGenerator::DischargeTo(PendingExpr& expr, int reg) {
  Discharge(expr);
  switch (expr.kind) {
    case Kind::kConstant:
      LoadConstant(reg, expr.constant, expr.line);
      break;
    case Kind::kRelocatable:
      builder_.SetDestination(expr.pc, Reg(reg));
      break;
    case Kind::kRegister:
      if (expr.reg != reg)
        builder_.Emit(MoveOperands{.dst = Reg(reg), .src = Reg(expr.reg)}, expr.line);
      break;
    default:
      assert(expr.kind == Kind::kComparison);
      return;
  }
  expr.kind = Kind::kRegister;
  expr.reg = reg;
}

void CodeGenerator::DischargeToAnyRegister(PendingExpr& expr) {
  if (expr.kind == Kind::kRegister) return;
  DischargeTo(expr, ReserveRegisters(1));
}

void CodeGenerator::ToRegister(PendingExpr& expr, int reg) {
  DischargeTo(expr, reg);
  const bool is_comparison = expr.kind == Kind::kComparison;
  if (is_comparison) expr.when_true.push_back(expr.pc);
  if (expr.has_jumps()) {
    // The value is in `reg` now, or, of a comparison, false if control gets here. Load what jumps
    // do not bring:
    //          Jump end           (not for a comparison)
    //   f:     LoadFalse reg
    //          Jump end
    //   t:     LoadTrue reg
    //   end:
    uint32_t load_false = 0;
    uint32_t load_true = 0;
    JumpList to_end;
    const bool needs_true = NeedsValue(expr.when_true);
    const bool needs_false = is_comparison || NeedsValue(expr.when_false);
    if (needs_true || needs_false) {
      if (!is_comparison) to_end.push_back(Jump(expr.line));
      if (needs_false) {
        load_false = builder_.MarkTarget();
        builder_.Emit(LoadFalseOperands{.dst = Reg(reg)}, expr.line);
        if (needs_true) to_end.push_back(Jump(expr.line));
      }
      if (needs_true) {
        load_true = builder_.MarkTarget();
        builder_.Emit(LoadTrueOperands{.dst = Reg(reg)}, expr.line);
      }
    }
    PatchHere(to_end);
    const uint32_t end = builder_.MarkTarget();
    PatchValue(expr.when_false, reg, end, load_false);
    PatchValue(expr.when_true, reg, end, load_true);
    expr.when_true.clear();
    expr.when_false.clear();
  }
  expr.kind = Kind::kRegister;
  expr.reg = reg;
}

int CodeGenerator::ToNextRegister(PendingExpr& expr) {
  Discharge(expr);
  Free(expr);
  const int reg = ReserveRegisters(1);
  ToRegister(expr, reg);
  return reg;
}

int CodeGenerator::ToAnyRegister(PendingExpr& expr) {
  Discharge(expr);
  if (expr.kind == Kind::kRegister) {
    if (!expr.has_jumps()) return expr.reg;
    // Jumps may bring their values into a temporary, but not into a variable.
    if (expr.reg >= level_) {
      ToRegister(expr, expr.reg);
      return expr.reg;
    }
  }
  return ToNextRegister(expr);
}

void CodeGenerator::LoadNil(int first, int count, int32_t line) {
  const std::optional<uint32_t> last = builder_.LastInstruction();
  if (last.has_value() && builder_.OpAt(*last) == Op::kLoadNil) {
    const LoadNilOperands previous = builder_.Read<LoadNilOperands>(*last);
    const int previous_end = previous.first + previous.count;
    if (previous.first <= first && first <= previous_end) {
      const int end = std::max(previous_end, first + count);
      builder_.Replace(
          *last, LoadNilOperands{.first = previous.first, .count = Reg(end - previous.first)});
      return;
    }
  }
  builder_.Emit(LoadNilOperands{.first = Reg(first), .count = Reg(count)}, line);
}

void CodeGenerator::LoadConstant(int reg, const ConstantValue& value, int32_t line) {
  const uint8_t dst = Reg(reg);
  if (std::holds_alternative<std::monostate>(value)) return LoadNil(reg, 1, line);
  if (const bool* boolean = std::get_if<bool>(&value)) {
    if (*boolean) {
      builder_.Emit(LoadTrueOperands{.dst = dst}, line);
    } else {
      builder_.Emit(LoadFalseOperands{.dst = dst}, line);
    }
    return;
  }
  if (const int64_t* integer = std::get_if<int64_t>(&value);
      integer != nullptr && FitsInt16(*integer)) {
    builder_.Emit(LoadIntOperands{.dst = dst, .value = static_cast<int16_t>(*integer)}, line);
    return;
  }
  if (const double* number = std::get_if<double>(&value);
      number != nullptr && std::fabs(*number) < 32768) {
    const int16_t rounded = static_cast<int16_t>(*number);
    const bool is_negative_zero = *number == 0 && std::signbit(*number);
    if (static_cast<double>(rounded) == *number && !is_negative_zero) {
      builder_.Emit(LoadFloatOperands{.dst = dst, .value = rounded}, line);
      return;
    }
  }
  const uint32_t index = AddConstant(value);
  if (index <= std::numeric_limits<uint16_t>::max()) {
    builder_.Emit(LoadKOperands{.dst = dst, .k = static_cast<uint16_t>(index)}, line);
  } else {
    builder_.Emit(LoadKXOperands{.dst = dst, .k = index}, line);
  }
}

uint32_t CodeGenerator::AddConstant(const ConstantValue& value) {
  return builder_.AddConstant(std::visit(
      [](const auto& alternative) -> Constant {
        if constexpr (std::is_same_v<std::decay_t<decltype(alternative)>, std::string_view>) {
          return std::string(alternative);
        } else {
          return alternative;
        }
      },
      value));
}

std::optional<uint8_t> CodeGenerator::ShortConstant(const ConstantValue& value) {
  const uint32_t index = AddConstant(value);
  if (index > std::numeric_limits<uint8_t>::max()) return std::nullopt;
  return static_cast<uint8_t>(index);
}

// ---- Tables and variables --------------------------------------------------

void CodeGenerator::PrepareObject(PendingExpr& object) {
  if (object.kind != Kind::kUpvalue || object.has_jumps()) ToAnyRegister(object);
}

PendingExpr CodeGenerator::Index(PendingExpr object, PendingExpr key, int32_t line) {
  PendingExpr result;
  result.line = line;
  if (key.Is<std::string_view>()) {
    if (const std::optional<uint8_t> constant = ShortConstant(key.constant)) {
      result.kind = object.kind == Kind::kUpvalue ? Kind::kUpvalueField : Kind::kField;
      result.reg = object.reg;
      result.index = object.index;
      result.key = *constant;
      return result;
    }
  }
  // A comparison or jump list must be finished before other code is emitted.
  if (key.kind == Kind::kComparison || key.has_jumps()) ToAnyRegister(key);
  if (object.kind == Kind::kUpvalue) {
    Discharge(key);
    ToAnyRegister(object);
  }
  result.reg = object.reg;
  if (key.Is<int64_t>() && std::get<int64_t>(key.constant) >= 0 &&
      std::get<int64_t>(key.constant) <= 255) {
    result.kind = Kind::kElement;
    result.key = static_cast<int>(std::get<int64_t>(key.constant));
  } else {
    result.kind = Kind::kIndexed;
    result.key = ToAnyRegister(key);
  }
  return result;
}

int CodeGenerator::Self(PendingExpr& object, std::string_view name, int32_t line) {
  const uint8_t source = Reg(ToAnyRegister(object));
  Free(object);
  const int func = ReserveRegisters(3);
  if (const std::optional<uint8_t> key = ShortConstant(name)) {
    builder_.Emit(SelfOperands{.dst = Reg(func), .object = source, .key = *key, .cell = builder_.NewCell()}, line);
    return func;
  }
  // The key's index is too large for Self. The link's register is not in use yet.
  const uint8_t self = Reg(func + 2);
  builder_.Emit(MoveOperands{.dst = self, .src = source}, line);
  LoadConstant(func + 1, name, line);
  builder_.Emit(GetTableOperands{.dst = Reg(func), .table = self, .key = Reg(func + 1)}, line);
  return func;
}

void CodeGenerator::Store(const PendingExpr& target, PendingExpr& value, int32_t line) {
  if (target.kind == Kind::kLocal) {
    Discharge(value);
    Free(value);
    if (value.kind == Kind::kRegister) value.line = line;  // what moves it is the assignment
    ToRegister(value, target.reg);
    return;
  }
  const uint8_t source = Reg(ToAnyRegister(value));
  const uint8_t table = Reg(target.reg);
  const uint8_t index = Reg(target.index);
  const uint8_t key = Reg(target.key);
  switch (target.kind) {
    case Kind::kUpvalue:
      builder_.Emit(SetUpvalOperands{.src = source, .index = index}, line);
      break;
    case Kind::kUpvalueField:
      builder_.Emit(SetTabUpOperands{.value = source, .env = index, .key = key, .cell = builder_.NewCell()}, line);
      break;
    case Kind::kField:
      builder_.Emit(SetFieldOperands{.table = table, .key = key, .value = source, .cell = builder_.NewCell()}, line);
      break;
    case Kind::kElement:
      builder_.Emit(SetIntOperands{.table = table, .key = key, .value = source}, line);
      break;
    default:
      assert(target.kind == Kind::kIndexed);
      builder_.Emit(SetTableOperands{.table = table, .key = key, .value = source}, line);
      break;
  }
  Free(value);
}

}  // namespace perilune::lang
