// Templates: fields of tables, by constant string keys, and methods. The instruction's cell (runtime/inline_cache.h) is compared with the table inline: for
// fields its own entry, for methods its chain entry, of tables and strings. The other entry, and nils, are left to stubs; the rest to the cell's slow path. And the tables themselves.

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

BaselineCompiler::Cold& BaselineCompiler::AddColdField(void (BaselineCompiler::*emit)(Cold&), uint32_t pc, const Field& f) {
  Cold& c = AddCold(emit);
  c.pc = pc;
  c.extra = f.cell;
  c.lhs = {f.key, true};
  return c;
}

// Begins an op on a field: the table is checked, what is none goes to c.slow.
BaselineCompiler::Cold& BaselineCompiler::BeginField(void (BaselineCompiler::*emit)(Cold&), uint32_t pc, const Field& f) {
  Cold& c = AddColdField(emit, pc, f);
  c.table = f.in_upvalue ? LoadUpvalueTable(f.holder, c.slow) : UseTable(f.holder, c.slow);
  return c;
}

void BaselineCompiler::LoadCellState(uint32_t cell) {
  const int64_t offset = CellOffset(proto_->cell_count) + cell;
  if (offset < 4096) return a_.ldrb(W(8), Mem(UseK(), offset));
  a_.Add(X(8), UseK(), offset, X(8));
  a_.ldrb(W(8), Mem(X(8), 0));
}

// c.entry: the field by whatever caches know, then c.join. c.slow: the op's slow path, then c.done.
void BaselineCompiler::ColdGetField(Cold& c) { ColdGet(c, stubs_->get_field); }
void BaselineCompiler::ColdGetMethod(Cold& c) { ColdGet(c, stubs_->get_method); }
void BaselineCompiler::CallGetStub(const Cold& c, uintptr_t stub, Label& slow) {
  a_.Mov(X(9), c.table);
  a_.Add(X(12), UseK(), CellOffset(c.extra), X(12));
  a_.Ldr(X(13), Mem(UseK(), int64_t{c.lhs.index} * 16), X(13));
  LoadCellState(c.extra);
  a_.BlTo(stub);
  a_.Cbnz(X(8), slow);
}
void BaselineCompiler::ColdGet(Cold& c, uintptr_t stub) {
  CallGetStub(c, stub, c.slow);
  a_.Mov(c.payload, X(14));
  a_.Mov(c.tag, X(15));
  a_.b(c.join);
  a_.Bind(c.slow);
  SemanticCall(c.pc);
  Rejoin(c, c.done);
}

// c.entry: x11 = the field's address where the site sees many tables, then c.join.
void BaselineCompiler::ColdFindKey(Cold& c) {
  LoadCellState(c.extra);
  a_.Tbz(X(8), CellState::kManyBit, *c.chain_miss);
  a_.Mov(X(9), c.table);
  a_.Ldr(X(13), Mem(UseK(), int64_t{c.lhs.index} * 16), X(13));
  a_.BlTo(stubs_->find_key);
  a_.Cbnz(X(11), c.join);
  a_.b(*c.chain_miss);
}

// c.entry: a nil is to be overwritten: if it may be, c.join. c.slow: as above.
void BaselineCompiler::ColdSetNil(Cold& c) {
  a_.Mov(X(9), c.table);
  a_.BlTo(stubs_->may_set_nil);
  a_.Cbz(X(8), c.join);
  a_.Bind(c.slow);
  SemanticCall(c.pc);
  Rejoin(c, c.done);
}

void BaselineCompiler::GetNamed(uint32_t pc, const Field& f, uint8_t dst) {
  if (!IsShortString(f.key)) return Generic(pc);
  Cold& c = BeginField(&BaselineCompiler::ColdGetField, pc, f);
  OwnField(c.table, f.cell, c.entry);
  c.payload = residents_.NewX();
  c.tag = residents_.NewX();
  a_.ldp(c.payload, c.tag, Mem(X(11), Offsets::kNodeValue));
  a_.Cbz(c.tag.w(), c.entry);
  a_.Bind(c.join);
  StorePair(c.payload, c.tag, dst);
  Join(c, c.done);
}

void BaselineCompiler::SetNamed(uint32_t pc, const Field& f, uint8_t value) {
  if (!IsShortString(f.key)) return Generic(pc);
  Cold& c = BeginField(&BaselineCompiler::ColdSetNil, pc, f);
  Cold& other = AddColdField(&BaselineCompiler::ColdFindKey, pc, f);
  other.table = c.table;
  other.chain_miss = &c.slow;
  OwnField(c.table, f.cell, other.entry);
  a_.Bind(other.join);
  a_.ldr(W(15), Mem(X(11), Offsets::kNodeValue + 8));
  a_.Cbz(W(15), c.entry);
  a_.Bind(c.join);
  const Pair stored = UsePair(value);
  a_.stp(stored.payload, stored.tag, Mem(X(11), Offsets::kNodeValue));
  Join(c, c.done);
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

// Where the methods of an object of this kind are looked up: in a table itself, for strings in Isolate::string_methods.
X BaselineCompiler::MethodTable(bool of_string, X object) {
  if (!of_string) return object;
  a_.ldr(X(9), Mem(kVm, Offsets::kStringMethods));
  return X(9);
}

void BaselineCompiler::Self(uint32_t pc) {
  const auto o = lang::SelfOperands::Decode(&proto_->code[pc]);
  if (!IsShortString(o.key)) return Generic(pc);
  const Field field = {.holder = o.object, .key = o.key, .cell = o.cell};
  Cold& cold = AddColdField(&BaselineCompiler::ColdGetMethod, pc, field);
  const Known known = facts_.known(o.object);
  const bool of_string = known == Known::kString || (known != Known::kTable && IsStringMethod(IntrinsicNamed(NameConstant(o.key), false)));
  Pair object = {X(9), X(10)};
  if (known == Known::kTable || known == Known::kString) {
    object.payload = UsePayload(o.object);
  } else {
    object = UsePair(o.object);
    Cold& other = AddColdField(&BaselineCompiler::ColdOtherMethod, pc, field);
    other.of_string = !of_string;
    other.payload = object.payload;
    other.tag = object.tag;
    other.back = &cold.join;
    other.chain_miss = &cold.slow;
    a_.cmp(object.tag.w(), static_cast<uint32_t>(of_string ? Tag::kString : Tag::kTable));
    a_.B(Cond::kNe, other.entry);
  }
  cold.table = MethodTable(of_string, object.payload);
  ChainMethod(cold.table, o.cell, cold.entry);
  a_.Bind(cold.join);
  a_.Cbz(W(15), cold.slow);
  StorePair(X(14), X(15), o.dst);
  if (known == Known::kTable || known == Known::kString) {
    StoreTyped(object.payload, known, o.dst + 2u);
  } else {
    StorePair(object.payload, object.tag, o.dst + 2u);
  }
  Join(cold, cold.done);
}

// The same for the kind that is less likely.
void BaselineCompiler::ColdOtherMethod(Cold& c) {
  a_.cmp(c.tag.w(), static_cast<uint32_t>(c.of_string ? Tag::kString : Tag::kTable));
  a_.B(Cond::kNe, *c.chain_miss);
  c.table = MethodTable(c.of_string, c.payload);
  ChainMethod(c.table, c.extra, c.slow);
  a_.b(*c.back);
  a_.Bind(c.slow);
  CallGetStub(c, stubs_->get_method, *c.chain_miss);
  a_.b(*c.back);
}

}  // namespace perilune::vm::jit
