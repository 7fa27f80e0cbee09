// BytecodeBuilder: the code, lines and constants of one function while it is being compiled.
//
// Instructions are appended by their operand struct, `builder.Emit(AddOperands{.dst = 0, .lhs = 1,
// .rhs = 2}, line)`, so that no operand can be forgotten or put in the wrong field. A jump is
// emitted without its target and gets it from SetTarget once the target is known. The builder knows
// nothing of registers or scopes; that is the compiler's part (code_generator.h).

#ifndef PERILUNE_LANG_BYTECODE_BUILDER_H_
#define PERILUNE_LANG_BYTECODE_BUILDER_H_

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {

class BytecodeBuilder {
 public:
  // Index of the word that the next instruction starts at.
  uint32_t pc() const { return static_cast<uint32_t>(code_.size()); }

  // Appends an instruction and returns where it starts.
  template <typename Operands>
  uint32_t Emit(const Operands& operands, int32_t line) {
    const uint32_t start = BeginInstruction(InstructionWords(Operands::kOp), line);
    operands.Encode(&code_[start]);
    return start;
  }

  // Appends an instruction `op` whose columns have the same kinds as those of Operands.
  template <typename Operands>
  uint32_t EmitAs(Op op, const Operands& operands, int32_t line) {
    assert(Info(op).kinds == Info(Operands::kOp).kinds);
    const uint32_t start = Emit(operands, line);
    code_[start] = (code_[start] & ~Word{0xff}) | static_cast<Word>(op);
    return start;
  }

  Op OpAt(uint32_t at) const { return OpOf(code_[at]); }

  template <typename Operands>
  Operands Read(uint32_t at) const {
    return Operands::Decode(&code_[at]);
  }

  // Replaces the instruction at `at` by another of the same size.
  template <typename Operands>
  void Replace(uint32_t at, const Operands& operands) {
    operands.Encode(&code_[at]);
  }

  // Sets the register that the instruction at `at` writes; its column A must be an Out operand.
  void SetDestination(uint32_t at, uint8_t reg);

  // Inverts the condition under which the conditional jump at `at` is taken.
  void InvertCondition(uint32_t at);

  // Lets the jump at `jump` continue at word `target`. A target at pc() also forbids
  // LastInstruction() until more code follows.
  void SetTarget(uint32_t jump, uint32_t target);

  // Declares that the next instruction can be reached by a jump still to come, and returns its
  // place.
  uint32_t MarkTarget();

  // Where the last instruction starts, for peephole improvements; nothing if a jump may arrive
  // behind it.
  std::optional<uint32_t> LastInstruction() const;
  // Takes the last instruction back, which must exist.
  void RemoveLast();

  void SetLine(uint32_t at, int32_t line);
  int32_t LineAt(uint32_t at) const { return lines_[at]; }

  // Index of a constant equal to `value` (same type; floats by bit pattern), added if it is new.
  uint32_t AddConstant(const Constant& value);
  const Constant& constant(uint32_t index) const { return constants_[index]; }

  uint32_t NewCallSite() { return call_site_count_++; }
  uint32_t NewCell() { return cell_count_++; }
  // kNoCell once there are too many.
  uint16_t NewCell16() {
    return cell_count_ < kNoCell ? static_cast<uint16_t>(cell_count_++) : kNoCell;
  }
  // kNoLoop once there are too many.
  uint16_t NewLoop() {
    return loop_count_ < kNoLoop ? static_cast<uint16_t>(loop_count_++) : kNoLoop;
  }

  // Moves everything into `proto`. The builder must not be used afterwards.
  void FinishInto(Proto* proto);

 private:
  // What makes two constants the same: type and value. Floats are told apart by their bits, so 0.0
  // and -0.0 are two constants. Nil, which has no value, stands as false.
  using ConstantKey = std::pair<size_t, std::variant<bool, int64_t, uint64_t, std::string>>;
  static ConstantKey KeyOf(const Constant& value);

  uint32_t BeginInstruction(size_t words, int32_t line);

  std::vector<Word> code_;
  std::vector<int32_t> lines_;
  std::vector<Constant> constants_;
  absl::flat_hash_map<ConstantKey, uint32_t> constant_index_;
  std::optional<uint32_t> last_instruction_;
  uint32_t last_target_ = 0;
  uint32_t call_site_count_ = 0;
  uint32_t loop_count_ = 0;
  uint32_t cell_count_ = 0;
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_BYTECODE_BUILDER_H_
