// Templates: how functions are left otherwise than by a plain return (templates_call.cc), and what has to do with their frames: variable arguments, tail
// calls, closing.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

// Returns and tail calls of more values than this are for stubs.
constexpr uint32_t kMaxInlineValues = 4;

}  // namespace

// Closes the upvalues that are open at or above R[first]. While there are variables to be closed, in this frame or another, the op goes the long way.
// Clobbers x9-x14.
void BaselineCompiler::CloseFrom(uint32_t pc, uint32_t first) {
  Label none;
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  a_.ldr(X(10), Mem(kVm, Offsets::kCoroutine));
  a_.ldr(W(12), Mem(X(10), Offsets::kPendingSize));
  a_.ldr(X(11), Mem(X(10), Offsets::kOpenUpvalues));
  a_.Cbnz(W(12), c.entry);
  a_.cbz(X(11), none);
  a_.add(X(9), kBase, first * 16);
  a_.BlTo(stubs_->close_upvalues);
  a_.Bind(none);
  a_.Bind(c.join);
}

void BaselineCompiler::Close(uint32_t pc) {
  const auto o = lang::CloseOperands::Decode(&proto_->code[pc]);
  CloseFrom(pc, o.first);
}

void BaselineCompiler::Return(uint32_t pc) {
  const auto o = lang::ReturnOperands::Decode(&proto_->code[pc]);
  const bool vararg = (o.flags & lang::kVarargFlag) != 0;
  const uint32_t count = o.count - 1u;
  if (o.flags & lang::kCloseFlag) CloseFrom(pc, 0);
  if (o.count != 0 && !vararg && count <= kMaxInlineValues) return ReturnValues(o.first, count);
  if (o.count != 0 && count <= 1) {
    a_.ldur(X(9), Mem(kBase, -48));  // the number of extra arguments
    a_.ldp(lr, kPosition, Mem(kBase, -16));
    if (count == 1) LoadPair(X(11), X(12), o.first);
    a_.add(X(9), X(9), proto_->num_params + 3u);
    a_.sub(kPosition, kPosition, Lsl(X(9), 32));
    a_.sub(kBase, kBase, Lsl(X(9), 4));
    if (count == 1) a_.stp(X(11), X(12), Mem(kBase, -32));
    a_.Mov(kWord.w(), count);
    a_.ret(lr);
    return;
  }
  a_.add(X(14), kBase, uint32_t{o.first} * 16);
  if (o.count == 0) {
    a_.ldr(kWord, Mem(kVm, Offsets::kTop));
    a_.sub(kWord, kWord, X(14));
    a_.lsr(kWord, kWord, 4);
  } else {
    a_.Mov(kWord.w(), count);
  }
  ReturnFrom(vararg);
}

// Returns the w25 values at x14.
void BaselineCompiler::ReturnFrom(bool vararg) {
  if (vararg) a_.Mov(W(9), proto_->num_params + 3u);
  a_.BTo(vararg ? stubs_->return_vararg : stubs_->return_values);
}

void BaselineCompiler::TailCall(uint32_t pc) {
  const auto o = lang::TailCallOperands::Decode(&proto_->code[pc]);
  const bool vararg = (o.flags & lang::kVarargFlag) != 0;
  const uint32_t first = o.func + static_cast<uint32_t>(kFrameHeader);
  if (o.flags & lang::kCloseFlag) CloseFrom(pc, 0);
  Cold& c = AddCold(&BaselineCompiler::ColdTailCall);
  c.pc = pc;
  LoadPair(X(9), X(8), o.func);
  a_.cmp(W(8), static_cast<uint32_t>(Tag::kLuaFunction));
  a_.B(Cond::kNe, c.entry);
  // The link, for the callee's frame.
  a_.ldp(lr, X(13), Mem(kBase, -16));
  const X frame = vararg ? X(15) : kBase;  // the callee's base
  if (vararg) {
    a_.ldur(X(10), Mem(kBase, -48));
    a_.add(X(10), X(10), proto_->num_params + 3u);
    a_.sub(X(13), X(13), Lsl(X(10), 32));
    a_.sub(frame, kBase, Lsl(X(10), 4));
  }
  a_.orr(X(13), X(13), FrameLink::kTail);
  a_.stp(X(9), X(8), Mem(frame, -32));
  a_.stp(lr, X(13), Mem(frame, -16));
  a_.ldp(kK, X(12), Mem(X(9), Offsets::kFunctionK));
  if (o.args != 0 && o.args - 1u <= kMaxInlineValues) {
    for (uint32_t i = 0; i + 1u < o.args; ++i) {
      LoadPair(X(10), X(11), first + i);
      a_.stp(X(10), X(11), Mem(frame, int64_t{i} * 16));
    }
    a_.Mov(kWord.w(), o.args - 1u);
  } else {
    a_.add(X(14), kBase, first * 16);
    if (o.args == 0) {
      a_.ldr(kWord, Mem(kVm, Offsets::kTop));
      a_.sub(kWord, kWord, X(14));
      a_.lsr(kWord, kWord, 4);
    } else {
      a_.Mov(kWord.w(), o.args - 1u);
    }
    a_.mov(X(9), frame);
    a_.BlTo(stubs_->move_values);
  }
  if (vararg) a_.mov(kBase, frame);
  a_.ldr(X(12), Mem(X(12), Offsets::kSlotsTarget));
  a_.ldr(X(12), Mem(X(12), Offsets::kTargetEntry));
  a_.br(X(12));
}

// The callee (x9, w8) is no Lua function. Native ones are called from this frame, which their error messages tell of, and their results returned.
void BaselineCompiler::ColdTailCall(Cold& c) {
  const auto o = lang::TailCallOperands::Decode(&proto_->code[c.pc]);
  const uint32_t new_base = o.func + static_cast<uint32_t>(kFrameHeader);
  a_.cmp(W(8), static_cast<uint32_t>(Tag::kNativeFunction));
  a_.B(Cond::kNe, c.slow);
  LoadPosition(c.pc, new_base);
  a_.mov(X(11), xzr);
  if (o.args == 0) a_.ldr(kWord, Mem(kVm, Offsets::kTop));
  a_.add(kBase, kBase, new_base * 16);
  if (o.args == 0) {
    a_.sub(kWord, kWord, kBase);
    a_.lsr(kWord, kWord, 4);
  } else {
    a_.Mov(kWord.w(), o.args - 1u);
  }
  a_.BlTo(stubs_->call);
  a_.sub(X(14), kBase, 32);
  a_.sub(kBase, kBase, new_base * 16);
  ReturnFrom((o.flags & lang::kVarargFlag) != 0);
  a_.Bind(c.slow);
  SemanticCall(c.pc);
}

void BaselineCompiler::Vararg(uint32_t pc) {
  const auto o = lang::VarargOperands::Decode(&proto_->code[pc]);
  a_.add(X(15), kBase, uint32_t{o.first} * 16);
  if (o.count == 0) {
    a_.Mov(kPcIndex, pc);
    a_.BlTo(stubs_->varargs);
    a_.mov(kBase, X(0));  // it may have grown the stack
  } else {
    a_.Mov(W(9), o.count - 1u);
    a_.BlTo(stubs_->some_varargs);
  }
}

}  // namespace perilune::vm::jit
