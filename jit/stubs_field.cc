// What the stubs of ops on fields and elements of tables do before the semantic functions: lookups by all that caches know (runtime/inline_cache.h), in
// the hash part, in tables without metatables. Each goes to `other`, having changed nothing but scratch registers, with what it does not know.

#include <cstdint>

#include "jit/register_plan.h"
#include "jit/stub_emitter.h"
#include "runtime/inline_cache.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"
#include "runtime/table.h"

namespace perilune::vm::jit {
namespace {

// Of all stubs here; x8, x11, x14-x17 are scratch, w9 stays the index of the instruction.
constexpr X kTable{10}, kCell{12}, kKey{13}, kPc{25};
constexpr W kInstruction{26};

}  // namespace

// kPc, kInstruction = address and word of the instruction w9.
void StubEmitter::LoadInstruction() {
  a_.ldur(kPc, Mem(kK, Offsets::kCodeFromK));
  a_.add(kPc, kPc, Uxtw(W(9), 2));
  a_.ldr(kInstruction, Mem(kPc));
}

void StubEmitter::LoadColumn(X x, lang::Column column) { a_.ubfx(x.w(), kInstruction, 8 + 8 * static_cast<uint32_t>(column), 8); }

// Where the register is that stands in the column.
void StubEmitter::LoadRegisterAddress(X x, lang::Column column) {
  LoadColumn(x, column);
  a_.add(x, kBase, Lsl(x, 4));
}

// The op is done, and nothing of what blocks keep has changed but its register.
void StubEmitter::ReturnUnclobbered() {
  a_.mov(W(8), wzr);
  a_.ret(lr);
}

// Writes x14, x15 to the register of column A.
void StubEmitter::ReturnValue() {
  LoadRegisterAddress(X(11), lang::Column::kA);
  a_.stp(X(14), X(15), Mem(X(11)));
  ReturnUnclobbered();
}

// kTable = the table in the register or upvalue of the column, or goes to `other`. Clobbers w11.
void StubEmitter::LoadTable(lang::Column column, bool in_upvalue, Label& other) {
  if (in_upvalue) {
    LoadColumn(X(11), column);
    a_.ldur(kTable, Mem(kBase, -32));
    a_.add(kTable, kTable, Lsl(X(11), 3));
    a_.ldr(kTable, Mem(kTable, Offsets::kFunctionUpvalues));
    a_.ldr(kTable, Mem(kTable, Offsets::kUpvalueLocation));
  } else {
    LoadRegisterAddress(kTable, column);
  }
  a_.ldp(kTable, X(11), Mem(kTable));
  a_.cmp(W(11), static_cast<uint32_t>(Tag::kTable));
  a_.b(Cond::kNe, other);
}

// kCell of an op on a field. Clobbers x11.
void StubEmitter::LoadCell() {
  a_.ldr(W(11), Mem(kPc, 4));
  a_.ldur(kCell, Mem(kK, Offsets::kCellsFromK));
  a_.add(kCell, kCell, Lsl(X(11), 5));
  static_assert(sizeof(Cell) == 32);
}

// x11 = where kTable has the field that the cell's own entry knows. Clobbers x14.
void StubEmitter::LoadOwnPlace() {
  a_.ldrh(W(14), Mem(kCell, Offsets::kCellIndex));
  a_.ldr(X(11), Mem(kTable, Offsets::kTableNodes));
  a_.add(X(11), X(11), Lsl(X(14), 5));
}

// If an op on a field sees many shapes, kKey; or else goes to `few`. Clobbers x8, x14.
void StubEmitter::CheckMany(lang::Column key, Label& few) {
  a_.ldur(X(14), Mem(kK, Offsets::kCellsFromK));
  a_.ldur(X(8), Mem(kK, Offsets::kProtoFromK));
  a_.ldr(W(8), Mem(X(8), Offsets::kProtoCellCount));
  a_.add(X(8), X(14), Lsl(X(8), 5));  // ProtoInstance::states
  a_.ldr(W(14), Mem(kPc, 4));
  a_.ldrb(W(8), Mem(X(8), X(14)));
  a_.tbz(W(8), CellState::kManyBit, few);
  LoadColumn(kKey, key);
  a_.add(kKey, kK, Lsl(kKey, 4));
  a_.ldr(kKey, Mem(kKey));
}

// x11 first node of a chain, kKey with this tag: x11 = its node, or goes to `miss`. Clobbers x14, x15.
void StubEmitter::FindNode(Tag tag, Label& miss) {
  Label loop, found;
  a_.Bind(loop);
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeKey));
  a_.cmp(X(14), kKey);
  a_.ccmp(W(15), static_cast<uint32_t>(tag), 0, Cond::kEq);
  a_.b(Cond::kEq, found);
  a_.ldrsw(X(15), Mem(X(11), Offsets::kNodeNext));
  a_.add(X(11), X(11), Lsl(X(15), 5));
  a_.cbnz(X(15), loop);
  a_.b(miss);
  a_.Bind(found);
}

