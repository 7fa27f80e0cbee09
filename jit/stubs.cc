#include "jit/stubs.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "jit/allocation.h"
#include "jit/register_plan.h"
#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/module.h"
#include "runtime/return_handlers.h"
#include "runtime/runtime_offsets.h"
#include "runtime/semantics.h"
#include "runtime/table.h"
#include "jit/call_linking.h"

namespace perilune::vm::jit {
namespace {

// Of a function, or of what is the same in all isolates.
template <typename F>
uint64_t AddressOf(F* function) {
  return reinterpret_cast<uint64_t>(function);
}

// So small that it is not refused.
Table* NewArray(Isolate* vm, uint32_t size) { return vm->TryNewTable(size, 0); }

int64_t LengthOf(Table* table) { return table->Length(); }

// Nodes of boilerplates that new_like copies; their storage has a fine size class.
constexpr uint32_t kMaxInlineNodes = 8;

[[noreturn]] void ReportWrongFact(Value* k, uint32_t pc) {
  const lang::Proto& proto = *ProtoInstance::FromConstants(k)->proto;
  const std::string_view op = lang::OpName(lang::OpOf(proto.code[pc]));
  std::fprintf(stderr, "perilune: machine code is wrong about its frame at line %u, instruction %u (%.*s)\n", static_cast<unsigned>(proto.lines[pc]), pc,
               static_cast<int>(op.size()), op.data());
  std::abort();
}

class StubEmitter {
 public:
  StubEmitter(Assembler& a, uint32_t jumps) : a_(a), jumps_(jumps) {}

  StubAddresses Emit() {
    EmitTransfer();
    EmitReturnToNativeOp();
    EmitSemantics();
    EmitCall();
    EmitEntries();
    EmitPoll();
    EmitFills();
    EmitNext();
    EmitToDoubles();
    EmitEqualValues();
    EmitWrongFact();
    EmitFields();
    EmitNewLike();
    EmitVarargs();
    EmitReturns();
    EmitUpvalues();
    EmitNewTables();
    EmitTableLength();
    EmitAdopt();
    EmitJumps();
    return at_;
  }

 private:
  uintptr_t Here() {
    a_.Align(16);
    return a_.offset();
  }
  void CallCpp(uint64_t function) {
    a_.Mov(X(16), function);
    a_.blr(X(16));
  }
  // x2 = address of the instruction w9.
  void LoadPc() {
    a_.ldur(X(2), Mem(kK, Offsets::kCodeFromK));
    a_.add(X(2), X(2), Uxtw(W(9), 2));
  }

  // Follows the Transfer in x0, x1. If it calls a metamethod for an op of machine code, whose stub was called from x26, the metamethod returns
  // to return_to_native_op_ and that one to x26.
  void EmitTransfer() {
    Here();
    a_.Bind(unwind_);
    a_.mov(X(0), kVm);
    CallCpp(AddressOf(&Unwind));
    a_.Bind(follow_);
    a_.mov(kBase, X(1));
    a_.ldr(kPosition, Mem(kVm, Offsets::kNextPc));
    a_.ldr(kK, Mem(kVm, Offsets::kNextK));
    a_.ldr(kDispatch, Mem(kVm, Offsets::kDispatch));
    a_.ldr(kWord, Mem(kVm, Offsets::kNextWord));
    a_.br(X(0));
    Here();
    a_.Bind(transfer_);
    a_.ldr(X(8), Mem(kVm, Offsets::kOpFrame));
    a_.cmp(X(8), X(1));
    a_.b(Cond::kNe, follow_);
    a_.stur(kResume, Mem(X(1), -48));  // f[-1] of CallMetamethod
    a_.adr(X(9), return_to_native_op_);
    a_.stur(X(9), Mem(X(1), -16));
    a_.b(follow_);
  }

