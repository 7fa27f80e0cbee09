// Templates: fields of tables, by constant string keys, and methods. The instruction's cell (runtime/inline_cache.h) is compared with the table inline: for
// fields its own entry, for methods its chain entry. The other entry, and nils, are left to the op's stub. And the tables themselves.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

// How far from k ldrh reaches all of a cell.
constexpr int64_t kMaxCellOffset = 8190 - static_cast<int64_t>(sizeof(Cell));

}  // namespace

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

X BaselineCompiler::LoadUpvalueTable(uint8_t upvalue, Label& slow) {
  UpvalueLocation(upvalue);
  a_.ldp(X(9), X(10), Mem(X(9)));
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kTable));
  a_.B(Cond::kNe, slow);
  return X(9);
}

int64_t BaselineCompiler::CellOffset(uint32_t cell) const {
  return static_cast<int64_t>(proto_->constants.size() * sizeof(Value) + cell * sizeof(Cell));
}

BaselineCompiler::Place BaselineCompiler::CellPlace(uint32_t cell) {
  const int64_t offset = CellOffset(cell);
  if (offset <= kMaxCellOffset) return {UseK(), offset};
  a_.Add(X(16), UseK(), offset, X(16));
  return {X(16), 0};
}

// x11 = address of the field that the cell's own entry knows.
void BaselineCompiler::OwnField(X table, uint32_t cell, Label& miss) {
  const Place c = CellPlace(cell);
  a_.ldr(X(11), Mem(table, Offsets::kTableShape));
  a_.ldr(X(13), Mem(c.base, c.offset + Offsets::kCellOwn));
  a_.cmp(X(11), X(13));
  a_.B(Cond::kNe, miss);
  a_.ldrh(W(12), Mem(c.base, c.offset + Offsets::kCellIndex));
  a_.ldr(X(11), Mem(table, Offsets::kTableNodes));
  a_.add(X(11), X(11), Lsl(X(12), 5));
}

X BaselineCompiler::HolderOf(const Field& f, Label& slow) {
  return f.in_upvalue ? LoadUpvalueTable(f.holder, slow) : UseTable(f.holder, slow);
}

void BaselineCompiler::GetNamed(uint32_t pc, const Field& f, uint8_t dst) {
  if (!IsShortString(f.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  OwnField(HolderOf(f, c.entry), f.cell, c.entry);
  const Pair value = {residents_.NewX(), residents_.NewX()};
  a_.ldp(value.payload, value.tag, Mem(X(11), Offsets::kNodeValue));
  a_.Cbz(value.tag.w(), c.entry);
  StorePair(value.payload, value.tag, dst);
  Join(c);
}

void BaselineCompiler::SetNamed(uint32_t pc, const Field& f, uint8_t value) {
  if (!IsShortString(f.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSetField);
  c.pc = pc;
  c.table = HolderOf(f, c.slow);
  OwnField(c.table, f.cell, c.slow);
  a_.ldr(W(15), Mem(X(11), Offsets::kNodeValue + 8));
  a_.Cbz(W(15), c.entry);
  a_.Bind(c.nil);
  const Pair stored = UsePair(value);
  a_.stp(stored.payload, stored.tag, Mem(X(11), Offsets::kNodeValue));
  Join(c);
}

// c.entry: a nil is to be written over. c.slow: the rest.
void BaselineCompiler::ColdSetField(Cold& c) {
  a_.Mov(X(10), c.table);
  a_.BlTo(stubs_->may_set_nil);
  a_.Cbnz(X(10), c.nil);
  a_.Bind(c.slow);
  ColdSemantic(c);
}

void BaselineCompiler::GetTabUp(uint32_t pc) {
  const auto o = lang::GetTabUpOperands::Decode(&proto_->code[pc]);
  GetNamed(pc, {.holder = o.env, .in_upvalue = true, .key = o.key, .cell = o.cell}, o.dst);
}

void BaselineCompiler::SetTabUp(uint32_t pc) {
  const auto o = lang::SetTabUpOperands::Decode(&proto_->code[pc]);
  SetNamed(pc, {.holder = o.env, .in_upvalue = true, .key = o.key, .cell = o.cell}, o.value);
}

void BaselineCompiler::GetField(uint32_t pc) {
  const auto o = lang::GetFieldOperands::Decode(&proto_->code[pc]);
  GetNamed(pc, {.holder = o.table, .key = o.key, .cell = o.cell}, o.dst);
}

void BaselineCompiler::SetField(uint32_t pc) {
  const auto o = lang::SetFieldOperands::Decode(&proto_->code[pc]);
  SetNamed(pc, {.holder = o.table, .key = o.key, .cell = o.cell}, o.value);
}

void BaselineCompiler::NewTable(uint32_t pc) {
  const auto o = lang::NewTableOperands::Decode(&proto_->code[pc]);
  const uint32_t array = lang::ArraySlots(o.size);
  if (lang::HashSlots(o.size) == 0 && array != 0 && array <= StubAddresses::kMaxNewArray) return NewList(pc);
  if (o.cell == lang::kNoCell || array > kMaxTableArray) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  a_.Add(X(12), UseK(), CellOffset(o.cell), X(12));
  a_.Mov(W(13), lang::HashSlots(o.size));
  a_.Mov(W(14), array);
  a_.BlTo(stubs_->new_like);
  a_.Cbz(X(9), c.entry);
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kTable));
  StorePair(X(9), X(10), o.dst);
  a_.Bind(c.join);
}

// x14, x15 = the method that the cell's chain entry knows for a table.
void BaselineCompiler::ChainMethod(X table, uint32_t cell, Label& miss) {
  const Place c = CellPlace(cell);
  a_.ldp(X(11), X(12), Mem(table, Offsets::kTableMetatable));
  a_.ldr(X(13), Mem(c.base, c.offset + Offsets::kCellChain));
  a_.ldr(X(14), Mem(c.base, c.offset + Offsets::kCellMetatable));
  a_.cmp(X(12), X(13));
  a_.ccmp(X(11), X(14), 0, Cond::kEq);
  a_.B(Cond::kNe, miss);
  a_.ldr(X(11), Mem(c.base, c.offset + Offsets::kCellWhere));
  a_.ldp(X(14), X(15), Mem(X(11)));
}

void BaselineCompiler::Self(uint32_t pc) {
  const auto o = lang::SelfOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  const Known known = facts_.known(o.object);
  const bool certain = known == Known::kTable || known == Known::kString;
  const bool of_string = known == Known::kString || (!certain && IsStringMethod(IntrinsicNamed(NameConstant(o.key), false)));
  Pair object = {X(9), X(10)};
  if (certain) {
    object.payload = UsePayload(o.object);
  } else {
    object = UsePair(o.object);
    a_.cmp(object.tag.w(), static_cast<uint32_t>(of_string ? Tag::kString : Tag::kTable));
    a_.B(Cond::kNe, c.entry);
  }
  if (of_string) a_.ldr(X(9), Mem(kVm, Offsets::kStringMethods));
  ChainMethod(of_string ? X(9) : object.payload, o.cell, c.entry);
  a_.Cbz(W(15), c.entry);
  StorePair(X(14), X(15), o.dst);
  if (certain) {
    StoreTyped(object.payload, known, o.dst + 2u);
  } else {
    StorePair(object.payload, object.tag, o.dst + 2u);
  }
  Join(c);
}

}  // namespace perilune::vm::jit
