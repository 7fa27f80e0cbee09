// What the compiler knows of registers while it walks a basic block.
//
// A fact is certain: the register's tag is this one, and stands in the frame. Facts end at branch targets and where the register is written by
// something else. Registers that closures capture have none, since a callee may change them. A hint is a guess (the type that the last op
// here would give) that chooses which path of an op is inline; hints live on across branches.

#ifndef PERILUNE_JIT_FACTS_H_
#define PERILUNE_JIT_FACTS_H_

#include <array>
#include <cstdint>

#include "lang/proto.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

enum class Known : uint8_t { kNothing, kNil, kBoolean, kInteger, kFloat, kString, kTable };

class Facts {
 public:
  void Reset(const lang::Proto& proto) {
    known_.fill(Known::kNothing);
    hint_.fill(Known::kNothing);
    constant_.fill(0);
    has_constant_.fill(false);
    captured_.fill(false);
    for (const auto& child : proto.children) {
      for (const lang::UpvalueInfo& u : child->upvalues) {
        if (u.from_parent_register) captured_[u.index] = true;
      }
    }
  }
  Known known(uint32_t reg) const { return known_[reg]; }
  Known hint(uint32_t reg) const { return known_[reg] != Known::kNothing ? known_[reg] : hint_[reg]; }

  // The register was written with a value of this type (kNothing: any).
  void Set(uint32_t reg, Known type) {
    known_[reg] = captured_[reg] ? Known::kNothing : type;
    has_constant_[reg] = false;
    if (type != Known::kNothing) hint_[reg] = type;
  }
  void SetInteger(uint32_t reg, int64_t value) {
    Set(reg, Known::kInteger);
    constant_[reg] = value;
    has_constant_[reg] = known_[reg] == Known::kInteger;
  }
  void Hint(uint32_t reg, Known type) { hint_[reg] = type; }
  void ForgetFrom(uint32_t reg) {
    for (; reg < 256; ++reg) Set(reg, Known::kNothing);
  }
  void ForgetAll() { ForgetFrom(0); }
  // The integer that the register certainly holds.
  bool IntegerConstant(uint32_t reg, int64_t* value) const {
    *value = constant_[reg];
    return has_constant_[reg];
  }

 private:
  std::array<Known, 256> known_, hint_;
  std::array<int64_t, 256> constant_;
  std::array<bool, 256> has_constant_, captured_;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_FACTS_H_
