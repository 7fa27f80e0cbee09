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

struct alignas(16) OpShape {
  // Columns, as sets.
  static constexpr uint8_t kA = 1, kB = 2, kC = 4, kAll = 7;

  uint8_t words;          // 1 or 2
  uint8_t reads, writes;  // columns that name a register which is read, or written
  bool writes_all;        // all registers from A on
  bool branches;
  bool falls_through;
  bool back_edge;
  bool forgets_callee;    // puts into A what is no function with a name
  bool reads_elsewhere;   // puts into A a value from elsewhere, which may be of another type than what the register had
  bool keeps_residents;   // see KeepsResidents
  bool wants_k;           // see WantsK
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

// Whether the op's template uses no more scratch registers than x8..x17 and d0..d7 on its hot path, beyond those that Residents gives it, and joins
// by Join.
constexpr bool KeepsResidents(lang::Op op) {
  using lang::Op;
  switch (op) {
    case Op::kMove:
    case Op::kLoadNil:
    case Op::kLoadFalse:
    case Op::kLoadTrue:
    case Op::kLoadInt:
    case Op::kLoadFloat:
    case Op::kLoadK:
    case Op::kLoadKX:
    case Op::kGetUpval:
    case Op::kSetUpval:
    case Op::kGetTabUp:
    case Op::kSetTabUp:
    case Op::kGetField:
    case Op::kSetField:
    case Op::kSelf:
    case Op::kGetTable:
    case Op::kGetInt:
    case Op::kSetTable:
    case Op::kSetInt:
    case Op::kUnm:
    case Op::kBNot:
    case Op::kNot:
    case Op::kTest:
    case Op::kTestSet:
    case Op::kEq:
    case Op::kEqK:
    case Op::kLt:
    case Op::kLe:
    case Op::kLtK:
    case Op::kLeK:
    case Op::kGtK:
    case Op::kGeK:
    case Op::kForPrep:
    case Op::kCall:
    case Op::kReturn1: return true;
    default: return op >= Op::kAdd && op <= Op::kShrK;
  }
}
// Whether the op's hot path reads the constants or cells, or ends the block. What stands out of line takes care of itself.
constexpr bool WantsK(lang::Op op) {
  using lang::Op;
  switch (op) {
    case Op::kMove:
    case Op::kLoadNil:
    case Op::kLoadFalse:
    case Op::kLoadTrue:
    case Op::kLoadInt:
    case Op::kLoadFloat:
    case Op::kGetUpval:
    case Op::kSetUpval:
    case Op::kGetTable:
    case Op::kGetInt:
    case Op::kSetTable:
    case Op::kSetInt:
    case Op::kUnm:
    case Op::kBNot:
    case Op::kNot:
    case Op::kLen:
    case Op::kSetList:
    case Op::kCall:
    case Op::kTailCall:
    case Op::kReturn:
    case Op::kReturn0:
    case Op::kReturn1: return false;
    default: return op < Op::kAdd || op > Op::kShrK;
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
    shape.keeps_residents = KeepsResidents(static_cast<Op>(i));
    shape.wants_k = WantsK(static_cast<Op>(i));
    shape.result = FixedResult(static_cast<Op>(i));
  }
  const auto mark = [&shapes](bool OpShape::*trait, std::initializer_list<Op> ops) {
    for (const Op op : ops) shapes[static_cast<size_t>(op)].*trait = true;
  };
  for (OpShape& shape : shapes) shape.forgets_callee = (shape.writes & OpShape::kA) != 0;
  for (const Op op : {Op::kGetTabUp, Op::kGetField, Op::kSelf, Op::kGetUpval, Op::kMove}) shapes[static_cast<size_t>(op)].forgets_callee = false;
  mark(&OpShape::reads_elsewhere, {Op::kGetUpval, Op::kGetTabUp, Op::kGetField, Op::kGetTable, Op::kGetInt});
  mark(&OpShape::special, {Op::kMove, Op::kLoadNil, Op::kLoadInt, Op::kLoadK, Op::kLoadKX, Op::kSelf, Op::kVararg, Op::kTestSet, Op::kForPrep, Op::kForLoop,
                           Op::kTForPrep, Op::kTForCall, Op::kTForLoop});
  return shapes;
}();

static_assert(sizeof(OpShape) == 16);

constexpr const OpShape& ShapeOf(lang::Op op) { return kOpShapes[static_cast<size_t>(op)]; }

// An instruction as the walks over a function see it.
struct Instruction {
  uint32_t pc;
  lang::Word word;
  const OpShape& shape;

  static Instruction At(const lang::Word* code, uint32_t pc) { return {pc, code[pc], ShapeOf(lang::OpOf(code[pc]))}; }
  bool writes_a() const { return (shape.writes & OpShape::kA) != 0; }
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_OP_SHAPE_H_
