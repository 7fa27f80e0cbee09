// Bytecode as C++ sees it: everything here is generated from opcodes.def, the one list of
// operations.
//
//   Op                 the opcodes
//   AddOperands, ...   one struct per op with its named operands; Decode(pc) reads it,
//                      Encode(pc) writes it
//   Info(op)           name, operand columns, traits and size of an op, for code that treats all
//                      ops alike (verifier, printer, symbolic execution)
//   FieldA(word), ...  the bare fields, for handlers that do not want a struct
//
// The encoding is drawn at [DOC] Instruction encoding in opcodes.def. An instruction is one word,
// or two when its X column is used; all Targets are in column X, so jumps always reach.

#ifndef PERILUNE_LANG_BYTECODE_H_
#define PERILUNE_LANG_BYTECODE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "lang/proto.h"

namespace perilune::lang {

enum class Op : uint8_t {
#define OP(name, a, b, c, x, traits) k##name,
#include "lang/opcodes.def"
#undef OP
};

inline constexpr size_t kOpCount = 0
#define OP(name, a, b, c, x, traits) +1
#include "lang/opcodes.def"
#undef OP
    ;

// What an operand means; the kinds are explained in opcodes.def.
enum class OperandKind : uint8_t {
  kNone,
  kOut,
  kIn,
  kInOut,
  kUpval,
  kConst,
  kConst16,
  kConst32,
  kInt8,
  kInt16,
  kInt32,
  kCount,
  kCountOrTop,
  kFlag,
  kFlags,
  kChild16,
  kLoop16,
  kTarget,
  kCallSite,
  kCell,
  kCell16,
  kTableSize,
};

// The fields of an instruction; a 16-bit kind in column B takes C as well.
enum class Column : uint8_t { kA, kB, kC, kX };
inline constexpr size_t kColumnCount = 4;

// Bits of OpInfo::traits; explained in opcodes.def.
struct Trait {
  enum Bits : uint16_t {
    kNone = 0,
    kRaises = 1 << 0,
    kBranch = 1 << 1,
    kJump = 1 << 2,
    kBackEdge = 1 << 3,
    kCall = 1 << 4,
    kEnds = 1 << 5,
    kSetsTop = 1 << 6,
    kUsesTop = 1 << 7,
  };
};

// A TableSize operand: so many array slots, and 2^(hash_bits-1) hash slots (hash_bits 0: none). It is
// only where a table begins, so more than it can say is left to growth.
constexpr uint32_t kMaxInitialArray = (1u << 26) - 1;
constexpr uint32_t kMaxHashBits = 27;
constexpr uint32_t TableSizeOf(uint32_t array, uint32_t hash_bits) {
  return (hash_bits < kMaxHashBits ? hash_bits : kMaxHashBits) << 26 |
         (array < kMaxInitialArray ? array : kMaxInitialArray);
}
constexpr uint32_t ArraySlots(uint32_t table_size) { return table_size & kMaxInitialArray; }
constexpr uint32_t HashBits(uint32_t table_size) { return table_size >> 26; }
constexpr uint32_t HashSlots(uint32_t table_size) {
  return HashBits(table_size) == 0 ? 0 : 1u << (HashBits(table_size) - 1);
}

// Bits of a Flags operand: what a return has to do besides moving values.
enum ReturnFlags : uint8_t {
  kCloseFlag = 1,   // upvalues may be open, or variables to be closed
  kVarargFlag = 2,  // the function is vararg: its frame was moved up
};

// ---- Fields of a word ------------------------------------------------------

constexpr Op OpOf(Word word) { return static_cast<Op>(word & 0xff); }
constexpr uint8_t FieldA(Word word) { return static_cast<uint8_t>(word >> 8); }
constexpr uint8_t FieldB(Word word) { return static_cast<uint8_t>(word >> 16); }
constexpr uint8_t FieldC(Word word) { return static_cast<uint8_t>(word >> 24); }
constexpr uint16_t FieldBx(Word word) { return static_cast<uint16_t>(word >> 16); }
constexpr int16_t FieldSBx(Word word) { return static_cast<int16_t>(word >> 16); }

// ---- Operands --------------------------------------------------------------

// The C++ type of an operand.
template <OperandKind kKind>
struct OperandTypeOf {
  using Type = uint8_t;
};
template <>
struct OperandTypeOf<OperandKind::kConst16> {
  using Type = uint16_t;
};
template <>
struct OperandTypeOf<OperandKind::kInt16> {
  using Type = int16_t;
};
template <>
struct OperandTypeOf<OperandKind::kChild16> {
  using Type = uint16_t;
};
template <>
struct OperandTypeOf<OperandKind::kLoop16> {
  using Type = uint16_t;
};
template <>
struct OperandTypeOf<OperandKind::kConst32> {
  using Type = uint32_t;
};
template <>
struct OperandTypeOf<OperandKind::kInt32> {
  using Type = uint32_t;
};
template <>
struct OperandTypeOf<OperandKind::kTarget> {
  using Type = int32_t;
};
template <>
struct OperandTypeOf<OperandKind::kCallSite> {
  using Type = uint32_t;
};
template <>
struct OperandTypeOf<OperandKind::kCell> {
  using Type = uint32_t;
};
template <>
struct OperandTypeOf<OperandKind::kCell16> {
  using Type = uint16_t;
};
template <>
struct OperandTypeOf<OperandKind::kTableSize> {
  using Type = uint32_t;
};
template <OperandKind kKind>
using OperandType = typename OperandTypeOf<kKind>::Type;

// Reads the operand of kind `kKind` that stands in `column` of the instruction at `pc`.
template <OperandKind kKind>
constexpr OperandType<kKind> ReadOperand(Column column, const Word* pc) {
  using Type = OperandType<kKind>;
  switch (column) {
    case Column::kA:
      return static_cast<Type>(FieldA(pc[0]));
    case Column::kB:
      return static_cast<Type>(sizeof(Type) == 2 ? FieldBx(pc[0]) : FieldB(pc[0]));
    case Column::kC:
      return static_cast<Type>(FieldC(pc[0]));
    case Column::kX:
      return static_cast<Type>(pc[1]);
  }
}

// Writes it into fields that are still zero.
template <OperandKind kKind>
constexpr void WriteOperand(Column column, OperandType<kKind> value, Word* pc) {
  const Word bits = static_cast<std::make_unsigned_t<OperandType<kKind>>>(value);
  switch (column) {
    case Column::kA:
      pc[0] |= bits << 8;
      return;
    case Column::kB:
      pc[0] |= bits << 16;
      return;
    case Column::kC:
      pc[0] |= bits << 24;
      return;
    case Column::kX:
      pc[1] = bits;
      return;
  }
}

// struct AddOperands { uint8_t dst; uint8_t lhs; uint8_t rhs; static Decode(pc); Encode(pc); } and
// so on. kWords is the size of the instruction. Encode writes all of its words.
#define OPERAND(kind, name) OperandType<OperandKind::kind> name;
#define NO_OPERAND
#define OP(name, a, b, c, x, traits)                        \
  struct name##Operands {                                   \
    static constexpr Op kOp = Op::k##name;                  \
    static constexpr name##Operands Decode(const Word* pc); \
    constexpr void Encode(Word* pc) const;                  \
    bool operator==(const name##Operands&) const = default; \
    a b c x                                                 \
  };
#include "lang/for_each_op.inc"

// ---- Tables ----------------------------------------------------------------

struct OpInfo {
  std::string_view name;
  std::array<OperandKind, kColumnCount> kinds;               // indexed by Column
  std::array<std::string_view, kColumnCount> operand_names;  // "" for an empty column
  uint16_t traits;                                           // of Trait::Bits

