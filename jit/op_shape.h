// What the compiler asks of an op at every instruction, from lang/opcodes.def and op_templates.def, in a few bytes: the tables of lang/bytecode.h with
// their names are many.

#ifndef PERILUNE_JIT_OP_SHAPE_H_
#define PERILUNE_JIT_OP_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "lang/bytecode.h"

namespace perilune::vm::jit {

// A type that the compiler knows a value to have.
enum class Known : uint8_t { kNothing, kNil, kBoolean, kInteger, kFloat, kString, kTable, kLuaFunction };

// What the hot path of an op's template needs an operand to be. By bits: where innermost loops count it.
enum class Role : uint8_t { kAny = 0, kNumber = 16, kTable = 32, kKey = 48 };

// A row of op_templates.def.
struct OpTemplate {
  enum Trait : uint16_t {
    kNone = 0,
    kResidents = 1 << 0,
    kHomes = 1 << 1,
    kInPlace = 1 << 2,
    kWantsK = 1 << 3,
    kNamesCallee = 1 << 4,
    kElsewhere = 1 << 5,
    kSpecial = 1 << 6,
    kFloats = 1 << 7,
    kIntegers = 1 << 8,
    kByStub = 1 << 9,
  };

  lang::Op op;
  std::optional<Known> result;
  Role a, b, c;
  uint16_t traits;

  constexpr bool has(Trait trait) const { return (traits & trait) != 0; }
};

inline constexpr auto kOpTemplates = [] {
  using enum Known;
  using enum OpTemplate::Trait;
  constexpr std::optional<Known> kByOperands;
  return std::array<OpTemplate, lang::kOpCount>{{
#define OP_TEMPLATE(name, result, a, b, c, traits) {lang::Op::k##name, result, Role::a, Role::b, Role::c, static_cast<uint16_t>(traits)},
#include "jit/op_templates.def"
  }};
}();
static_assert([] {
  for (size_t i = 0; i < lang::kOpCount; ++i) {
    if (kOpTemplates[i].op != static_cast<lang::Op>(i)) return false;
  }
  return true;
}());
constexpr const OpTemplate& TemplateOf(lang::Op op) { return kOpTemplates[static_cast<size_t>(op)]; }

struct alignas(16) OpShape {
  // Columns, as sets.
  static constexpr uint8_t kA = 1, kB = 2, kC = 4, kAll = 7;

  uint8_t words;          // 1 or 2
  uint8_t reads, writes;  // columns that name a register which is read, or written
  bool writes_all;        // all registers from A on
  bool branches;
  bool falls_through;
  bool back_edge;
  bool forgets_callee;          // puts into A what is no function with a name
  bool reads_elsewhere, keeps_residents, wants_k, special, by_stub;  // see op_templates.def
  std::optional<Known> result;  // the same whatever the operands are

  constexpr uint8_t registers() const { return reads | writes; }
};

inline constexpr auto kOpShapes = [] {
  std::array<OpShape, lang::kOpCount> shapes{};
  for (size_t i = 0; i < lang::kOpCount; ++i) {
    const lang::OpInfo& info = lang::kOpTable[i];
    const OpTemplate& row = kOpTemplates[i];
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
    shape.forgets_callee = (shape.writes & OpShape::kA) != 0 && !row.has(OpTemplate::kNamesCallee);
    shape.reads_elsewhere = row.has(OpTemplate::kElsewhere);
    shape.keeps_residents = row.has(OpTemplate::kResidents);
    shape.wants_k = row.has(OpTemplate::kWantsK);
    shape.special = row.has(OpTemplate::kSpecial);
    shape.by_stub = row.has(OpTemplate::kByStub);
    shape.result = row.result;
  }
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
