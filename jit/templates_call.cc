// Templates: calls and returns.
//
// A call site loads its slot's target, and if that is for the callee at hand jumps straight to it, with the frame link in x30 and x10. Everything else
// (another callee, a native function, nothing linked yet) is the call stub's.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

// Are both words of the register in scratch registers?
bool BaselineCompiler::HasPair(uint32_t reg) {
  return residents_.FindX(Residents::PayloadWord(reg)) != Residents::kNowhere && residents_.FindX(Residents::TagWord(reg)) != Residents::kNowhere;
}

void BaselineCompiler::Call(uint32_t pc) {
  if (!LibraryCall(pc)) OrdinaryCall(pc);
}

void BaselineCompiler::OrdinaryCall(uint32_t pc) {
  const auto o = lang::CallOperands::Decode(&proto_->code[pc]);
  const uint32_t new_base = o.func + static_cast<uint32_t>(kFrameHeader);
  if (o.args == 0) {
    a_.ldr(kWord, Mem(kVm, Offsets::kTop));
    a_.add(X(9), kBase, new_base * 16);
    a_.sub(kWord, kWord, X(9));
    a_.lsr(kWord, kWord, 4);
    return StubCall(pc, o.func, o.results);
  }
  Pair callee = {X(9), X(8)};
  if (HasPair(o.func)) {
    callee = UsePair(o.func);
  } else {
    LoadPair(callee.payload, callee.tag, o.func);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdCall);
  c.pc = pc;
  c.extra = o.args - 1u;
  const CallSite& site = slots_->call_sites[o.site];
  const uint64_t position = FrameLink::Position(pc, new_base);
  LoadLiteral(X(11), reinterpret_cast<uint64_t>(&site));
  if (site.position == position) {
    a_.ldp(X(14), kLink, Mem(X(11)));
  } else {  // bytecode of others may have two calls at a site
    a_.ldr(X(14), Mem(X(11)));
    LoadLiteral(kLink, position);
  }
  a_.add(kBase, kBase, new_base * 16);
  if (facts_.known(o.func) != Known::kLuaFunction) {
    a_.cmp(callee.tag.w(), static_cast<uint32_t>(Tag::kLuaFunction));
    a_.B(Cond::kNe, c.entry);
  }
  a_.ldp(kK, X(13), Mem(callee.payload, Offsets::kFunctionK));  // the callee's k and slots
  a_.ldp(X(14), X(15), Mem(X(14), Offsets::kTargetSlots));  // whose code, entry
  a_.cmp(X(13), X(14));
  a_.B(Cond::kNe, c.entry);
  a_.blr(X(15));
  a_.Bind(c.join);
  AfterCall(o.func, o.results);
}

// kLink = the position of the call at `pc`.
void BaselineCompiler::LoadPosition(uint32_t pc, uint32_t new_base) {
  static_assert(FrameLink::Position(0, 1) == uint64_t{1} << 32);
  a_.movz(kLink, pc & 0xffff, 0);
  if (pc > 0xffff) a_.movk(kLink, pc >> 16, 16);
  a_.movk(kLink, new_base, 32);
}

void BaselineCompiler::ColdCall(Cold& c) {
  a_.Mov(kWord.w(), c.extra);
  a_.BlTo(stubs_->call);
  a_.b(c.join);
}

// The call at `pc` of the function in register `func` by the stub, with w25 arguments, without its site.
void BaselineCompiler::StubCall(uint32_t pc, uint32_t func, uint32_t wanted_plus_one) {
  const uint32_t new_base = func + static_cast<uint32_t>(kFrameHeader);
  a_.mov(X(11), xzr);
  LoadPosition(pc, new_base);
  a_.add(kBase, kBase, new_base * 16);
  a_.BlTo(stubs_->call);
  AfterCall(func, wanted_plus_one);
}

// x21 is the callee's base, w25 the number of results, which stand from x21-32 on.
void BaselineCompiler::AfterCall(uint32_t func, uint32_t wanted_plus_one) {
  Label enough;
  if (wanted_plus_one == 0) {
    a_.sub(X(9), kBase, 32);
    a_.add(X(9), X(9), Lsl(kWord, 4));
    a_.str(X(9), Mem(kVm, Offsets::kTop));
  } else if (wanted_plus_one == 2) {
    a_.cbnz(kWord.w(), enough);
    a_.stp(xzr, xzr, Mem(kBase, -32));
    a_.Bind(enough);
  } else if (wanted_plus_one > 2) {
    a_.cmp(kWord.w(), wanted_plus_one - 1);
    a_.b(Cond::kHs, enough);
    a_.Mov(W(9), wanted_plus_one - 1);
    a_.BlTo(stubs_->fill_results);
    a_.Bind(enough);
  }
  a_.sub(kBase, kBase, (func + static_cast<uint32_t>(kFrameHeader)) * 16);
  residents_.Clear();
  LoadHomes();
  k_loaded_ = false;
  if (!residents_.keeping()) UseK();
}

void BaselineCompiler::ReturnValues(uint32_t first, uint32_t count) {
  a_.ldp(lr, kPosition, Mem(kBase, -16));  // before the results overwrite it
  for (uint32_t i = 0; i < count; ++i) {
    Pair value = {X(9), X(10)};
    if (HasPair(first + i)) {
      value = UsePair(first + i);
    } else {
      LoadPair(value.payload, value.tag, first + i);
    }
    a_.stp(value.payload, value.tag, Mem(kBase, -32 + 16 * static_cast<int64_t>(i)));
  }
  a_.Mov(kWord.w(), count);
  a_.ret(lr);
}

}  // namespace perilune::vm::jit
