// What the compiler asks of an op at every instruction, from opcodes.def, in a few bytes: the tables of lang/bytecode.h with their names are many.

#ifndef PERILUNE_JIT_OP_SHAPE_H_
#define PERILUNE_JIT_OP_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "lang/bytecode.h"

namespace perilune::vm::jit {

// A type that the compiler knows a value to have.
enum class Known : uint8_t { kNothing, kNil, kBoolean, kInteger, kFloat, kString, kTable, kLuaFunction };

struct OpShape {
  // Columns, as sets.
  static constexpr uint8_t kA = 1, kB = 2, kC = 4;

  uint8_t words;          // 1 or 2
  uint8_t reads, writes;  // columns that name a register which is read, or written
  bool writes_all;        // all registers from A on
  bool branches;
  bool falls_through;
  bool back_edge;
  bool names_callee;      // puts into A what may be a function with a name
  bool reads_elsewhere;   // puts into A a value from elsewhere, which may be of another type than what the register had
  bool special;           // puts a constant there, or writes otherwise than this says, or on one way only (Facts::CommitSpecial)
  std::optional<Known> result;  // the type of what it writes, if that is the same whatever its operands are

  constexpr uint8_t registers() const { return reads | writes; }
};

constexpr std::optional<Known> FixedResult(lang::Op op) {
  using lang::Op;
  switch (op) {
    case Op::kLoadNil: return Known::kNil;
    case Op::kLoadFalse:
    case Op::kLoadTrue:
    case Op::kNot: return Known::kBoolean;
    case Op::kLoadInt: return Known::kInteger;
    case Op::kLoadFloat: return Known::kFloat;
    case Op::kClosure: return Known::kLuaFunction;
    case Op::kNewTable: return Known::kTable;
    case Op::kMove:
    case Op::kLoadK:
    case Op::kLoadKX:
    case Op::kUnm:
    case Op::kBNot:
    case Op::kLen:
    case Op::kTestSet:
    case Op::kForPrep:
    case Op::kForLoop: return std::nullopt;
    default:
      if (op >= Op::kAdd && op <= Op::kShrK) return std::nullopt;
      return Known::kNothing;
  }
}

inline constexpr auto kOpShapes = [] {
  using lang::Op;
  std::array<OpShape, lang::kOpCount> shapes{};
  for (size_t i = 0; i < lang::kOpCount; ++i) {
    const lang::OpInfo& info = lang::kOpTable[i];
    OpShape& shape = shapes[i];
    for (size_t column = 0; column < 3; ++column) {
      const auto bit = static_cast<uint8_t>(1 << column);
      if (info.kinds[column] == lang::OperandKind::kIn) shape.reads |= bit;
      if (info.kinds[column] == lang::OperandKind::kOut) shape.writes |= bit;
    }
    shape.words = static_cast<uint8_t>(info.words());
    shape.writes_all = info.kind(lang::Column::kA) == lang::OperandKind::kInOut;
    shape.branches = info.has_trait(lang::Trait::kBranch) || info.has_trait(lang::Trait::kJump);
    shape.falls_through = !info.has_trait(lang::Trait::kJump) && !info.has_trait(lang::Trait::kEnds);
    shape.back_edge = info.has_trait(lang::Trait::kBackEdge);
    shape.result = FixedResult(static_cast<Op>(i));
  }
  const auto mark = [&shapes](bool OpShape::*trait, std::initializer_list<Op> ops) {
    for (const Op op : ops) shapes[static_cast<size_t>(op)].*trait = true;
  };
  mark(&OpShape::names_callee, {Op::kGetTabUp, Op::kGetField, Op::kSelf, Op::kGetUpval, Op::kMove});
  mark(&OpShape::reads_elsewhere, {Op::kGetUpval, Op::kGetTabUp, Op::kGetField, Op::kGetTable, Op::kGetInt});
  mark(&OpShape::special, {Op::kMove, Op::kLoadNil, Op::kLoadInt, Op::kLoadK, Op::kLoadKX, Op::kSelf, Op::kVararg, Op::kTestSet, Op::kForPrep, Op::kForLoop,
                           Op::kTForPrep, Op::kTForCall, Op::kTForLoop});
  return shapes;
}();

constexpr const OpShape& ShapeOf(lang::Op op) { return kOpShapes[static_cast<size_t>(op)]; }

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_OP_SHAPE_H_
