// Templates: elements of tables, by integer keys: the array part inline. What is not there, has a nil value under a metatable, or is no table, is
// left to the semantic call.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

X BaselineCompiler::UseTable(uint32_t reg, Label& slow) {
  if (facts_.known(reg) != Known::kTable) {
    a_.cmp(UseTag(reg, W(10), true), static_cast<uint32_t>(Tag::kTable));
    a_.B(Cond::kNe, slow);
  }
  return UsePayload(reg);
}

// The key is in a register (key_reg >= 0) or is the constant `key`. x14 = address of the element in the array part.
void BaselineCompiler::ElementAddress(X table, int key_reg, uint32_t key, Label& slow) {
  int64_t constant = key;
  const auto reg = static_cast<uint32_t>(key_reg);
  if (key_reg >= 0 && facts_.known(reg) != Known::kInteger) {
    a_.cmp(UseTag(reg, W(12), true), static_cast<uint32_t>(Tag::kInteger));
    a_.B(Cond::kNe, slow);
  }
  a_.ldp(X(14), X(13), Mem(table, Offsets::kTableArray));  // w13: array_size
  if (key_reg >= 0 && (!facts_.IntegerConstant(reg, &constant) || constant < 1 || constant > 255)) {
    a_.sub(X(11), UsePayload(reg), 1);
    a_.cmp(X(11), Uxtw(W(13)));
    a_.B(Cond::kHs, slow);
    return a_.add(X(14), X(14), Lsl(X(11), 4));
  }
  if (constant == 0) return a_.b(slow);
  a_.cmp(W(13), static_cast<uint32_t>(constant));
  a_.B(Cond::kLo, slow);
  if (constant > 1) a_.add(X(14), X(14), static_cast<uint32_t>((constant - 1) * 16));
}

void BaselineCompiler::GetElement(uint32_t pc, uint8_t dst, uint8_t table, int key_reg, uint32_t key) {
  if (key_reg >= 0 && facts_.known(static_cast<uint32_t>(key_reg)) != Known::kNothing &&
      facts_.known(static_cast<uint32_t>(key_reg)) != Known::kInteger) {
    return Generic(pc);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  ElementAddress(UseTable(table, c.entry), key_reg, key, c.entry);
  Cold& nil = AddCold(&BaselineCompiler::ColdNilElement);
  nil.pc = pc;
  nil.lhs.index = table;
  nil.chain_miss = &c.entry;
  const Pair value = {residents_.NewX(), residents_.NewX()};
  a_.ldp(value.payload, value.tag, Mem(X(14)));
  a_.Cbz(value.tag.w(), nil.entry);
  a_.Bind(nil.join);
  StorePair(value.payload, value.tag, dst);
  Join(c);
}

void BaselineCompiler::SetElement(uint32_t pc, uint8_t table, int key_reg, uint32_t key, uint8_t value) {
  if (key_reg >= 0 && facts_.known(static_cast<uint32_t>(key_reg)) != Known::kNothing &&
      facts_.known(static_cast<uint32_t>(key_reg)) != Known::kInteger) {
    return Generic(pc);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  ElementAddress(UseTable(table, c.entry), key_reg, key, c.entry);
  Cold& nil = AddCold(&BaselineCompiler::ColdNilElement);  // over a nil only where no metatable may want to know
  nil.pc = pc;
  nil.lhs.index = table;
  nil.chain_miss = &c.entry;
  a_.ldr(W(15), Mem(X(14), 8));
  a_.Cbz(W(15), nil.entry);
  a_.Bind(nil.join);
  if (facts_.known(value) == Known::kBoolean) {
    const W tag = UseTag(value, W(15));
    a_.stp(xzr, tag.x(), Mem(X(14)));
  } else {
    const Pair stored = UsePair(value);
    a_.stp(stored.payload, stored.tag, Mem(X(14)));
  }
  Join(c);
}

// A nil was found in the table in register lhs.
void BaselineCompiler::ColdNilElement(Cold& c) {
  LoadPayload(X(9), c.lhs.index);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableMetatable));
  a_.Cbz(X(10), c.join);
  a_.b(*c.chain_miss);
}

}  // namespace perilune::vm::jit
