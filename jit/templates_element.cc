// Templates: elements of tables, by integer keys in the array part. The rest is left to the op's stub.

#include <cstdint>

#include "jit/baseline_compiler.h"
#include "jit/op_shape.h"
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

// The key is in a register (key_reg >= 0) or is the constant `key`. x14 = address of the element, in the array part, or by way of c.hash in the hash part; or
// goes to c.slow. False: the key is no integer, nothing was emitted.
bool BaselineCompiler::ElementAddress(Cold& c, uint8_t table, int key_reg, uint32_t key) {
  int64_t constant = key;
  const auto reg = static_cast<uint32_t>(key_reg);
  const Known known = key_reg < 0 ? Known::kInteger : facts_.known(reg);
  if (known != Known::kNothing && known != Known::kInteger) return false;
  c.table = UseTable(table, c.slow);
  if (known != Known::kInteger) {
    a_.cmp(UsePair(reg).tag.w(), static_cast<uint32_t>(Tag::kInteger));
    a_.B(Cond::kNe, c.slow);
  }
  a_.ldp(X(14), X(13), Mem(c.table, Offsets::kTableArray));  // w13: array_size
  if (key_reg >= 0 && (!facts_.IntegerConstant(reg, &constant) || constant < 1 || constant > 255)) {
    c.extra = 0;
    c.payload = UsePayload(reg);
    a_.sub(X(11), c.payload, 1);
    a_.cmp(X(11), Uxtw(W(13)));
    a_.B(Cond::kHs, c.hash);
    a_.add(X(14), X(14), Lsl(X(11), 4));
    a_.Bind(c.found);
  } else if (constant == 0) {
    a_.b(c.slow);
  } else {
    c.extra = static_cast<uint32_t>(constant);
    a_.cmp(W(13), c.extra);
    a_.B(Cond::kLo, c.hash);
    if (constant > 1) a_.add(X(14), X(14), static_cast<uint32_t>((constant - 1) * 16));
    a_.Bind(c.found);
  }
  return true;
}

void BaselineCompiler::GetElement(uint32_t pc, uint8_t dst, uint8_t table, int key_reg, uint32_t key) {
  Cold& c = AddCold(&BaselineCompiler::ColdElement);
  c.pc = pc;
  if (!ElementAddress(c, table, key_reg, key)) return --cold_used_, Generic(pc);
  const Pair value = {residents_.NewX(), residents_.NewX()};
  a_.ldp(value.payload, value.tag, Mem(X(14)));
  a_.Cbz(value.tag.w(), c.entry);
  a_.Bind(c.nil);
  StorePair(value.payload, value.tag, dst);
  Join(c);
}

void BaselineCompiler::SetElement(uint32_t pc, uint8_t table, int key_reg, uint32_t key, uint8_t value) {
  Cold& c = AddCold(&BaselineCompiler::ColdElement);
  c.pc = pc;
  if (!ElementAddress(c, table, key_reg, key)) return --cold_used_, Generic(pc);
  a_.ldr(W(15), Mem(X(14), 8));
  a_.Cbz(W(15), c.entry);
  a_.Bind(c.nil);
  if (facts_.known(value) == Known::kBoolean) {
    const W tag = UseTag(value, W(15));
    a_.stp(xzr, tag.x(), Mem(X(14)));
  } else {
    const Pair stored = UsePair(value);
    a_.stp(stored.payload, stored.tag, Mem(X(14)));
  }
  Join(c);
}

// c.entry: there is a nil, which a metatable may want to know. c.hash: the key is not in the array part. c.slow: the rest.
void BaselineCompiler::ColdElement(Cold& c) {
  const bool is_read = (ShapeOf(lang::OpOf(proto_->code[c.pc])).writes & OpShape::kA) != 0;
  a_.ldr(X(8), Mem(c.table, Offsets::kTableMetatable));
  a_.Cbz(X(8), c.nil);
  if (c.hash.used()) {
    a_.b(c.slow);
    a_.Bind(c.hash);
    a_.Mov(X(10), c.table);
    if (c.extra != 0) a_.Mov(X(13), c.extra);
    else a_.Mov(X(13), c.payload);
    a_.BlTo(stubs_->find_integer);
    if (is_read) a_.b(c.found);
    else a_.Cbnz(X(11), c.found);
  }
  a_.Bind(c.slow);
  ColdSemantic(c);
}

}  // namespace perilune::vm::jit