  // A metamethod returned: x21 its base, x22 position word, w25 results. Completes the op and goes on where its stub was called.
  void EmitReturnToNativeOp() {
    Here();
    a_.Bind(return_to_native_op_);
    a_.ldur(kResume, Mem(kBase, -48));
    a_.sub(X(10), kBase, 32);
    a_.ubfx(X(8), kPosition, 32, 24);
    a_.sub(kBase, kBase, Lsl(X(8), 4));
    a_.ldur(X(8), Mem(kBase, -32));
    a_.ldr(kK, Mem(X(8), Offsets::kFunctionK));
    a_.mov(W(9), kPosition.w());
    LoadPc();
    a_.str(kBase, Mem(kVm, Offsets::kBase));
    a_.str(X(2), Mem(kVm, Offsets::kPc));
    a_.str(xzr, Mem(kVm, Offsets::kOpFrame));
    a_.mov(X(0), kVm);
    a_.mov(X(1), X(10));
    a_.mov(X(2), kWord);
    CallCpp(AddressOf(&FinishOp));
    a_.cbnz(X(0), transfer_);
    a_.mov(X(0), X(1));
    a_.ret(kResume);
  }

  void EmitSemantics() {
    for (size_t op = 0; op < lang::kOpCount; ++op) {
      at_.semantic[op] = Here();
      a_.Mov(X(16), AddressOf(kSlowPaths[op]));
      a_.b(semantics_);
    }
    Here();
    a_.Bind(semantics_);  // x16: the function
    a_.mov(kResume, lr);
    a_.str(xzr, Mem(kVm, Offsets::kOpFrame));
    LoadPc();
    a_.mov(X(0), kVm);
    a_.mov(X(1), kBase);
    a_.mov(X(3), kK);
    a_.blr(X(16));
    a_.cbnz(X(0), transfer_);
    a_.mov(X(0), X(1));
    a_.ret(kResume);
  }

  void EmitCall() {
    Label not_native, link, ordinary, declined;
    at_.call = Here();
    a_.stp(lr, kLink, Mem(kBase, -16));
    a_.cmp(W(8), static_cast<uint32_t>(Tag::kNativeFunction));
    a_.b(Cond::kNe, not_native);
    a_.ldr(W(14), Mem(kVm, Offsets::kPoll));
    a_.ldp(X(16), X(15), Mem(X(9), Offsets::kNativeEntry));
    a_.cbnz(W(14), ordinary);
    a_.cbz(X(15), ordinary);
    a_.mov(kResume, lr);
    a_.mov(X(0), kVm);
    a_.mov(X(1), kBase);
    a_.mov(X(2), kWord);
    a_.blr(X(15));
    a_.tbnz(W(0), 31, declined);
    a_.mov(kWord.w(), W(0));
    a_.ret(kResume);
    a_.Bind(declined);
    a_.ldur(X(9), Mem(kBase, -32));
    a_.ldr(X(16), Mem(X(9), Offsets::kNativeEntry));
    a_.Bind(ordinary);
    a_.br(X(16));
    a_.Bind(not_native);
    a_.cmp(W(8), static_cast<uint32_t>(Tag::kLuaFunction));
    a_.b(Cond::kNe, link);
    a_.cbnz(X(11), link);
    a_.ldp(kK, X(12), Mem(X(9), Offsets::kFunctionK));
    a_.ldr(X(12), Mem(X(12), Offsets::kSlotsTarget));
    a_.ldr(X(12), Mem(X(12), Offsets::kTargetEntry));
    a_.br(X(12));
    a_.Bind(link);
    a_.mov(X(0), kVm);
    a_.mov(X(1), kBase);
    a_.mov(X(2), kWord);
    a_.mov(X(3), X(11));
    CallCpp(AddressOf(&CallAndLink));
    a_.b(follow_);
  }

  void EmitEntries() {
    at_.enter_slow = Here();
    a_.mov(kResume, lr);
    a_.mov(X(0), kVm);
    a_.mov(X(1), kBase);
    a_.mov(X(2), kWord);
    CallCpp(AddressOf(&EnterSlowFromMachineCode));
    a_.cbnz(X(0), follow_);
    a_.mov(kBase, X(1));
    a_.ret(kResume);

    EmitAdjustVarargs();
  }

