// What the compiler asks of an op at every instruction, from opcodes.def, in a few bytes: the tables of lang/bytecode.h with their names are many.

#ifndef PERILUNE_JIT_OP_SHAPE_H_
#define PERILUNE_JIT_OP_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lang/bytecode.h"

namespace perilune::vm::jit {

struct OpShape {
  // Columns, as sets.
  static constexpr uint8_t kA = 1, kB = 2, kC = 4;

  uint8_t words;          // 1 or 2
  uint8_t reads, writes;  // columns that name a register which is read, or written
  bool writes_all;        // all registers from A on
  bool branches;
  bool falls_through;
  bool back_edge;

  constexpr uint8_t registers() const { return reads | writes; }
};

inline constexpr auto kOpShapes = [] {
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
  }
  return shapes;
}();

constexpr const OpShape& ShapeOf(lang::Op op) { return kOpShapes[static_cast<size_t>(op)]; }

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_OP_SHAPE_H_