// kTable, kKey a short string: x11 = its node, or goes to `miss`. Clobbers x14, x15.
void StubEmitter::FindString(Label& miss) {
  a_.ldr(X(11), Mem(kTable, Offsets::kTableNodes));
  a_.ldr(W(14), Mem(kTable, Offsets::kTableNodeMask));
  a_.ldr(W(15), Mem(kKey, Offsets::kStringHash));
  a_.and_(W(14), W(14), W(15));
  a_.add(X(11), X(11), Lsl(X(14), 5));
  FindNode(Tag::kString, miss);
}

// kTable, kKey an integer: x11 = its node, or goes to `miss`. Clobbers x14, x15.
void StubEmitter::FindIntegerNode(Label& miss) {
  a_.ldp(X(11), X(14), Mem(kTable, Offsets::kTableNodes));  // w14: node_mask
  a_.eor(X(15), kKey, Lsr(kKey, 32));
  a_.and_(W(15), W(15), W(14));
  a_.add(X(11), X(11), Lsl(X(15), 5));
  FindNode(Tag::kInteger, miss);
}

// The same in the array part, too: x11 = where the value is.
void StubEmitter::FindInteger(Label& miss) {
  Label in_array, found;
  a_.ldp(X(11), X(14), Mem(kTable, Offsets::kTableArray));  // w14: array_size
  a_.sub(X(15), kKey, 1);
  a_.cmp(X(15), Uxtw(W(14)));
  a_.b(Cond::kLo, in_array);
  FindIntegerNode(miss);
  a_.b(found);
  a_.Bind(in_array);
  a_.add(X(11), X(11), Lsl(X(15), 4));
  a_.Bind(found);
}

void StubEmitter::EmitFindInteger() {
  Label missing;
  at_.find_integer = Here();
  FindIntegerNode(missing);
  a_.mov(X(14), X(11));
  a_.ret(lr);
  a_.Bind(missing);
  a_.mov(X(11), xzr);
  a_.adr(X(14), nil_);
  a_.ret(lr);
  a_.Align(16);
  a_.Bind(nil_);
  a_.Data64(0);
  a_.Data64(static_cast<uint64_t>(Tag::kNil));
}

// x16 shape or OwnNil of it, x17 metatable, kKey: x11 = address of the value, or goes to `miss`. Clobbers x8, x14, x15.
void StubEmitter::FindInChainCache(Label& miss) {
  a_.ldr(W(8), Mem(kKey, Offsets::kStringHash));
  a_.add(X(8), X(8), Lsr(X(16), ChainCache::kShapeShift));
  a_.add(X(8), X(8), Lsr(X(17), ChainCache::kMetatableShift));
  a_.and_(X(8), X(8), ChainCache::kSize - 1);
  a_.Add(X(11), kVm, Offsets::kChainCache, X(11));
  a_.add(X(11), X(11), Lsl(X(8), 5));
  static_assert(sizeof(ChainEntry) == 32);
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kChainEntryShape));
  a_.cmp(X(14), X(16));
  a_.ccmp(X(15), X(17), 0, Cond::kEq);
  a_.ldp(X(14), X(11), Mem(X(11), Offsets::kChainEntryKey));
  a_.ccmp(X(14), kKey, 0, Cond::kEq);
  a_.b(Cond::kNe, miss);
}

// x14, x15 = the value at x11, found along a chain, then goes to `answer`; or goes to `miss`.
void StubEmitter::AnswerChain(Label& answer, Label& miss) {
  a_.ldp(X(14), X(15), Mem(X(11), 0));
  a_.cbnz(W(15), answer);
  a_.Mov(X(8), AddressOf(&kAbsent));
  a_.cmp(X(11), X(8));
  a_.b(Cond::kEq, answer);
  a_.b(miss);
}

