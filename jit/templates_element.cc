// Templates: elements of tables, by integer keys: the array part inline. What is not there, has a nil value under a metatable, or is no table, is
// left to the semantic call.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

// x9 table; the key is in a register (key_reg >= 0) or is the constant `key`. x14 = address of the element in the array part.
void BaselineCompiler::ElementAddress(int key_reg, uint32_t key, Label& slow) {
  a_.ldp(X(14), X(13), Mem(X(9), Offsets::kTableArray));  // w13: array_size
  int64_t constant = key;
  if (key_reg >= 0) {
    const auto reg = static_cast<uint32_t>(key_reg);
    if (facts_.known(reg) != Known::kInteger) {
      LoadTag(W(12), reg);
      a_.cmp(W(12), static_cast<uint32_t>(Tag::kInteger));
      a_.B(Cond::kNe, slow);
    }
    if (!facts_.IntegerConstant(reg, &constant) || constant < 1 || constant > 255) {
      LoadPayload(X(11), reg);
      a_.sub(X(11), X(11), 1);
      a_.cmp(X(11), Uxtw(W(13)));
      a_.B(Cond::kHs, slow);
      a_.add(X(14), X(14), Lsl(X(11), 4));
      return;
    }
  }
  if (constant == 0) return a_.b(slow);
  a_.cmp(W(13), static_cast<uint32_t>(constant));
  a_.B(Cond::kLo, slow);
  a_.add(X(14), X(14), static_cast<uint32_t>((constant - 1) * 16));
}

void BaselineCompiler::GetElement(uint32_t pc, uint8_t dst, uint8_t table, int key_reg, uint32_t key) {
  if (key_reg >= 0 && facts_.known(static_cast<uint32_t>(key_reg)) != Known::kNothing &&
      facts_.known(static_cast<uint32_t>(key_reg)) != Known::kInteger) {
    return Generic(pc);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckTable(table, c.entry);
  ElementAddress(key_reg, key, c.entry);
  Cold& nil = AddCold(&BaselineCompiler::ColdNilResult);
  nil.pc = pc;
  nil.chain_miss = &c.entry;
  a_.ldp(X(14), X(15), Mem(X(14)));
  a_.Cbz(W(15), nil.entry);
  a_.Bind(nil.join);
  StorePair(X(14), X(15), dst);
  a_.Bind(c.join);
}

void BaselineCompiler::SetElement(uint32_t pc, uint8_t table, int key_reg, uint32_t key, uint8_t value) {
  if (key_reg >= 0 && facts_.known(static_cast<uint32_t>(key_reg)) != Known::kNothing &&
      facts_.known(static_cast<uint32_t>(key_reg)) != Known::kInteger) {
    return Generic(pc);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckTable(table, c.entry);
  ElementAddress(key_reg, key, c.entry);
  Cold& nil = AddCold(&BaselineCompiler::ColdNilResult);  // over a nil only where no metatable may want to know
  nil.pc = pc;
  nil.chain_miss = &c.entry;
  a_.ldr(W(15), Mem(X(14), 8));
  a_.Cbz(W(15), nil.entry);
  a_.Bind(nil.join);
  LoadPair(X(11), X(12), value);
  a_.stp(X(11), X(12), Mem(X(14)));
  a_.Bind(c.join);
}

}  // namespace perilune::vm::jit