  // See frame_layout.h for what goes where.
  void EmitAdjustVarargs() {
    Label slow, params, missing, next, done;
    at_.adjust_varargs = Here();
    a_.subs(W(10), kWord.w(), W(9));
    a_.csel(W(10), W(10), wzr, Cond::kHs);  // extra arguments
    a_.add(W(11), kWord.w(), W(9));
    a_.add(X(11), kBase, Lsl(X(11), 4));
    a_.add(X(11), X(11), 3 * 16);
    a_.ldr(X(12), Mem(kVm, Offsets::kStackLimit));
    a_.cmp(X(11), X(12));
    a_.b(Cond::kHi, slow);
    a_.add(W(11), W(10), W(9));
    a_.add(W(11), W(11), 3);  // lift
    a_.add(X(12), kBase, Lsl(X(11), 4));
    a_.ldp(X(13), X(14), Mem(kBase, -16));
    a_.add(X(14), X(14), Lsl(X(11), 32));
    a_.stp(X(13), X(14), Mem(X(12), -16));
    a_.ldp(X(13), X(14), Mem(kBase, -32));
    a_.stp(X(13), X(14), Mem(X(12), -32));
    a_.Mov(X(14), static_cast<uint64_t>(Tag::kInteger));
    a_.stp(X(10), X(14), Mem(X(12), -48));
    a_.stp(xzr, xzr, Mem(kBase, -16));
    a_.cbz(W(9), done);
    a_.mov(X(15), X(12));
    a_.Bind(params);
    a_.cbz(kWord.w(), missing);
    a_.sub(kWord.w(), kWord.w(), 1);
    a_.ldp(X(13), X(14), Mem(kBase));
    a_.stp(X(13), X(14), PostIndex(X(15), 16));
    a_.b(next);
    a_.Bind(missing);
    a_.stp(xzr, xzr, PostIndex(X(15), 16));
    a_.Bind(next);
    a_.stp(xzr, xzr, PostIndex(kBase, 16));
    a_.subs(W(9), W(9), 1);
    a_.b(Cond::kNe, params);
    a_.Bind(done);
    a_.mov(kBase, X(12));
    a_.ret(lr);
    a_.Bind(slow);
    a_.mov(kResume, lr);
    a_.mov(X(0), kVm);
    a_.mov(X(1), kBase);
    a_.mov(X(2), kWord);
    CallCpp(AddressOf(&AdjustVarargs));
    a_.cbz(X(0), unwind_);
    a_.mov(kBase, X(0));
    a_.ret(kResume);
  }

  // Copies w11 values from x14 to x15; clobbers x12, x13.
  void EmitCopy() {
    Label loop, done;
    a_.cbz(W(11), done);
    a_.Bind(loop);
    a_.ldp(X(12), X(13), PostIndex(X(14), 16));
    a_.stp(X(12), X(13), PostIndex(X(15), 16));
    a_.subs(W(11), W(11), 1);
    a_.b(Cond::kNe, loop);
    a_.Bind(done);
  }
  // x14 = the extra arguments, whose number is w10.
  void LocateVarargs() {
    a_.ldur(X(10), Mem(kBase, -48));
    a_.sub(X(14), kBase, Lsl(X(10), 4));
    a_.sub(X(14), X(14), 48);
  }
  void EmitVarargs() {
    Label slow, fill, filled;
    at_.varargs = Here();
    LocateVarargs();
    a_.ldr(X(11), Mem(kVm, Offsets::kStackLimit));
    a_.add(X(12), X(15), Lsl(X(10), 4));
    a_.add(X(13), X(12), 16);
    a_.cmp(X(13), X(11));
    a_.b(Cond::kHi, slow);
    a_.str(X(12), Mem(kVm, Offsets::kTop));
    a_.mov(W(11), W(10));
    EmitCopy();
    a_.mov(X(0), kBase);
    a_.ret(lr);
    a_.Bind(slow);
    a_.Mov(X(16), AddressOf(&SemanticVararg));
    a_.b(semantics_);

    at_.some_varargs = Here();
    LocateVarargs();
    a_.cmp(W(9), W(10));
    a_.csel(W(11), W(9), W(10), Cond::kLo);
    a_.subs(W(9), W(9), W(11));
    EmitCopy();
    a_.Bind(fill);
    a_.cbz(W(9), filled);
    a_.stp(xzr, xzr, PostIndex(X(15), 16));
    a_.sub(W(9), W(9), 1);
    a_.b(fill);
    a_.Bind(filled);
    a_.ret(lr);
  }

