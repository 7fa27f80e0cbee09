// Stubs for whole tables: new ones, their length, their traversal.

#include <cstdint>

#include "jit/allocation.h"
#include "jit/register_plan.h"
#include "jit/stub_emitter.h"
#include "runtime/heap.h"
#include "runtime/isolate.h"
#include "runtime/runtime_offsets.h"
#include "runtime/table.h"

namespace perilune::vm::jit {
namespace {

// So small that it is not refused.
Table* NewArray(Isolate* vm, uint32_t size) { return vm->TryNewTable(size, 0); }

int64_t LengthOf(Table* table) { return table->Length(); }

// Nodes of boilerplates that new_like copies; their storage has a fine size class.
constexpr uint32_t kMaxInlineNodes = 8;

}  // namespace

void StubEmitter::EmitNewTables() {
  for (uint32_t n = 0; n <= StubAddresses::kMaxNewArray; ++n) {
    Label slow;
    at_.new_table[n] = Here();
    const X array = n == 0 ? xzr : X(14), sizes = n == 0 ? xzr : X(12);
    // If there is no cell for the table, that of the array is garbage.
    if (n != 0) EmitAllocate(a_, array, X(10), kStorageHeader + n * sizeof(Value), ObjectType::kStorage, 0, slow);
    EmitAllocate(a_, X(13), X(10), sizeof(Table), ObjectType::kTable, 0, slow);
    a_.ldr(X(11), Mem(kVm, Offsets::kEmptyShape));
    a_.stp(xzr, X(11), Mem(X(13), Offsets::kTableMetatable));
    if (n != 0) {
      a_.add(array, array, static_cast<uint32_t>(kStorageHeader));
      a_.Mov(sizes, uint64_t{n} << 32 | n);  // the length hint, too
    }
    a_.stp(array, sizes, Mem(X(13), Offsets::kTableArray));
    a_.Mov(X(11), reinterpret_cast<uint64_t>(&kEmptyNode));
    a_.stp(X(11), xzr, Mem(X(13), Offsets::kTableNodes));
    for (uint32_t i = 0; i < n; ++i) a_.stp(xzr, xzr, Mem(array, int64_t{i} * 16));
    a_.ret(lr);
    a_.Bind(slow);
    a_.mov(kResume, lr);
    a_.mov(X(0), kVm);
    a_.Mov(W(1), n);
    CallCpp(AddressOf(&NewArray));
    a_.mov(X(13), X(0));
    a_.ret(kResume);
  }
}

// x16 = new storage of 16 * w`units` bytes and a header of 16, whose size class is w`units`; or goes to `slow`. Clobbers x10, x17.
void StubEmitter::AllocateStorage(uint32_t units, Label& slow) {
  static_assert(Offsets::Area(32) == Offsets::Area(16) + 16 && Heap::CellSizeFor(32) == 32);
  a_.Add(X(10), kVm, Offsets::Area(16), X(10));
  a_.add(X(10), X(10), Uxtw(W(units), 4));
  a_.ldp(X(16), X(17), Mem(X(10)));
  a_.cmp(X(16), X(17));
  a_.b(Cond::kEq, slow);
  a_.add(X(17), X(16), Uxtw(W(units), 4));
  a_.add(X(17), X(17), 16);
  a_.str(X(17), Mem(X(10)));
  a_.ldr(X(17), Mem(kVm, Offsets::kHeader));
  a_.add(X(17), X(17), static_cast<uint32_t>(ObjectType::kStorage));
  a_.str(X(17), Mem(X(16)));
}

// Storage that was allocated when there is no room for the table is garbage.
void StubEmitter::EmitNewLike() {
  Label slow, copy, fill, no_nodes, have_nodes, have_array;
  at_.new_like = Here();
  a_.ldrh(W(11), Mem(X(12), Offsets::kSiteCountdown));
  a_.ldr(X(8), Mem(X(12), Offsets::kSiteLike));
  a_.cmp(W(11), 1);
  a_.b(Cond::kLs, slow);
  a_.adr(X(15), empty_node_);
  a_.ldr(X(15), Mem(X(15)));
  a_.mov(W(11), wzr);  // node_mask, last_free
  a_.cbz(X(8), no_nodes);

  // x15 = nodes like those of the boilerplate x13, w11 many.
  a_.ldr(W(11), Mem(X(8), Offsets::kShapeNodeCount));
  a_.cmp(W(11), kMaxInlineNodes);
  a_.b(Cond::kHi, slow);
  a_.ldr(X(13), Mem(X(8), Offsets::kShapeBoilerplate));
  a_.add(W(15), W(11), W(11));  // a node is two units
  AllocateStorage(15, slow);
  a_.add(X(15), X(16), 16);
  a_.mov(X(10), X(15));
  a_.add(X(11), X(15), Lsl(X(11), 5));
  a_.Bind(copy);
  a_.ldp(X(16), X(17), Mem(X(13), 16));
  a_.stp(xzr, xzr, Mem(X(10)));
  a_.stp(X(16), X(17), Mem(X(10), 16));
  a_.add(X(13), X(13), 32);
  a_.add(X(10), X(10), 32);
  a_.cmp(X(10), X(11));
  a_.b(Cond::kNe, copy);
  a_.ldr(W(11), Mem(X(8), Offsets::kShapeNodeCount));
  a_.sub(W(11), W(11), 1);
  a_.ldr(W(10), Mem(X(8), Offsets::kShapeLastFree));
  a_.orr(X(11), X(11), Lsl(X(10), 32));
  a_.b(have_nodes);
  a_.Bind(no_nodes);
  a_.cbnz(W(13), slow);
  a_.Add(X(8), kVm, Offsets::kEmptyRoot, X(8));
  a_.ldr(X(8), Mem(X(8)));
  a_.Bind(have_nodes);

  // x13 = array of w14 nils.
  a_.mov(X(13), xzr);
  a_.cbz(W(14), have_array);
  AllocateStorage(14, slow);
  a_.add(X(13), X(16), 16);
  a_.mov(X(10), X(13));
  a_.add(X(17), X(13), Uxtw(W(14), 4));
  a_.Bind(fill);
  a_.stp(xzr, xzr, Mem(X(10)));
  a_.add(X(10), X(10), 16);
  a_.cmp(X(10), X(17));
  a_.b(Cond::kNe, fill);
  a_.orr(X(14), X(14), Lsl(X(14), 32));
  a_.Bind(have_array);

  EmitAllocate(a_, X(9), X(10), sizeof(Table), ObjectType::kTable, 0, slow);
  a_.stp(xzr, X(8), Mem(X(9), Offsets::kTableMetatable));
  a_.stp(X(13), X(14), Mem(X(9), Offsets::kTableArray));
  a_.stp(X(15), X(11), Mem(X(9), Offsets::kTableNodes));
  a_.ldrh(W(10), Mem(X(12), Offsets::kSiteCountdown));
  a_.sub(W(10), W(10), 1);
  a_.strh(W(10), Mem(X(12), Offsets::kSiteCountdown));
  a_.ret(lr);
  a_.Bind(slow);
  a_.mov(X(9), xzr);
  a_.ret(lr);
  a_.Align(8);
  a_.Bind(empty_node_);
  a_.Data64(AddressOf(&kEmptyNode));
}

// As Table::Length: the hint, or one above it, in the array part; else that function itself.
void StubEmitter::EmitTableLength() {
  Label below, above, slow;
  at_.table_length = Here();
  a_.ldp(X(12), X(14), Mem(X(9), Offsets::kTableArray));
  a_.lsr(X(13), X(14), 32);
  a_.cmp(W(13), W(14));
  a_.b(Cond::kHs, slow);
  a_.add(X(15), X(12), Lsl(X(13), 4));
  a_.cbz(W(13), below);
  a_.ldur(W(16), Mem(X(15), -8));
  a_.cbz(W(16), slow);
  a_.Bind(below);
  a_.ldr(W(16), Mem(X(15), 8));
  a_.cbnz(W(16), above);
  a_.ret(lr);
  a_.Bind(above);
  a_.add(W(17), W(13), 1);
  a_.cmp(W(17), W(14));
  a_.b(Cond::kHs, slow);
  a_.ldr(W(16), Mem(X(15), 24));
  a_.cbnz(W(16), slow);
  a_.str(W(17), Mem(X(9), Offsets::kTableLengthHint));
  a_.mov(W(13), W(17));
  a_.ret(lr);
  a_.Bind(slow);
  a_.mov(kResume, lr);
  a_.mov(X(0), X(9));
  CallCpp(AddressOf(&LengthOf));
  a_.mov(X(13), X(0));
  a_.ret(kResume);
}

// Table::NextAt.
void StubEmitter::EmitNext() {
  Label resume, in_array, in_nodes, nodes, node, found, other;
  at_.next = Here();
  a_.ldr(X(10), Mem(X(9), Offsets::kTableArray));
  a_.ldr(W(16), Mem(X(9), Offsets::kTableArraySize));
  a_.cbnz(X(13), resume);
  a_.cbnz(W(12), other);
  a_.Bind(in_array);
  a_.cmp(X(13), X(16));
  a_.b(Cond::kHs, nodes);
  a_.add(X(8), X(10), Lsl(X(13), 4));
  a_.add(X(13), X(13), 1);
  a_.ldp(X(14), X(15), Mem(X(8)));
  a_.cbz(W(15), in_array);
  a_.mov(X(11), X(13));
  a_.Mov(X(12), static_cast<uint64_t>(Tag::kInteger));
  a_.cmp(X(8), X(8));
  a_.ret(lr);
  a_.Bind(resume);
  a_.cmp(X(13), X(16));
  a_.b(Cond::kHi, in_nodes);
  a_.cmp(W(12), static_cast<uint32_t>(Tag::kInteger));
  a_.b(Cond::kNe, other);
  a_.cmp(X(11), X(13));
  a_.b(Cond::kEq, in_array);
  a_.Bind(other);
  a_.Mov(X(8), 1);
  a_.cmp(X(8), xzr);
  a_.ret(lr);
  a_.Bind(in_nodes);
  a_.cbz(W(12), other);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableNodes));
  a_.ldr(W(8), Mem(X(9), Offsets::kTableNodeMask));
  a_.sub(X(17), X(13), X(16));
  a_.sub(X(17), X(17), 1);
  a_.cmp(X(17), X(8));
  a_.b(Cond::kHi, other);
  a_.add(X(10), X(10), Lsl(X(17), 5));
  a_.ldp(X(14), X(15), Mem(X(10), Offsets::kNodeKey));
  a_.cmp(X(14), X(11));
  a_.b(Cond::kNe, other);
  a_.cmp(W(15), W(12));
  a_.b(Cond::kNe, other);
  a_.Bind(nodes);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableNodes));
  a_.ldr(W(8), Mem(X(9), Offsets::kTableNodeMask));
  a_.sub(X(17), X(13), X(16));
  a_.add(X(10), X(10), Lsl(X(17), 5));
  a_.Bind(node);
  a_.mov(X(11), xzr);
  a_.mov(X(12), xzr);
  a_.cmp(X(17), X(8));
  a_.b(Cond::kHi, found);  // the end
  a_.ldp(X(14), X(15), Mem(X(10), Offsets::kNodeValue));
  a_.add(X(13), X(13), 1);
  a_.add(X(17), X(17), 1);
  a_.add(X(10), X(10), sizeof(Node));
  a_.cbz(W(15), node);
  a_.ldur(X(11), Mem(X(10), Offsets::kNodeKey - static_cast<int>(sizeof(Node))));
  a_.ldur(W(12), Mem(X(10), Offsets::kNodeKey + 8 - static_cast<int>(sizeof(Node))));
  a_.Bind(found);
  a_.cmp(X(8), X(8));
  a_.ret(lr);
}

}  // namespace perilune::vm::jit
