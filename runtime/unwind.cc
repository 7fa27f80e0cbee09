// Errors travel by walking Lua frames: no longjmp, no C++ exceptions. The unwinder finds the innermost frame whose link says that its caller
// protects it (pcall, xpcall, native code, a coroutine's end), closes what is open above, and makes that caller go on.

#include <algorithm>
#include <cstring>

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/return_handlers.h"

namespace perilune {
namespace {

// Message handlers that raise errors are called again with these; beyond this nesting the reference gives up too.
constexpr int kMaxHandlerNesting = 10;

// Calls the message handler `h` on top of the frame where the error happened.
Transfer CallMessageHandler(Isolate* vm, const Value& h) {
  Value* f = FrameEnd(vm);
  const uint32_t pc = IsLuaFrame(vm->base) ? static_cast<uint32_t>(vm->pc - InstanceAt(vm->base)->code) : 0;
  f[0] = h;
  f[2] = vm->error;
  LinkOf(f + kFrameHeader) = {&ReturnFromMessageHandler, FrameLink::Position(pc, static_cast<uint64_t>(f + kFrameHeader - vm->base))};
  return CallValue(vm, f, 1);
}

// The error ends the running coroutine; its resumer goes on.
Transfer KillCoroutine(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  co->status = CoroutineStatus::kDead;
  co->failed = true;
  co->error = vm->error;
  // Its stack stays as it is, for a traceback and for coroutine.close.
  co->base = vm->base;
  co->top = FrameEnd(vm);
  co->pc = vm->pc;
  return ReturnErrorToResumer(vm, co);
}

}  // namespace

Transfer ContinueUnwind(Isolate* vm, Value* protector, bool to_native) {
  // A native frame's own values are never captured nor to be closed; a Lua frame protects what is above its registers.
  Value* level = IsLuaFrame(protector) ? protector + InstanceAt(protector)->max_stack : protector;
  vm->base = protector;
  vm->top = level;
  Coroutine* co = vm->coroutine;
  CloseUpvalues(co, level);
  if (HasToBeClosed(vm, level)) {
    Value* slot = co->stack + co->to_be_closed->back();
    co->to_be_closed->pop_back();
    const Value variable = *slot;
    *slot = vm->error;  // kept for ReturnToUnwind
    Value* f = slot + 1;
    f[0] = vm->Metamethod(variable, Event::kClose);
    f[2] = variable;
    f[3] = vm->error;
    LinkOf(f + kFrameHeader) = {to_native ? &ReturnToNativeUnwind : &ReturnToUnwind,
                                FrameLink::Position(0, static_cast<uint64_t>(f + kFrameHeader - protector))};
    vm->top = f;
    return CallValue(vm, f, 2);
  }
  if (vm->handling_overflow && protector < co->stack + kMaxStack / 2) vm->handling_overflow = false;
  if (to_native) {
    vm->run_failed = true;
    return {&ExitVm, protector};
  }
  const FrameLink link = LinkOf(protector);
  protector[-2] = Value::Boolean(false);
  protector[-1] = vm->error;
  vm->next_pc = reinterpret_cast<const lang::Word*>(link.position);
  vm->next_word = 2;
  return {link.resume, protector};
}

Transfer Unwind(Isolate* vm) {
  vm->op_frame = nullptr;
  int handlers = 0;
  for (Value* base = vm->base;;) {
    const FrameLink link = LinkOf(base);
    if (link.is_bottom()) return KillCoroutine(vm);
    Value* caller = base - link.delta();
    if (link.resume == &ReturnFromMessageHandler) ++handlers;
    if (link.resume == &ReturnToXpcall) {
      if (handlers < kMaxHandlerNesting) return CallMessageHandler(vm, caller[0]);
      vm->error = Value::Of(vm->NewString("C stack overflow"));
      return ContinueUnwind(vm, caller, false);
    }
    if (link.resume == &ReturnToPcall || link.resume == &ReturnToUnwind) return ContinueUnwind(vm, caller, false);
    if (link.resume == &ReturnToNative || link.resume == &ReturnToNativeUnwind) return ContinueUnwind(vm, caller, true);
    if (link.resume == &ReturnToResumer) return KillCoroutine(vm);
    base = caller;
  }
}

Transfer UnwindHandled(Isolate* vm) {
  Value* base = vm->base;
  while (LinkOf(base).resume != &ReturnToXpcall) base -= LinkOf(base).delta();
  return ContinueUnwind(vm, base - LinkOf(base).delta(), false);
}

}  // namespace perilune
