// Templates: fields of tables, by constant string keys. The key's main position in the hash part is looked at inline, its chain by a stub. What is not
// there, has a nil value under a metatable, or is no table, is left to the semantic call.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

bool BaselineCompiler::IsShortString(uint32_t k) const {
  const auto* s = std::get_if<std::string>(&ConstantAt(k));
  return s != nullptr && s->size() <= String::kMaxShortString;
}

void BaselineCompiler::CheckTable(uint32_t reg, Label& slow) {
  if (facts_.known(reg) == Known::kTable) return LoadPayload(X(9), reg);
  LoadPair(X(9), X(10), reg);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kTable));
  a_.B(Cond::kNe, slow);
}

void BaselineCompiler::LoadUpvalueTable(uint8_t upvalue, Label& slow) {
  a_.ldur(X(9), Mem(kBase, -32));
  a_.ldr(X(9), Mem(X(9), Offsets::kFunctionUpvalues + 8 * upvalue));
  a_.ldr(X(9), Mem(X(9), Offsets::kUpvalueLocation));
  a_.ldp(X(9), X(10), Mem(X(9)));
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kTable));
  a_.B(Cond::kNe, slow);
}

void BaselineCompiler::FindNode(uint32_t k, Label& slow) {
  Cold& chain = AddCold(&BaselineCompiler::ColdFindNode);
  a_.ldr(X(11), Mem(X(9), Offsets::kTableNodes));
  a_.ldr(W(12), Mem(X(9), Offsets::kTableNodeMask));
  a_.Ldr(X(13), Mem(kK, int64_t{k} * 16), X(16));
  a_.ldr(W(14), Mem(X(13), Offsets::kStringHash));
  a_.and_(W(12), W(12), W(14));
  a_.add(X(11), X(11), Lsl(X(12), 5));
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeKey));
  a_.cmp(X(14), X(13));
  a_.ccmp(W(15), static_cast<uint32_t>(Tag::kString), 0, Cond::kEq);
  a_.B(Cond::kNe, chain.entry);
  a_.Bind(chain.join);
  chain.pc = cold_[cold_used_ - 2]->pc;
  chain.chain_miss = &slow;
}

void BaselineCompiler::ColdFindNode(Cold& c) {
  a_.BlTo(stubs_->find_node);
  a_.Cbnz(X(11), c.join);
  a_.b(*c.chain_miss);
}

void BaselineCompiler::GetString(uint32_t pc, uint8_t dst, uint32_t k) {
  Cold& slow = *cold_[cold_used_ - 1];
  FindNode(k, slow.entry);
  Cold& nil = AddCold(&BaselineCompiler::ColdNilResult);
  nil.pc = pc;
  nil.chain_miss = &slow.entry;
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeValue));
  a_.Cbz(W(15), nil.entry);
  a_.Bind(nil.join);
  StorePair(X(14), X(15), dst);
  a_.Bind(slow.join);
}

// x14, x15: a nil that was found in the table x9.
void BaselineCompiler::ColdNilResult(Cold& c) {
  a_.ldr(X(10), Mem(X(9), Offsets::kTableMetatable));
  a_.Cbz(X(10), c.join);
  a_.b(*c.chain_miss);
}

void BaselineCompiler::SetString(uint32_t pc, uint8_t value, uint32_t k) {
  static_cast<void>(pc);
  Cold& slow = *cold_[cold_used_ - 1];
  FindNode(k, slow.entry);
  a_.ldr(W(15), Mem(X(11), Offsets::kNodeValue + 8));
  a_.Cbz(W(15), slow.entry);  // a new field, or __newindex
  LoadPair(X(14), X(15), value);
  a_.stp(X(14), X(15), Mem(X(11), Offsets::kNodeValue));
  a_.Bind(slow.join);
}

void BaselineCompiler::GetTabUp(uint32_t pc) {
  const auto o = lang::GetTabUpOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  LoadUpvalueTable(o.env, c.entry);
  GetString(pc, o.dst, o.key);
}

void BaselineCompiler::SetTabUp(uint32_t pc) {
  const auto o = lang::SetTabUpOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  LoadUpvalueTable(o.env, c.entry);
  SetString(pc, o.value, o.key);
}

void BaselineCompiler::GetField(uint32_t pc) {
  const auto o = lang::GetFieldOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckTable(o.table, c.entry);
  GetString(pc, o.dst, o.key);
}

void BaselineCompiler::SetField(uint32_t pc) {
  const auto o = lang::SetFieldOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckTable(o.table, c.entry);
  SetString(pc, o.value, o.key);
}

}  // namespace perilune::vm::jit