  constexpr OperandKind kind(Column column) const { return kinds[static_cast<size_t>(column)]; }
  constexpr bool has_trait(Trait::Bits trait) const { return (traits & trait) != 0; }
  constexpr size_t words() const { return kind(Column::kX) == OperandKind::kNone ? 1 : 2; }
};

namespace bytecode_internal {

constexpr std::array<OpInfo, kOpCount> MakeOpTable() {
  using enum Trait::Bits;
  // Traits and kinds both have a kNone; operands name the enum in full.
  struct ColumnInfo {
    OperandKind kind;
    std::string_view name;
  };
  constexpr auto make = [](std::string_view name, ColumnInfo a, ColumnInfo b, ColumnInfo c,
                           ColumnInfo x, int traits) {
    return OpInfo{name,
                  {a.kind, b.kind, c.kind, x.kind},
                  {a.name, b.name, c.name, x.name},
                  static_cast<uint16_t>(traits)};
  };
  return {
#define OPERAND(kind, name) (ColumnInfo{OperandKind::kind, #name})
#define NO_OPERAND (ColumnInfo{OperandKind::kNone, ""})
#define OP(name, a, b, c, x, traits) make(#name, a, b, c, x, traits),
#include "lang/for_each_op.inc"
  };
}

}  // namespace bytecode_internal

inline constexpr std::array<OpInfo, kOpCount> kOpTable = bytecode_internal::MakeOpTable();

constexpr const OpInfo& Info(Op op) { return kOpTable[static_cast<size_t>(op)]; }
constexpr std::string_view OpName(Op op) { return Info(op).name; }
constexpr bool HasTrait(Op op, Trait::Bits trait) { return Info(op).has_trait(trait); }

// Length of an instruction in words: 1 or 2.
constexpr size_t InstructionWords(Op op) { return Info(op).words(); }

// Whether `word` starts with a defined opcode; false only for words that the compiler did not make.
constexpr bool IsValidOp(Word word) { return (word & 0xff) < kOpCount; }

// ---- Decode and Encode -----------------------------------------------------

namespace bytecode_internal {

// What an empty column reads and writes.
struct NoOperand {
  constexpr void Read(Column, const Word*) const {}
  constexpr void Write(Column, Word*) const {}
};

// Binds an operand's kind to the member of an operand struct that holds it.
template <OperandKind kKind, typename Member>
struct BoundOperand {
  Member& member;
  constexpr void Read(Column column, const Word* pc) const {
    member = ReadOperand<kKind>(column, pc);
  }
  constexpr void Write(Column column, Word* pc) const { WriteOperand<kKind>(column, member, pc); }
};

}  // namespace bytecode_internal

#define OPERAND(kind, name) \
  (bytecode_internal::BoundOperand<OperandKind::kind, decltype(operands.name)>{operands.name})
#define NO_OPERAND (bytecode_internal::NoOperand{})
#define OP(name, a, b, c, x, traits)                                \
  constexpr name##Operands name##Operands::Decode(const Word* pc) { \
    [[maybe_unused]] name##Operands operands{};                     \
    a.Read(Column::kA, pc);                                         \
    b.Read(Column::kB, pc);                                         \
    c.Read(Column::kC, pc);                                         \
    x.Read(Column::kX, pc);                                         \
    return operands;                                                \
  }                                                                 \
  constexpr void name##Operands::Encode(Word* pc) const {           \
    [[maybe_unused]] name##Operands operands = *this;               \
    pc[0] = static_cast<Word>(kOp);                                 \
    a.Write(Column::kA, pc);                                        \
    b.Write(Column::kB, pc);                                        \
    c.Write(Column::kC, pc);                                        \
    x.Write(Column::kX, pc);                                        \
  }
#include "lang/for_each_op.inc"

// ---- Jumps -----------------------------------------------------------------

// Index of the word at which the branch or jump at `pc` continues when taken.
constexpr size_t TargetOf(const Word* code, size_t pc) {
  return static_cast<size_t>(static_cast<int64_t>(pc) + 2 + static_cast<int32_t>(code[pc + 1]));
}

static_assert(sizeof(Word) == 4 && kOpCount <= 256);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_BYTECODE_H_
