// Stubs for frames: calls, entries, varargs, returns, upvalues.

#include <cstdint>

#include "jit/allocation.h"
#include "jit/call_linking.h"
#include "jit/register_plan.h"
#include "jit/stub_emitter.h"
#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/heap.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"
#include "runtime/semantics.h"

namespace perilune::vm::jit {

void StubEmitter::EmitCall() {
  Label not_native, link, enter, ordinary, declined;
  at_.call = Here();
  a_.Bind(call_);
  a_.ldp(X(9), X(8), Mem(kBase, -32));  // the callee
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
  a_.ldp(kK, X(12), Mem(X(9), Offsets::kFunctionK));
  a_.ldr(X(15), Mem(X(12), Offsets::kSlotsTarget));
  a_.cbz(X(11), enter);
  // As CallAndLink: a site that is linked to another function stays so; who cannot be linked is called all the same.
  a_.ldr(X(13), Mem(X(11)));
  a_.ldr(X(13), Mem(X(13), Offsets::kTargetSlots));
  a_.cmp(X(13), X(12));
  a_.b(Cond::kEq, link);
  a_.cbnz(X(13), enter);
  a_.ldr(X(13), Mem(X(15), Offsets::kTargetExact));
  a_.cbz(X(13), enter);
  a_.sub(X(13), kK, static_cast<uint32_t>(-Offsets::kNumParamsFromK));
  a_.ldrb(W(13), Mem(X(13), 0));
  a_.cmp(W(13), kWord.w());
  a_.b(Cond::kNe, enter);
  a_.ubfx(X(13), kLink, 32, 24);
  a_.sub(X(13), kBase, Lsl(X(13), 4));
  a_.ldur(X(13), Mem(X(13), -32));  // the caller
  a_.ldr(X(13), Mem(X(13), Offsets::kFunctionSlots));
  a_.ldr(X(13), Mem(X(13), Offsets::kSlotsModule));
  a_.ldr(X(14), Mem(X(12), Offsets::kSlotsModule));
  a_.cmp(X(13), X(14));
  a_.b(Cond::kEq, link);
  a_.Bind(enter);
  a_.ldr(X(15), Mem(X(15), Offsets::kTargetEntry));
  a_.br(X(15));
  a_.Bind(link);
  a_.mov(X(0), kVm);
  a_.mov(X(1), kBase);
  a_.mov(X(2), kWord);
  a_.mov(X(3), X(11));
  CallCpp(AddressOf(&CallAndLink));
  a_.b(follow_);
}

void StubEmitter::EmitCallFast() {
  at_.call_op = Here();
  a_.ldur(X(12), Mem(kK, Offsets::kCodeFromK));
  a_.add(X(12), X(12), Uxtw(W(9), 2));
  a_.ldr(W(12), Mem(X(12)));
  static_assert(lang::Info(lang::Op::kCall).kind(lang::Column::kB) == lang::OperandKind::kCountOrTop);
  a_.ubfx(kWord.w(), W(12), 16, 8);
  a_.sub(kWord.w(), kWord.w(), 1);
  a_.ubfx(X(11), X(12), 8, 8);
  a_.add(X(11), X(11), static_cast<uint32_t>(kFrameHeader));
  a_.add(kBase, kBase, Lsl(X(11), 4));
  a_.orr(kLink, X(9), Lsl(X(11), 32));  // FrameLink::Position
  a_.mov(X(11), xzr);
  a_.b(call_);

  Label no;
  at_.call_fast = Here();
  a_.ldp(X(9), X(10), Mem(X(1), -32));
  a_.ldr(W(11), Mem(kVm, Offsets::kPoll));
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kNativeFunction));
  a_.ccmp(W(11), 0, 0, Cond::kEq);
  a_.b(Cond::kNe, no);
  a_.ldr(X(9), Mem(X(9), Offsets::kNativeFast));
  a_.cbz(X(9), no);
  a_.mov(kResume, lr);
  a_.mov(X(0), kVm);
  a_.blr(X(9));
  a_.ret(kResume);
  a_.Bind(no);
  a_.Mov(W(0), static_cast<uint32_t>(kDeclined));
  a_.ret(lr);
}

// As EmitAllocate, of a size that depends on w13.
void StubEmitter::EmitNewClosure() {
  Label slow;
  at_.new_closure = Here();
  a_.cbz(X(12), slow);
  static_assert(Heap::CellSizeFor(sizeof(LuaFunction)) == 32 && Heap::CellSizeFor(sizeof(LuaFunction) + 2 * sizeof(Upvalue*)) == 48);
  a_.add(W(10), W(13), 4);
  a_.lsr(W(10), W(10), 1);  // of 16 bytes
  a_.Add(X(11), kVm, Offsets::Area(16) - 16, X(11));
  a_.add(X(11), X(11), Uxtw(W(10), 4));
  a_.ldp(kWord, X(17), Mem(X(11)));
  a_.cmp(kWord, X(17));
  a_.b(Cond::kEq, slow);
  a_.add(X(17), kWord, Uxtw(W(10), 4));
  a_.str(X(17), Mem(X(11)));
  a_.ldr(X(14), Mem(kVm, Offsets::kHeader));
  a_.add(X(14), X(14), static_cast<uint32_t>(ObjectType::kLuaFunction));
  a_.orr(X(14), X(14), Lsl(X(13), 32));
  a_.str(X(14), Mem(kWord));
  a_.ldr(X(13), Mem(X(12), Offsets::kInstanceSlots));
  a_.add(X(12), X(12), static_cast<uint32_t>(ProtoInstance::kConstantsOffset));
  a_.stp(X(12), X(13), Mem(kWord, Offsets::kFunctionK));
  a_.ret(lr);
  a_.Bind(slow);
  a_.mov(kWord, xzr);
  a_.ret(lr);
}

void StubEmitter::EmitEntries() {
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
void StubEmitter::EmitAdjustVarargs() {
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

// Stores nils into slots w25..w9 from `origin`.
void StubEmitter::EmitFill(int origin) {
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

void StubEmitter::EmitFills() {
  at_.fill_results = Here();
  EmitFill(-32);
  at_.fill_params = Here();
  EmitFill(0);
}

// Copies w11 values from x14 to x15; clobbers x12, x13.
void StubEmitter::EmitCopy() {
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
void StubEmitter::LocateVarargs() {
  a_.ldur(X(10), Mem(kBase, -48));
  a_.sub(X(14), kBase, Lsl(X(10), 4));
  a_.sub(X(14), X(14), 48);
}

void StubEmitter::EmitVarargs() {
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

void StubEmitter::EmitReturns() {
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

void StubEmitter::EmitUpvalues() {
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

}  // namespace perilune::vm::jit
