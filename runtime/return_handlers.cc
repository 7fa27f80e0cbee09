#include "runtime/return_handlers.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/handler_macros.h"
#include "runtime/hooks.h"
#include "runtime/native.h"
#include "runtime/semantics.h"
#include "runtime/tier_up.h"

namespace perilune::vm {
namespace {

uint64_t PositionWord(const lang::Word* pc) { return reinterpret_cast<uint64_t>(pc); }
uint64_t DeltaOf(const lang::Word* pc) { return FrameLink::DeltaOf(PositionWord(pc)); }
uint32_t PcOf(const lang::Word* pc) { return FrameLink::PcOf(PositionWord(pc)); }

HANDLER(EnterInterpreterSlow);

// base = entered, a frame's base; null: an error was raised.
#define ENTER(entered)                               \
  do {                                               \
    base = entered;                                  \
    if (base == nullptr) FOLLOW(Unwind(vm));         \
  } while (false)

// A native function's entry: room on the stack, and a poll if one is wanted. relaxed: a poll may be noticed an entry later.
#define CHECK_STACK()                                                                                                       \
  do {                                                                                                                      \
    if (base + word > vm->stack_limit.load(std::memory_order_relaxed)) [[unlikely]] ENTER(EnterSlow(vm, base, word));        \
  } while (false)

// Arity matches, stack and budget are checked: the first instruction.
#define START()                                     \
  do {                                              \
    pc = ProtoInstance::FromConstants(k)->code;     \
    DISPATCH();                                     \
  } while (false)

}  // namespace

// ---- Entries.

HANDLER(EnterInterpreter) {
  ProtoInstance* instance = ProtoInstance::FromConstants(k);
  ++instance->calls;
  instance->hotness -= kCallCost;
  // relaxed: a poll may be noticed an entry later
  if (instance->hotness < 0 || base > vm->stack_limit.load(std::memory_order_relaxed)) [[unlikely]] TAIL(EnterInterpreterSlow);
  if (word != instance->num_params || instance->is_vararg) {
    if (instance->is_vararg) {
      ENTER(AdjustVarargs(vm, base, word));
    } else {
      for (uint64_t i = word; i < instance->num_params; ++i) base[i] = Value::Nil();
    }
  }
  START();
}

namespace {

HANDLER(EnterInterpreterSlow) {
  ProtoInstance* instance = ProtoInstance::FromConstants(k);
  ENTER(EnterSlow(vm, base, word));
  const CallTarget* target = HotCall(vm, instance);
  assert(MayEnter(*vm, *target));
  if (target->tier == Tier::kNative && !vm->watching) TAIL(reinterpret_cast<Handler>(const_cast<void*>(target->entry)));
  if (instance->is_vararg) {
    ENTER(AdjustVarargs(vm, base, word));
  } else {
    for (uint64_t i = word; i < instance->num_params; ++i) base[i] = Value::Nil();
  }
  if (vm->hooking) [[unlikely]] {
    if (!HookLuaCall(vm, base)) FOLLOW(Unwind(vm));
    base = vm->base;
  }
  dispatch = vm->dispatch;  // a poll may have turned hooks on or off
  START();
}

}  // namespace

HANDLER(EnterMachineCodeFirst) {
  TAIL(reinterpret_cast<Handler>(const_cast<void*>(FirstCall(*ProtoInstance::FromConstants(k)->slots)->entry)));
}

namespace {

// The end of the native function at vm->base that wants a call made for it.
HANDLER(CallForNative) {
  if (!EnterNested(vm)) FOLLOW(Unwind(vm));
  const uint64_t nargs = word & 0xffff, results = word >> 16;
  Value* f = vm->top - nargs - 1;
  std::memmove(static_cast<void*>(f + kFrameHeader), f + 1, nargs * sizeof(Value));
  LinkOf(f + kFrameHeader) = {&ReturnThrough,
                              FrameLink::Position(static_cast<uint32_t>(results), static_cast<uint64_t>(f + kFrameHeader - vm->base))};
  ++vm->top;
  FOLLOW(CallValue(vm, f, nargs));
}

}  // namespace

HANDLER(EnterNative) {
  CHECK_STACK();
  vm->base = base;
  vm->top = base + word;
  NativeFrame frame{*vm, static_cast<uint32_t>(word)};
  const NativeResult result = FunctionOf(base).native_function()->fn(frame);
  if (result.count < 0) [[unlikely]] {
    if (result.raised()) FOLLOW(Unwind(vm));
    word = uint64_t{result.args} | uint64_t{result.results} << 16;
    TAIL(CallForNative);
  }
  base = vm->base;
  const FrameLink link = LinkOf(base);
  const Value* results = vm->top - result.count;
  if (result.count == 1) [[likely]] {
    base[-2] = *results;
  } else {
    std::memmove(static_cast<void*>(base - kFrameHeader), results, static_cast<size_t>(result.count) * sizeof(Value));
  }
  pc = reinterpret_cast<const lang::Word*>(link.position);
  word = static_cast<uint64_t>(result.count);
  TAIL(link.resume);
}

// pcall(f, ...): f is already where a callee stands; its arguments move up by one for the link.
HANDLER(EnterPcall) {
  CHECK_STACK();
  vm->base = base;
  vm->top = base + word;
  if (word == 0) {
    NativeFrame frame{*vm, 0};
    frame.ArgError(1, "value expected");
    FOLLOW(Unwind(vm));
  }
  const uint32_t outer_nesting = OwnNesting(vm);
  if (!EnterNested(vm)) FOLLOW(Unwind(vm));
  std::memmove(static_cast<void*>(base + 2), base + 1, (word - 1) * sizeof(Value));
  LinkOf(base + kFrameHeader) = {&ReturnToPcall, FrameLink::Position(outer_nesting, kFrameHeader)};
  vm->top = base + 1 + word;
  FOLLOW(CallValue(vm, base, word - 1));
}

// xpcall(f, h, ...): base[0] keeps the handler, base[1] is the callee.
HANDLER(EnterXpcall) {
  CHECK_STACK();
  vm->base = base;
  vm->top = base + word;
  NativeFrame frame{*vm, static_cast<uint32_t>(word)};
  if (word < 2 || !base[1].IsFunction()) {
    frame.TypeError(2, "function");
    FOLLOW(Unwind(vm));
  }
  const uint32_t outer_nesting = OwnNesting(vm);
  if (!EnterNested(vm)) FOLLOW(Unwind(vm));
  std::swap(base[0], base[1]);
  std::memmove(static_cast<void*>(base + 3), base + 2, (word - 2) * sizeof(Value));
  LinkOf(base + 1 + kFrameHeader) = {&ReturnToXpcall, FrameLink::Position(outer_nesting, 1 + kFrameHeader)};
  vm->top = base + 1 + word;
  FOLLOW(CallValue(vm, base + 1, word - 2));
}

HANDLER(EnterResumeSlow) {
  CHECK_STACK();
  FOLLOW(Resume(vm, base, word, false));
}
HANDLER(EnterWrappedSlow) {
  CHECK_STACK();
  FOLLOW(Resume(vm, base, word, true));
}
HANDLER(EnterYieldSlow) {
  CHECK_STACK();
  FOLLOW(Yield(vm, base, word));
}

// ---- Returns.

// The frame returned to; results stand from `results` on.
#define RETURN_TO_LUA_FRAME()                                             \
  Value* const results = base - kFrameHeader;                             \
  base -= DeltaOf(pc);                                                    \
  k = FunctionOf(base).lua_function()->k;                                 \
  pc = ProtoInstance::FromConstants(k)->code + PcOf(pc)

HANDLER(ReturnToCall) {
  RETURN_TO_LUA_FRAME();
  const uint64_t wanted = lang::FieldC(*pc);  // plus one; 0: all
  if (wanted == 2) [[likely]] {
    if (word == 0) results[0] = Value::Nil();
  } else if (wanted == 0) {
    vm->top = results + word;
  } else {
    for (uint64_t i = word; i + 1 < wanted; ++i) results[i] = Value::Nil();
  }
  NEXT(2);
}

HANDLER(ReturnToTForCall) {
  RETURN_TO_LUA_FRAME();
  const uint64_t wanted = lang::FieldB(*pc);
  for (uint64_t i = word; i < wanted; ++i) results[i] = Value::Nil();
  NEXT(2);
}

HANDLER(ReturnToTailCall) {
  RETURN_TO_LUA_FRAME();
  vm->base = base;
  vm->pc = pc;
  FOLLOW(ReturnResults(vm, base, results, word, (lang::FieldC(*pc) & lang::kVarargFlag) != 0));
}

HANDLER(ReturnToOp) {
  RETURN_TO_LUA_FRAME();
  vm->base = base;
  vm->pc = pc;
  const Transfer t = FinishOp(vm, results, word);
  if (t.target != nullptr) FOLLOW(t);
  const lang::Op op = lang::OpOf(*pc);
  if (t.base != nullptr && lang::HasTrait(op, lang::Trait::kBranch)) pc += static_cast<int32_t>(pc[1]);
  NEXT(lang::InstructionWords(op));
}

HANDLER(ReturnThrough) {
  Value* results = base - kFrameHeader;
  const uint64_t wanted = PcOf(pc);
  --vm->nesting;
  base -= DeltaOf(pc);
  const FrameLink link = LinkOf(base);
  if (wanted != 0) {
    for (; word < wanted; ++word) results[word] = Value::Nil();
    word = wanted;
  }
  std::memmove(static_cast<void*>(base - kFrameHeader), results, word * sizeof(Value));
  pc = reinterpret_cast<const lang::Word*>(link.position);
  TAIL(link.resume);
}

HANDLER(ReturnToPcall) {
  const Value* results = base - kFrameHeader;
  SetOwnNesting(vm, PcOf(pc));
  base -= DeltaOf(pc);
  const FrameLink link = LinkOf(base);
  // The results go to base[-1] on, over the link.
  std::memmove(static_cast<void*>(base - 1), results, word * sizeof(Value));
  base[-2] = Value::Boolean(true);
  pc = reinterpret_cast<const lang::Word*>(link.position);
  ++word;
  TAIL(link.resume);
}
HANDLER(ReturnToXpcall) { TAIL(ReturnToPcall); }

HANDLER(ReturnToNative) {
  vm->base = base - DeltaOf(pc);
  vm->run_results = word;
  TAIL(ExitVm);
}

HANDLER(ReturnToResumer) { FOLLOW(FinishCoroutine(vm, base - kFrameHeader, word)); }

HANDLER(ReturnToUnwind) {
  vm->error = base[-3];  // kept there by ContinueUnwind
  vm->unhandled = (PositionWord(pc) & FrameLink::kUnhandled) != 0;
  FOLLOW(ContinueUnwind(vm, base - DeltaOf(pc), false));
}
HANDLER(ReturnToNativeUnwind) {
  vm->error = base[-3];
  vm->unhandled = (PositionWord(pc) & FrameLink::kUnhandled) != 0;
  FOLLOW(ContinueUnwind(vm, base - DeltaOf(pc), true));
}

HANDLER(ReturnFromHookedNative) {
  const Transfer t = FinishHookedNative(vm, base, word, PositionWord(pc));
  dispatch = vm->dispatch;
  FOLLOW(t);
}

HANDLER(ReturnFromMessageHandler) {
  vm->error = word > 0 ? base[-2] : Value::Nil();
  Value* const f = base - kFrameHeader;
  const int64_t distance = f[-1].integer;  // left there by CallMessageHandler
  SetOwnNesting(vm, static_cast<uint32_t>(f[-2].integer));
  vm->unhandled = distance < 0;  // an error that native code passes on is not to come here again
  FOLLOW(ContinueUnwind(vm, f - std::abs(distance), distance < 0));
}

}  // namespace perilune::vm
