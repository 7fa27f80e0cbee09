// Calls, returns, varargs, and the closing of variables.

#include <algorithm>
#include <cstring>

#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/hooks.h"
#include "runtime/return_handlers.h"
#include "runtime/semantics.h"

namespace perilune::vm {
namespace {

uint32_t PcIndex(Value* base, const lang::Word* pc) { return static_cast<uint32_t>(pc - InstanceAt(base)->code); }

// Pops the topmost pending variable at or above `level` and calls its __close; false if there is none.
bool CloseNext(Isolate* vm, Value* base, const lang::Word* pc, const Value* level, int64_t state, Transfer* out) {
  Coroutine* co = vm->coroutine;
  if (!HasToBeClosed(vm, level)) return false;
  const Value variable = co->stack[co->to_be_closed.back()];
  co->to_be_closed.pop_back();
  *out = CallMetamethod(vm, base, pc, vm->Metamethod(variable, Event::kClose), {variable, Value::Nil()}, state);
  return true;
}

}  // namespace

Transfer SemanticCall(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::CallOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  Value* f = base + o.func;
  const uint64_t nargs = o.args == 0 ? static_cast<uint64_t>(vm->top - (f + kFrameHeader)) : uint64_t{o.args} - 1;
  LinkOf(f + kFrameHeader) = {&ReturnToCall, FrameLink::Position(PcIndex(base, pc), o.func + kFrameHeader)};
  return CallValue(vm, f, nargs);
}

Transfer SemanticTForCall(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TForCallOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  Value* r = base + o.base;
  Value* f = r + 4;
  f[0] = r[0];
  f[2] = r[1];
  f[3] = r[2];
  LinkOf(f + kFrameHeader) = {&ReturnToTForCall, FrameLink::Position(PcIndex(base, pc), o.base + 4u + kFrameHeader)};
  return CallValue(vm, f, 2);
}

Transfer SemanticTailCall(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TailCallOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  Value* f = base + o.func;
  uint64_t nargs = o.args == 0 ? static_cast<uint64_t>(vm->top - (f + kFrameHeader)) : uint64_t{o.args} - 1;
  if (f->IsNativeFunction() && (o.flags & lang::kCloseFlag) == 0 && f->native_function()->fast != nullptr &&
      vm->poll.load(std::memory_order_relaxed) == 0) {  // relaxed: a poll may be noticed a call later
    const int32_t count = f->native_function()->fast(vm, f + kFrameHeader, nargs);
    if (count >= 0) return ReturnResults(vm, base, f, static_cast<uint64_t>(count), (o.flags & lang::kVarargFlag) != 0);
  }
  LinkOf(f + kFrameHeader) = {&ReturnToTailCall, FrameLink::Position(PcIndex(base, pc), o.func + kFrameHeader)};
  while (!f->IsFunction()) {
    if (!ResolveCall(vm, &f, &nargs)) return Unwind(vm);
    base = vm->base;
  }
  if (o.flags & lang::kCloseFlag) CloseUpvalues(vm->coroutine, base);
  if (!f->IsLuaFunction()) return CallValue(vm, f, nargs);  // natives keep this frame for their error messages
  // The callee takes this frame's place.
  const uint64_t lift = (o.flags & lang::kVarargFlag) ? VarargLift(base) : 0;
  FrameLink link = LinkOf(base).Lowered(lift);
  link.position |= FrameLink::kTail;
  Value* to = base - lift - kFrameHeader;
  to[0] = f[0];
  std::memmove(to + kFrameHeader, f + kFrameHeader, nargs * sizeof(Value));
  LinkOf(to + kFrameHeader) = link;
  vm->base = to + kFrameHeader - link.delta();
  return CallValue(vm, to, nargs);
}

Transfer ReturnResults(Isolate* vm, Value* base, const Value* results, uint64_t count, bool vararg) {
  const FrameLink link = LinkOf(base);
  Value* call_base = base;
  vm->next_pc = reinterpret_cast<const lang::Word*>(link.position);
  if (vararg) {
    const uint64_t lift = VarargLift(base);
    call_base = base - lift;
    vm->next_pc = reinterpret_cast<const lang::Word*>(link.Lowered(lift).position);
  }
  if (count == 1) {
    call_base[-2] = *results;
  } else {
    std::memmove(static_cast<void*>(call_base - kFrameHeader), results, count * sizeof(Value));
  }
  vm->next_word = count;
  vm->next_k = nullptr;
  return {link.resume, call_base};
}

Transfer ContinueReturn(Isolate* vm, Value* base, const lang::Word* pc, const Value* results, uint64_t count) {
  const auto o = lang::ReturnOperands::Decode(pc);
  if (o.flags & lang::kCloseFlag) {
    CloseUpvalues(vm->coroutine, base);
    // The results stay where they are; __close is called above them.
    vm->top = std::max(const_cast<Value*>(results) + count, base + InstanceAt(base)->max_stack);
    vm->keep_top = true;
    Transfer t;
    const bool called = CloseNext(vm, base, pc, base, static_cast<int64_t>(count), &t);
    vm->keep_top = false;
    if (called) return t;
    if (vm->hooking) {
      const auto at = static_cast<size_t>(results - base);
      if (!HookReturn(vm, results, count)) return Unwind(vm);
      base = vm->base;
      results = base + at;
    }
  }
  return ReturnResults(vm, base, results, count, (o.flags & lang::kVarargFlag) != 0);
}

Transfer SemanticReturn(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::ReturnOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  const Value* results = base + o.first;
  return ContinueReturn(vm, base, pc, results, o.count == 0 ? static_cast<uint64_t>(vm->top - results) : uint64_t{o.count} - 1);
}

Transfer SemanticReturn0(Isolate* vm, Value* base, const lang::Word*, Value*) { return ReturnResults(vm, base, base, 0, false); }

Transfer SemanticReturn1(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  return ReturnResults(vm, base, base + lang::Return1Operands::Decode(pc).src, 1, false);
}

Transfer SemanticVararg(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::VarargOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  const uint64_t extra = ExtraArgs(base);
  const uint64_t wanted = o.count == 0 ? extra : uint64_t{o.count} - 1;
  if (o.count == 0) {
    vm->top = base;
    if (!GrowStack(*vm, o.first + extra + 1)) {
      RaiseStackOverflow(vm);
      return Unwind(vm);
    }
    base = vm->base;
    vm->top = base + o.first + extra;
  }
  Value* to = base + o.first;
  const Value* from = base - 3 - extra;
  for (uint64_t i = 0; i < wanted; ++i) to[i] = i < extra ? from[i] : Value::Nil();
  return {nullptr, base};
}

Transfer SemanticClose(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::CloseOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  CloseUpvalues(vm->coroutine, base + o.first);
  Transfer t;
  return CloseNext(vm, base, pc, base + o.first, 0, &t) ? t : kNext;
}

bool MarkToBeClosed(Isolate* vm, Value* variable) {
  if (!variable->IsTruthy()) return true;
  if (vm->Metamethod(*variable, Event::kClose).IsNil()) {
    RaiseNotClosable(vm, variable);
    return false;
  }
  PushToBeClosed(*vm, variable);
  return true;
}

Transfer SemanticTbc(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TbcOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  return MarkToBeClosed(vm, base + o.var) ? kNext : Unwind(vm);
}

Transfer CallMetamethod(Isolate* vm, Value* base, const lang::Word* pc, const Value& method, std::initializer_list<Value> args,
                        int64_t state) {
  if (!EnterNested(vm)) return Unwind(vm);
  Value* f = FrameEnd(vm) + 2;
  f[-2] = Value::Integer(state);
  f[-1] = Value::Nil();
  f[0] = method;
  Value* to = f + kFrameHeader;
  for (const Value& v : args) *to++ = v;
  LinkOf(f + kFrameHeader) = {&ReturnToOp, FrameLink::Position(PcIndex(base, pc), static_cast<uint64_t>(f + kFrameHeader - base))};
  vm->op_frame = f + kFrameHeader;
  return CallValue(vm, f, args.size());
}

Transfer FinishOp(Isolate* vm, Value* f, uint64_t results) {
  using lang::Op;
  --vm->nesting;
  Value* base = vm->base;
  const lang::Word* pc = vm->pc;
  const Value result = results > 0 ? f[0] : Value::Nil();
  const lang::Op op = lang::OpOf(*pc);
  switch (op) {
    case Op::kEq: case Op::kLt: case Op::kLe: case Op::kEqK: case Op::kLtK: case Op::kLeK: case Op::kGtK: case Op::kGeK:
      return Branch((result.IsTruthy() != (f[-2].integer == kNegateResult)) == (lang::FieldC(*pc) != 0), base);
    case Op::kSetTable: case Op::kSetInt: case Op::kSetField: case Op::kSetTabUp:
      return kNext;
    case Op::kConcat: {
      const auto o = lang::ConcatOperands::Decode(pc);
      const auto count = static_cast<uint32_t>(f[-2].integer);
      base[o.first + count - 1] = result;
      return ContinueConcat(vm, base, pc, o.first, count);
    }
    case Op::kClose:
      return SemanticClose(vm, base, pc, nullptr);
    case Op::kReturn:
      return ContinueReturn(vm, base, pc, base + lang::ReturnOperands::Decode(pc).first, static_cast<uint64_t>(f[-2].integer));
    default:
      // The rest write their result to the register in column A.
      base[lang::FieldA(*pc)] = result;
      return kNext;
  }
}

#define OP(name, a, b, c, x, traits) &Semantic##name,
const SemanticFn kSemantics[] = {
#include "lang/opcodes.def"
};
#undef OP

}  // namespace perilune::vm
