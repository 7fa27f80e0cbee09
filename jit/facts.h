// What the compiler knows of registers while it walks a function.
//
// [DOC] Facts
//   A fact is certain: at this point of the function the register's tag is this one, and stands in the frame. Facts follow from the bytecode alone, from
//   the function's entry on, so they hold in the interpreter as well, and code may be entered at a loop's head (OSR) relying on them. They pass
//   - through an instruction by ResultOf and Commit, the one definition of each op's result types;
//   - over forward branches, whose edges are saved and intersected where they meet;
//   - into loops as invariants: what is known on entry of a register and agrees with every instruction in the loop that writes it. Invariants are found by
//     assuming all that is known on entry, walking the loop, dropping what is contradicted, until nothing is. At the heads of loops within it
//     the walk knows the invariants alone.
//   Registers that closures capture have none, since a callee may change them; debug.setlocal leaves machine code (lib_debug_variables.cc).
//
// A hint is a guess (the type that the last op here would give) that chooses which path of an op is inline; hints live on across branches.

#ifndef PERILUNE_JIT_FACTS_H_
#define PERILUNE_JIT_FACTS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/types/span.h"
#include "jit/op_shape.h"
#include "jit/reused_array.h"
#include "lang/bytecode.h"
#include "lang/proto.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

class Facts {
 public:
  // States are handled by chunks of a vector register's size, so that there is one more behind the last register; what is beyond the function's
  // registers has no meaning.
  static constexpr uint32_t kChunk = 16;
  static constexpr uint32_t kRegisters = 256 + kChunk;
  using State = std::array<Known, kRegisters>;
  // Nothing is known; finds the function's instructions, branch targets and loops.
  void Reset(const lang::Proto& proto);

  // The words that instructions begin with.
  absl::Span<const uint32_t> instructions() const { return instructions_; }
  bool has_loops() const { return !loops_.empty(); }
  // Targets of branches are numbered.
  uint32_t target_count() const { return static_cast<uint32_t>(edges_used_); }
  bool IsTarget(uint32_t pc) const { return targets_[pc] != kNoTarget; }
  // The same for a walk that writes much meanwhile.
  class Targets {
   public:
    bool Has(uint32_t pc) const { return targets_[pc] != kNoTarget; }

   private:
    friend class Facts;
    explicit Targets(const uint32_t* targets) : targets_(targets) {}
    const uint32_t* targets_;
  };
  Targets targets() const { return Targets(targets_.begin()); }
  uint32_t TargetAt(uint32_t pc) const { return targets_[pc]; }

  Known known(uint32_t reg) const { return state_[reg]; }
  Known hint(uint32_t reg) const { return state_[reg] != Known::kNothing ? state_[reg] : hint_[reg]; }
  // The integer that the register certainly holds.
  bool IntegerConstant(uint32_t reg, int64_t* value) const {
    *value = constant_[reg];
    return has_constant_[reg];
  }

  // ---- The walk: for each instruction, in order, EnterTarget if it is one, Commit after it.
  // `falls_through`: the instruction before continues here. Answers whether a loop begins here.
  bool EnterTarget(uint32_t pc, bool falls_through);
  ABSL_ATTRIBUTE_ALWAYS_INLINE void Commit(const Instruction& i) {
    if (i.shape.special) return CommitSpecial(i.pc);
    const uint32_t a = lang::FieldA(i.word);
    if (i.writes_a()) return Write(a, ResultOf(i, state_), i.shape.reads_elsewhere);
    if (i.shape.branches) SaveEdge(i.pc);
    if (i.shape.writes_all) ForgetFrom(a);
  }
  // The walk is over.
  void ForgetAll();

  // ---- Assumptions: the walk of an innermost loop under types that its code checks on entry.
  struct Snapshot {
    State state, hint;
  };
  // At the loop's head, assumes what types[r] says of registers, as far as nothing in the loop contradicts. Returns what is known without.
  Snapshot Assume(uint32_t head, const std::array<Known, 256>& types);
  // After the loop, and on branches out of it, is known what is so both ways.
  void EndAssumption();
  // Back at the head, without assumptions; branches out of the loop change nothing now.
  void Return(const Snapshot& before);