// x14, x15 = the field of kTable, or goes to `miss`. Methods are looked for along the chain first where a site sees many shapes.
void StubEmitter::GetByCaches(bool method, Label& miss) {
  Label not_own, own, own_many, no_key, chain_many, chain, answer;
  a_.ldp(X(17), X(16), Mem(kTable, Offsets::kTableMetatable));  // x16 shape, x17 metatable
  a_.ldp(X(14), X(15), Mem(kCell, Offsets::kCellOwn));          // x15 chain
  a_.cmp(X(16), X(14));
  a_.b(Cond::kNe, not_own);
  LoadOwnPlace();
  a_.Bind(own);
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeValue));
  a_.cbnz(W(15), answer);
  a_.cbz(X(17), answer);
  // A nil of its own.
  a_.add(X(16), X(16), static_cast<uint32_t>(Cell::kOwnNil));
  a_.ldp(X(14), X(15), Mem(kCell, Offsets::kCellChain));
  a_.cmp(X(16), X(14));
  a_.ccmp(X(17), X(15), 0, Cond::kEq);
  a_.ldr(X(11), Mem(kCell, Offsets::kCellWhere));
  a_.and_(X(11), X(11), Cell::kAddress);
  a_.b(Cond::kEq, chain);
  if (method) {
    a_.b(miss);
  } else {
    CheckMany(lang::Column::kC, miss);
    a_.b(chain_many);
  }

  a_.Bind(not_own);
  a_.ldr(X(14), Mem(kCell, Offsets::kCellMetatable));
  a_.cmp(X(16), X(15));
  a_.ccmp(X(17), X(14), 0, Cond::kEq);
  a_.ldr(X(11), Mem(kCell, Offsets::kCellWhere));
  a_.b(Cond::kEq, chain);
  CheckMany(lang::Column::kC, miss);
  if (method) {
    FindInChainCache(own_many);
    AnswerChain(answer, miss);
    a_.Bind(own_many);
    FindString(miss);
    a_.b(own);
  } else {
    FindString(no_key);
    a_.b(own);
    a_.Bind(no_key);
    a_.mov(X(14), xzr);
    a_.mov(X(15), xzr);
    a_.cbz(X(17), answer);
    a_.Bind(chain_many);
    FindInChainCache(miss);
  }
  a_.Bind(chain);
  AnswerChain(answer, miss);
  a_.Bind(answer);
}

void StubEmitter::EmitGetField(bool in_upvalue, Label& other) {
  LoadInstruction();
  LoadTable(lang::Column::kB, in_upvalue, other);
  LoadCell();
  GetByCaches(/*method=*/false, other);
  ReturnValue();
}

void StubEmitter::EmitSelf(Label& other) {
  Label table;
  LoadInstruction();
  LoadRegisterAddress(kTable, lang::Column::kB);
  a_.ldp(kTable, X(11), Mem(kTable));
  a_.cmp(W(11), static_cast<uint32_t>(Tag::kTable));
  a_.b(Cond::kEq, table);
  a_.cmp(W(11), static_cast<uint32_t>(Tag::kString));
  a_.b(Cond::kNe, other);
  a_.ldr(kTable, Mem(kVm, Offsets::kStringMethods));
  a_.Bind(table);
  LoadCell();
  GetByCaches(/*method=*/true, other);
  a_.cbz(W(15), other);
  LoadRegisterAddress(X(16), lang::Column::kB);
  a_.ldp(X(16), X(17), Mem(X(16)));
  LoadRegisterAddress(X(11), lang::Column::kA);
  a_.stp(X(14), X(15), Mem(X(11)));
  a_.stp(X(16), X(17), Mem(X(11), 32));
  ReturnUnclobbered();
}

// Stores the register of this column at x11.
void StubEmitter::StoreElement(lang::Column value) {
  LoadRegisterAddress(X(14), value);
  a_.ldp(X(14), X(15), Mem(X(14)));
  a_.stp(X(14), X(15), Mem(X(11)));
  ReturnUnclobbered();
}

