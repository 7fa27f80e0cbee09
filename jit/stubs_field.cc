// Stubs for fields: lookups by the caches of runtime/inline_cache.h.

#include <cstdint>

#include "jit/register_plan.h"
#include "jit/stub_emitter.h"
#include "runtime/inline_cache.h"
#include "runtime/runtime_offsets.h"
#include "runtime/table.h"

namespace perilune::vm::jit {

// x11 first node of a chain, x13 key with this tag: x11 = its node, or goes to `miss`. Clobbers x14, x15.
void StubEmitter::FindNode(Tag tag, Label& miss) {
  Label loop, found;
  a_.Bind(loop);
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeKey));
  a_.cmp(X(14), X(13));
  a_.ccmp(W(15), static_cast<uint32_t>(tag), 0, Cond::kEq);
  a_.b(Cond::kEq, found);
  a_.ldrsw(X(15), Mem(X(11), Offsets::kNodeNext));
  a_.add(X(11), X(11), Lsl(X(15), 5));
  a_.cbnz(X(15), loop);
  a_.b(miss);
  a_.Bind(found);
}

// x9 table, x13 short string: x11 = its node, or goes to `miss`. Clobbers x14, x15.
void StubEmitter::FindKey(Label& miss) {
  a_.ldr(X(11), Mem(X(9), Offsets::kTableNodes));
  a_.ldr(W(14), Mem(X(9), Offsets::kTableNodeMask));
  a_.ldr(W(15), Mem(X(13), Offsets::kStringHash));
  a_.and_(W(14), W(14), W(15));
  a_.add(X(11), X(11), Lsl(X(14), 5));
  FindNode(Tag::kString, miss);
}

// x16 shape or OwnNil of it, x17 metatable, x13 key: x11 = address of the value, or goes to `miss`. Clobbers x8, x14, x15.
void StubEmitter::FindInChainCache(Label& miss) {
  a_.ldr(W(8), Mem(X(13), Offsets::kStringHash));
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
  a_.ccmp(X(14), X(13), 0, Cond::kEq);
  a_.b(Cond::kNe, miss);
}

// Answers with the value at x11, found along a chain, or goes to `miss`.
void StubEmitter::AnswerChain(Label& miss) {
  Label answer;
  a_.ldp(X(14), X(15), Mem(X(11), 0));
  a_.cbnz(W(15), answer);
  a_.Mov(X(8), AddressOf(&kAbsent));
  a_.cmp(X(11), X(8));
  a_.b(Cond::kNe, miss);
  a_.Bind(answer);
  a_.mov(X(8), xzr);
  a_.ret(lr);
}

void StubEmitter::EmitGet(bool method) {
  Label not_own, own, own_many, no_key, chain_many, chain, answer, miss;
  a_.ldp(X(17), X(16), Mem(X(9), Offsets::kTableMetatable));  // x16 shape, x17 metatable
  a_.ldp(X(14), X(15), Mem(X(12), Offsets::kCellOwn));        // x15 chain
  a_.cmp(X(16), X(14));
  a_.b(Cond::kNe, not_own);
  a_.ldrh(W(14), Mem(X(12), Offsets::kCellIndex));
  a_.ldr(X(11), Mem(X(9), Offsets::kTableNodes));
  a_.add(X(11), X(11), Lsl(X(14), 5));
  a_.Bind(own);
  a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeValue));
  a_.cbnz(W(15), answer);
  a_.cbz(X(17), answer);
  // A nil of its own.
  a_.add(X(16), X(16), static_cast<uint32_t>(Cell::kOwnNil));
  a_.ldp(X(14), X(15), Mem(X(12), Offsets::kCellChain));
  a_.cmp(X(16), X(14));
  a_.ccmp(X(17), X(15), 0, Cond::kEq);
  a_.ldr(X(11), Mem(X(12), Offsets::kCellWhere));
  a_.and_(X(11), X(11), Cell::kAddress);
  a_.b(Cond::kEq, chain);
  a_.tbnz(W(8), CellState::kManyBit, chain_many);
  a_.b(miss);

  a_.Bind(not_own);
  a_.ldr(X(14), Mem(X(12), Offsets::kCellMetatable));
  a_.cmp(X(16), X(15));
  a_.ccmp(X(17), X(14), 0, Cond::kEq);
  a_.ldr(X(11), Mem(X(12), Offsets::kCellWhere));
  a_.b(Cond::kEq, chain);
  a_.tbz(W(8), CellState::kManyBit, miss);
  if (method) {
    FindInChainCache(own_many);
    AnswerChain(miss);
    a_.Bind(own_many);
    FindKey(miss);
    a_.b(own);
    a_.Bind(chain_many);  // a nil: the semantic function will look again
    a_.b(miss);
  } else {
    FindKey(no_key);
    a_.b(own);
    a_.Bind(no_key);
    a_.mov(X(14), xzr);
    a_.mov(X(15), xzr);
    a_.cbz(X(17), answer);
    a_.Bind(chain_many);
    FindInChainCache(miss);
  }
  a_.Bind(chain);
  AnswerChain(miss);
  a_.Bind(answer);
  a_.mov(X(8), xzr);
  a_.ret(lr);
  a_.Bind(miss);
  a_.Mov(X(8), 1);
  a_.ret(lr);
}

void StubEmitter::EmitFields() {
  at_.get_field = Here();
  EmitGet(/*method=*/false);
  at_.get_method = Here();
  EmitGet(/*method=*/true);

  Label no_key;
  at_.find_key = Here();
  FindKey(no_key);
  a_.ret(lr);
  a_.Bind(no_key);
  a_.mov(X(11), xzr);
  a_.ret(lr);

  Label may, may_not;
  at_.may_set_nil = Here();
  a_.ldr(W(8), Mem(X(9), Offsets::kTableAux));
  static_assert(Table::kInCachedChain == 1);
  a_.tbnz(W(8), 0, may_not);
  a_.ldr(X(8), Mem(X(9), Offsets::kTableMetatable));
  a_.cbz(X(8), may);
  a_.ldrb(W(8), Mem(X(8), Offsets::kObjectFlags));
  a_.tbz(W(8), static_cast<uint32_t>(Event::kNewIndex), may_not);
  a_.mov(X(8), xzr);
  a_.Bind(may);
  a_.ret(lr);
  a_.Bind(may_not);
  a_.Mov(X(8), 1);
  a_.ret(lr);
}

}  // namespace perilune::vm::jit