  void EmitReturns() {
    Label copy;
    at_.return_vararg = Here();
    a_.ldur(X(10), Mem(kBase, -48));
    a_.add(X(9), X(9), X(10));
    a_.ldp(lr, kPosition, Mem(kBase, -16));
    a_.sub(kPosition, kPosition, Lsl(X(9), 32));
    a_.sub(kBase, kBase, Lsl(X(9), 4));
    a_.b(copy);
    at_.return_values = Here();
    a_.ldp(lr, kPosition, Mem(kBase, -16));
    a_.Bind(copy);
    a_.sub(X(15), kBase, 32);
    a_.mov(W(11), kWord.w());
    EmitCopy();
    a_.ret(lr);

    Label loop, done;
    at_.move_values = Here();
    a_.mov(W(16), kWord.w());
    a_.Bind(loop);
    a_.cbz(W(16), done);
    a_.ldp(X(10), X(11), PostIndex(X(14), 16));
    a_.stp(X(10), X(11), PostIndex(X(9), 16));
    a_.sub(W(16), W(16), 1);
    a_.b(loop);
    a_.Bind(done);
    a_.ret(lr);
  }

  void EmitUpvalues() {
    Label loop, insert, found, slow;
    at_.open_upvalue = Here();
    a_.ldr(X(14), Mem(kVm, Offsets::kCoroutine));
    a_.add(X(14), X(14), static_cast<uint32_t>(Offsets::kOpenUpvalues));  // the link to the upvalue x12
    a_.Bind(loop);
    a_.ldr(X(12), Mem(X(14)));
    a_.cbz(X(12), insert);
    a_.ldr(X(15), Mem(X(12), Offsets::kUpvalueLocation));
    a_.cmp(X(15), X(11));
    a_.b(Cond::kEq, found);
    a_.b(Cond::kLo, insert);
    a_.add(X(14), X(12), static_cast<uint32_t>(Offsets::kUpvalueNext));
    a_.b(loop);
    a_.Bind(insert);
    EmitAllocate(a_, X(13), X(15), sizeof(Upvalue), ObjectType::kUpvalue, 0, slow);
    a_.str(X(11), Mem(X(13), Offsets::kUpvalueLocation));
    a_.str(X(12), Mem(X(13), Offsets::kUpvalueNext));
    a_.str(X(13), Mem(X(14)));
    a_.mov(X(12), X(13));
    a_.Bind(found);
    a_.ret(lr);
    a_.Bind(slow);
    a_.mov(kResume, lr);
    a_.mov(X(0), kVm);
    a_.mov(X(1), X(11));
    CallCpp(AddressOf(&FindUpvalue));
    a_.mov(X(12), X(0));
    a_.ret(kResume);

    Label close, closed;
    at_.close_upvalues = Here();
    a_.Bind(close);
    a_.ldr(X(12), Mem(X(11), Offsets::kUpvalueLocation));
    a_.cmp(X(12), X(9));
    a_.b(Cond::kLo, closed);
    a_.ldp(X(13), X(14), Mem(X(12)));
    a_.add(X(12), X(11), static_cast<uint32_t>(Offsets::kUpvalueClosed));
    a_.stp(X(13), X(14), Mem(X(12)));
    a_.str(X(12), Mem(X(11), Offsets::kUpvalueLocation));
    a_.ldr(X(11), Mem(X(11), Offsets::kUpvalueNext));
    a_.cbnz(X(11), close);
    a_.Bind(closed);
    a_.str(X(11), Mem(X(10), Offsets::kOpenUpvalues));
    a_.ret(lr);
  }