// A nil of kTable is to be written over: goes to `may` if no one has to know, or else to `other`. Clobbers x8.
void StubEmitter::CheckMaySetNil(Label& may, Label& other) {
  a_.ldr(W(8), Mem(kTable, Offsets::kTableAux));
  static_assert(Table::kInCachedChain == 1);
  a_.tbnz(W(8), 0, other);
  a_.ldr(X(8), Mem(kTable, Offsets::kTableMetatable));
  a_.cbz(X(8), may);
  a_.ldrb(W(8), Mem(X(8), Offsets::kObjectFlags));
  a_.tbnz(W(8), static_cast<uint32_t>(Event::kNewIndex), may);
  a_.b(other);
}

void StubEmitter::EmitMaySetNil() {
  Label may, may_not;
  at_.may_set_nil = Here();
  CheckMaySetNil(may, may_not);
  a_.Bind(may_not);
  a_.mov(X(10), xzr);
  a_.Bind(may);
  a_.ret(lr);
}

void StubEmitter::EmitSetField(bool in_upvalue, Label& other) {
  using enum lang::Column;
  Label not_own, found, store;
  LoadInstruction();
  LoadTable(in_upvalue ? kB : kA, in_upvalue, other);
  LoadCell();
  a_.ldr(X(16), Mem(kTable, Offsets::kTableShape));
  a_.ldr(X(14), Mem(kCell, Offsets::kCellOwn));
  a_.cmp(X(16), X(14));
  a_.b(Cond::kNe, not_own);
  LoadOwnPlace();
  a_.Bind(found);
  a_.ldr(W(15), Mem(X(11), 8));
  a_.cbnz(W(15), store);
  CheckMaySetNil(store, other);
  a_.Bind(store);
  StoreElement(in_upvalue ? kA : kC);
  a_.Bind(not_own);
  CheckMany(in_upvalue ? kC : kB, other);
  FindString(other);
  a_.b(found);
}

// kTable, and kKey = the key, of an op on an element, and x11 = its place: for a key in a register that is a short string, or a small constant. Goes to
// `absent` if the table has no such key; to `other` with other keys, which machine code has looked for itself, and to write over the nil of a string.
void StubEmitter::FindElement(lang::Column table, lang::Column key, bool constant, bool writes, Label& absent, Label& other) {
  LoadInstruction();
  if (constant) {
    LoadTable(table, false, other);
    LoadColumn(kKey, key);
    return FindInteger(absent);
  }
  LoadRegisterAddress(kKey, key);
  a_.ldp(kKey, X(14), Mem(kKey));
  a_.cmp(W(14), static_cast<uint32_t>(Tag::kString));
  a_.b(Cond::kNe, other);
  a_.ldrb(W(8), Mem(kKey, Offsets::kObjectFlags));
  static_assert(String::kLong == 1 && String::kEventName == 4);
  a_.tbnz(W(8), 0, other);
  if (writes) a_.tbnz(W(8), 2, other);
  LoadTable(table, false, other);
  FindString(absent);
  if (!writes) return;
  a_.ldr(W(15), Mem(X(11), 8));
  a_.cbz(W(15), other);  // a chain may rely on this nil
}

void StubEmitter::EmitGetElement(bool constant, Label& other) {
  Label absent, answer;
  FindElement(lang::Column::kB, lang::Column::kC, constant, /*writes=*/false, absent, other);
  a_.ldp(X(14), X(15), Mem(X(11)));
  a_.cbnz(W(15), answer);
  a_.Bind(absent);
  a_.ldr(X(8), Mem(kTable, Offsets::kTableMetatable));
  a_.cbnz(X(8), other);
  a_.mov(X(14), xzr);
  a_.mov(X(15), xzr);
  a_.Bind(answer);
  ReturnValue();
}

void StubEmitter::EmitSetElement(bool constant, Label& other) {
  Label store;
  FindElement(lang::Column::kA, lang::Column::kB, constant, /*writes=*/true, other, other);
  a_.ldr(W(15), Mem(X(11), 8));
  a_.cbnz(W(15), store);
  a_.ldr(X(8), Mem(kTable, Offsets::kTableMetatable));
  a_.cbnz(X(8), other);
  a_.Bind(store);
  StoreElement(lang::Column::kC);
}

}  // namespace perilune::vm::jit