  // The last instruction of the loop with this head, if it has no loop within and is entered at its head alone; else 0.
  uint32_t EndOfInnermostLoop(uint32_t head) const;

  // ---- Guesses.
  void Hint(uint32_t reg, Known type) { hint_[reg] = type; }
  void SetConstant(uint32_t reg, int64_t value) {
    constant_[reg] = value;
    has_constant_[reg] = !captured_[reg];
  }

 private:
  static constexpr uint32_t kNoTarget = ~uint32_t{0};
  // Instructions from `head`, the target of a branch from `end` at the latest.
  struct Loop {
    uint32_t head, end;
  };
  // What is known on the branches to one target that were met so far.
  struct Edges {
    bool any = false;
    uint32_t first;     // the first branch, in code order
    bool backward;      // whether any comes from further on: a loop's head
    State state;
  };

  void FindTargets();
  void AddBranch(uint32_t pc);
  const Loop* LoopAt(uint32_t head) const;
  // The type of what the instruction writes to its Out register.
  Known ResultOf(const Instruction& i, const State& s) const {
    return i.shape.result.has_value() ? *i.shape.result : ResultOfOperands(i.pc, s);
  }
  Known ResultOfOperands(uint32_t pc, const State& s) const;
  // Calls write(register, type) for each register that the instruction writes, on either way on, or forget(first) for all registers from there on.
  template <typename Write, typename Forget>
  void ForWrites(const Instruction& i, Known result, Write write, Forget forget) const;
  // `forget_hint`: an unknown type leaves no hint of what was there before.
  void Write(uint32_t reg, Known type, bool forget_hint = false) {
    state_[reg] = captured_[reg] ? Known::kNothing : type;
    has_constant_[reg] = false;
    if ((type != Known::kNothing) | forget_hint) hint_[reg] = type;
  }
  void ForgetFrom(uint32_t reg) {
    FillFrom(state_, reg, Known::kNothing);
    FillFrom(has_constant_, reg, false);
  }
  // Of the registers from `reg` on. Few functions have more than a chunk of them.
  template <typename T>
  void FillFrom(std::array<T, kRegisters>& of_registers, uint32_t reg, T value) const {
    std::fill_n(of_registers.begin() + reg, kChunk, value);
    if (ABSL_PREDICT_FALSE(reg + kChunk < registers_)) FillRest(of_registers, reg + kChunk, value);
  }
  template <typename T>
  PERILUNE_RARE void FillRest(std::array<T, kRegisters>& of_registers, uint32_t reg, T value) const {
    std::fill(of_registers.begin() + reg, of_registers.begin() + registers_, value);
  }
  void CommitSpecial(uint32_t pc);
  void CommitSeveral(uint32_t pc);
  void SaveEdge(uint32_t pc);
  void KeepInvariants(const Loop& loop);
  void JoinEdge(uint32_t target, const State& s);
  static void CopyChunk(State& to, const State& from, uint32_t reg);
  void Copy(State& to, const State& from) const;
  static void IntersectChunk(State& __restrict to, const State& __restrict with, uint32_t reg);
  void Intersect(State& to, const State& with) const;

  const lang::Proto* proto_ = nullptr;
  uint32_t registers_ = 0;
  State state_, hint_;
  std::array<int64_t, 256> constant_;
  std::array<bool, kRegisters> has_constant_, captured_;
  ReusedArray<uint32_t> instructions_;
  ReusedArray<uint32_t> targets_;  // by instruction word: index in edges_, or kNoTarget
  std::vector<Edges> edges_;
  size_t edges_used_ = 0;
  std::vector<Loop> loops_;  // by head
  const Loop* assumed_ = nullptr;  // the loop that is walked under assumptions
  State without_;                  // what is known throughout it without them
  size_t walk_budget_ = 0;   // instructions that may still be walked for invariants
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_FACTS_H_