  void EmitNewTables() {
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

  // As Table::Length: the hint, or one above it, in the array part; else that function itself.
  void EmitTableLength() {
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

  void EmitPoll() {
    at_.poll = Here();
    a_.mov(kResume, lr);
    LoadPc();
    a_.str(kBase, Mem(kVm, Offsets::kBase));
    a_.str(X(2), Mem(kVm, Offsets::kPc));
    a_.mov(X(0), kVm);
    CallCpp(AddressOf(&PollFromMachineCode));
    a_.cbnz(X(0), follow_);
    a_.mov(kBase, X(1));
    a_.ret(kResume);
  }

  // Stores nils into slots w25..w9 from `origin`.
  void EmitFill(int origin) {
    Label loop, done;
    a_.Bind(loop);
    a_.cmp(kWord.w(), W(9));
    a_.b(Cond::kHs, done);
    a_.add(X(10), kBase, Uxtw(kWord.w(), 4));
    a_.stp(xzr, xzr, Mem(X(10), origin));
    a_.add(kWord.w(), kWord.w(), 1);
    a_.b(loop);
    a_.Bind(done);
    a_.ret(lr);
  }
  void EmitFills() {
    at_.fill_results = Here();
    EmitFill(-32);
    at_.fill_params = Here();
    EmitFill(0);
  }

  // Table::NextAt.
  void EmitNext() {
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

  // x9 table, x13 short string: x11 = its node, or goes to `miss`. Clobbers x14, x15.
  void FindKey(Label& miss) {
    Label loop, found;
    a_.ldr(X(11), Mem(X(9), Offsets::kTableNodes));
    a_.ldr(W(14), Mem(X(9), Offsets::kTableNodeMask));
    a_.ldr(W(15), Mem(X(13), Offsets::kStringHash));
    a_.and_(W(14), W(14), W(15));
    a_.add(X(11), X(11), Lsl(X(14), 5));
    a_.Bind(loop);
    a_.ldp(X(14), X(15), Mem(X(11), Offsets::kNodeKey));
    a_.cmp(X(14), X(13));
    a_.ccmp(W(15), static_cast<uint32_t>(Tag::kString), 0, Cond::kEq);
    a_.b(Cond::kEq, found);
    a_.ldrsw(X(15), Mem(X(11), Offsets::kNodeNext));
    a_.add(X(11), X(11), Lsl(X(15), 5));
    a_.cbnz(X(15), loop);
    a_.b(miss);
    a_.Bind(found);
  }
  // x16 shape or OwnNil of it, x17 metatable, x13 key: x11 = address of the value, or goes to `miss`. Clobbers x8, x14, x15.
  void FindInChainCache(Label& miss) {
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
  void AnswerChain(Label& miss) {
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

  void EmitGet(bool method) {
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

  // x16 = new storage of 16 * w`units` bytes and a header of 16, whose size class is w`units`; or goes to `slow`. Clobbers x10, x17.
  void AllocateStorage(uint32_t units, Label& slow) {
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
  void EmitNewLike() {
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

  void EmitFields() {
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

  void EmitWrongFact() {
    at_.wrong_fact = Here();
    a_.mov(X(0), kK);
    a_.mov(W(1), kPcIndex);
    CallCpp(AddressOf(&ReportWrongFact));
  }

  void EmitEqualValues() {
    Label other_tag, same_bits, equal, different, no_string, unknown;
    at_.equal_values = Here();
    const auto tag = [&](Tag t) { a_.cmp(W(10), static_cast<uint32_t>(t)); };
    a_.cmp(W(10), W(12));
    a_.b(Cond::kNe, other_tag);
    a_.cmp(X(9), X(11));
    a_.b(Cond::kEq, same_bits);
    tag(Tag::kTrue);
    a_.b(Cond::kLs, equal);  // nil, booleans
    tag(Tag::kFloat);
    a_.b(Cond::kEq, unknown);
    tag(Tag::kString);
    a_.b(Cond::kNe, no_string);
    a_.ldrb(W(8), Mem(X(9), Offsets::kObjectFlags));
    static_assert(String::kLong == 1);
    a_.tbnz(W(8), 0, unknown);
    a_.b(different);  // a short string equals itself only
    a_.Bind(no_string);
    tag(Tag::kUserdata);
    a_.b(Cond::kEq, unknown);
    tag(Tag::kTable);
    a_.b(Cond::kNe, different);
    a_.ldr(X(8), Mem(X(9), Offsets::kTableMetatable));
    a_.cbnz(X(8), unknown);
    a_.ldr(X(8), Mem(X(11), Offsets::kTableMetatable));
    a_.cbnz(X(8), unknown);
    a_.Bind(different);
    a_.mov(W(8), wzr);
    a_.ret(lr);
    a_.Bind(other_tag);  // numbers of both kinds may be equal
    a_.sub(W(8), W(10), static_cast<uint32_t>(Tag::kInteger));
    a_.cmp(W(8), 1);
    a_.b(Cond::kHi, different);
    a_.sub(W(8), W(12), static_cast<uint32_t>(Tag::kInteger));
    a_.cmp(W(8), 1);
    a_.b(Cond::kHi, different);
    a_.Bind(unknown);
    a_.Mov(W(8), 2);
    a_.ret(lr);
    static_assert(static_cast<int>(Tag::kFloat) == static_cast<int>(Tag::kInteger) + 1);
    a_.Bind(same_bits);
    tag(Tag::kFloat);
    a_.b(Cond::kEq, unknown);  // it may be NaN
    a_.Bind(equal);
    a_.Mov(W(8), 1);
    a_.ret(lr);
  }

  void EmitToDoubles() {
    Label no;
    at_.to_doubles = Here();
    const auto convert = [&](D d, X payload, W tag) {
      Label floats, done;
      a_.cmp(tag, static_cast<uint32_t>(Tag::kFloat));
      a_.b(Cond::kEq, floats);
      a_.cmp(tag, static_cast<uint32_t>(Tag::kInteger));
      a_.b(Cond::kNe, no);
      a_.scvtf(d, payload);
      a_.b(done);
      a_.Bind(floats);
      a_.fmov(d, payload);
      a_.Bind(done);
    };
    convert(D(0), X(9), W(10));
    convert(D(1), X(11), W(12));
    a_.ret(lr);  // w10 is a number's tag
    a_.Bind(no);
    a_.mov(W(10), wzr);
    a_.ret(lr);
  }

  void Adopt(const void* (*adopt)(Isolate*, Value*)) {
    a_.mov(X(0), kVm);
    a_.mov(X(1), kK);
    CallCpp(AddressOf(adopt));
  }
  void EmitAdopt() {
    Label entry, not_exact;
    at_.adopt_entry = Here();
    a_.Bind(entry);
    Adopt(&AdoptEntry);
    a_.br(X(0));

    at_.adopt_exact = Here();
    a_.stp(lr, kLink, Mem(kBase, -16));
    Adopt(&AdoptExact);
    a_.cbz(X(0), not_exact);
    a_.ldp(lr, kLink, Mem(kBase, -16));
    a_.br(X(0));
    // The code was retired since the call site loaded its slot.
    a_.Bind(not_exact);
    a_.sub(X(11), kK, static_cast<uint32_t>(-Offsets::kNumParamsFromK));
    a_.ldrb(kWord.w(), Mem(X(11), 0));
    a_.b(entry);
  }

  void EmitJumps() {
    constexpr uint32_t kReach = 4096;  // entries that one load reaches
    at_.jumps = Here();
    for (uint32_t i = 0; i < jumps_; ++i) {
      a_.ldr(X(16), Mem(kVm, Offsets::kJumps));
      if (i >= kReach) a_.add(X(16), X(16), i / kReach * kReach * 8);
      a_.ldr(X(16), Mem(X(16), i % kReach * 8));
      a_.br(X(16));
      Here();
    }
  }

  Assembler& a_;
  const uint32_t jumps_;
  StubAddresses at_;
  Label empty_node_;
  Label unwind_, follow_, transfer_, return_to_native_op_, semantics_;
};

}  // namespace

StubAddresses StubAddresses::At(uintptr_t base) const {
  auto addresses = std::bit_cast<std::array<uintptr_t, sizeof(StubAddresses) / sizeof(uintptr_t)>>(*this);
  for (uintptr_t& s : addresses) s += base;
  return std::bit_cast<StubAddresses>(addresses);
}

StubAddresses EmitStubs(Assembler& a, uint32_t jumps) { return StubEmitter(a, jumps).Emit(); }

}  // namespace perilune::vm::jit
