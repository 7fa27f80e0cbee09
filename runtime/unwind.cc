// Errors travel by walking Lua frames: no longjmp, no C++ exceptions. The unwinder finds the innermost frame whose link says that its caller
// protects it (pcall, xpcall, native code, a coroutine's end), closes what is open above, and makes that caller go on.

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/hooks.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

// Whether the frame at `base` is a running xpcall, whose base[0] is the message handler.
bool IsXpcall(const Value* base) {
  return FunctionOf(base).IsNativeFunction() && FunctionOf(base).native_function()->entry == reinterpret_cast<const void*>(&EnterXpcall);
}

// Calls the message handler of an xpcall on top of the frame where the error happened. Below it stand the distance to the frame where the error
// goes on then, negative if that is native code's, and OwnNesting() there.
Transfer CallMessageHandler(Isolate* vm, const Value& handler, const Value* target, bool to_native, uint32_t nesting) {
  Value* f = FrameEnd(vm) + 2;
  f[-2] = Value::Integer(nesting);
  const uint32_t pc = IsLuaFrame(vm->base) ? static_cast<uint32_t>(vm->pc - InstanceAt(vm->base)->code) : 0;
  f[-1] = Value::Integer(to_native ? target - f : f - target);
  f[0] = handler;
  f[2] = vm->error;
  LinkOf(f + kFrameHeader) = {&ReturnFromMessageHandler, FrameLink::Position(pc, static_cast<uint64_t>(f + kFrameHeader - vm->base))};
  return CallValue(vm, f, 1);
}

// The error ends the running coroutine; its resumer goes on.
Transfer KillCoroutine(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  co->status = CoroutineStatus::kDead;
  co->failed = true;
  vm->hook_failed = false;
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
  if (std::exchange(vm->hook_failed, false)) {
    co->hooks->running = false;
    UpdateHooking(vm);
  }
  CloseUpvalues(co, level);
  if (vm->stopping) {
    while (HasToBeClosed(vm, level)) co->to_be_closed.pop_back();
  }
  if (HasToBeClosed(vm, level)) {
    Value* slot = co->stack + co->to_be_closed.back();
    co->to_be_closed.pop_back();
    const Value variable = *slot;
    *slot = vm->error;  // kept for ReturnToUnwind
    Value* f = slot + 1;
    f[0] = vm->Metamethod(variable, Event::kClose);
    f[2] = variable;
    f[3] = vm->error;
    LinkOf(f + kFrameHeader) = {to_native ? &ReturnToNativeUnwind : &ReturnToUnwind,
                                FrameLink::Position(OwnNesting(vm), static_cast<uint64_t>(f + kFrameHeader - protector)) |
                                    (vm->unhandled ? FrameLink::kUnhandled : 0)};
    vm->unhandled = false;
    vm->top = f;
    return CallValue(vm, f, 2);
  }
  ReturnReserve(*vm, level);
  if (to_native) {
    vm->run_failed = true;
    return {&ExitVm, protector};
  }
  vm->unhandled = false;
  const FrameLink link = LinkOf(protector);
  protector[-2] = Value::Boolean(false);
  protector[-1] = vm->error;
  vm->next_pc = reinterpret_cast<const lang::Word*>(link.position);
  vm->next_word = 2;
  return {link.resume, protector};
}

Transfer Unwind(Isolate* vm) {
  vm->op_frame = nullptr;
  Value* base = vm->base;
  if (vm->refused != nullptr) base = std::exchange(vm->refused, nullptr);
  // The innermost native code that the error passes. Beyond it only the message handler is looked for, which must run here and now, as it may ask
  // for a traceback; native code is told, and what it does about the error is not known yet.
  Value* native = nullptr;
  for (;;) {
    const FrameLink link = LinkOf(base);
    const Handler resume = ResumeOf(vm, base);
    if (link.is_bottom() || resume == &ReturnToResumer) return native != nullptr ? ContinueUnwind(vm, native, true) : KillCoroutine(vm);
    Value* caller = base - link.delta();
    if (vm->stopping) {
      if (resume == &ReturnToNative || resume == &ReturnToNativeUnwind) return ContinueUnwind(vm, caller, true);
      base = caller;
      continue;
    }
    const bool to_xpcall = resume == &ReturnToXpcall || (resume == &ReturnToUnwind && IsXpcall(caller));
    if (to_xpcall) {
      // Too deep a nesting of handlers that fail is an error for the handler, too, until even the reserve is used up.
      while (!vm->unhandled) {
        if (EnterNested(vm)) return CallMessageHandler(vm, caller[0], native != nullptr ? native : caller, native != nullptr, link.pc());
      }
    }
    if (to_xpcall || resume == &ReturnToPcall || resume == &ReturnToUnwind) {
      if (native != nullptr) return ContinueUnwind(vm, native, true);
      SetOwnNesting(vm, link.pc());
      return ContinueUnwind(vm, caller, false);
    }
    if (resume == &ReturnToNative || resume == &ReturnToNativeUnwind) {
      // Errors in finalizers are nobody's but the collector's.
      if (vm->finalizing) return ContinueUnwind(vm, native != nullptr ? native : caller, true);
      if (native == nullptr) native = caller;
    }
    base = caller;
  }
}

}  // namespace perilune::vm
