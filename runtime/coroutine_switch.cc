// coroutine.resume, yield and their relatives: leaving one Lua stack for another.
//
// A coroutine that is resumed has its frame link to go on with: a fresh one enters its function, a suspended one returns from its yield, whose
// results are resume's arguments. The resumer's frame is that of the native function `resume` (or of a wrapped function), whose
// results are yield's arguments.

#include <cstring>

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/native.h"
#include "runtime/return_handlers.h"

namespace perilune {
namespace {

// Returns from the native frame at vm->base with the values in [from, from+count), preceded by true if `with_true`. The values may be on another stack.
Transfer ReturnFromNative(Isolate* vm, const Value* from, uint64_t count, bool with_true) {
  vm->top = vm->base;
  if (vm->base + count + 1 > vm->coroutine->limit() && !GrowStack(*vm, count + 1)) {
    RaiseStackOverflow(vm);
    return Unwind(vm);
  }
  Value* base = vm->base;
  const FrameLink link = LinkOf(base);
  Value* to = base - kFrameHeader;
  if (with_true) *to++ = Value::Boolean(true);
  std::memmove(static_cast<void*>(to), from, count * sizeof(Value));
  vm->next_pc = reinterpret_cast<const lang::Word*>(link.position);
  vm->next_word = count + (with_true ? 1 : 0);
  return {link.resume, base};
}

// Saves the running coroutine's frame.
void Save(Isolate* vm, Value* base, Value* top) {
  Coroutine* co = vm->coroutine;
  co->base = base;
  co->top = top;
  co->pc = vm->pc;
}

// Goes back from the running coroutine to its resumer.
void SwitchToResumer(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  Coroutine* resumer = co->resumer;
  co->resumer = nullptr;
  co->nesting = vm->nesting - co->nesting_base;
  vm->nesting = co->nesting_base - 1;
  resumer->status = CoroutineStatus::kRunning;
  SwitchTo(*vm, resumer);
  vm->base = resumer->base;
  vm->top = resumer->top;
  vm->pc = resumer->pc;
}

// resume answers false and a message; a wrapped function raises it.
Transfer RefuseResume(Isolate* vm, const char* message, bool wrapped) {
  if (wrapped) {
    vm->RaiseError(message);
    return Unwind(vm);
  }
  const Value results[] = {Value::Boolean(false), Value::Of(vm->NewString(message))};
  return ReturnFromNative(vm, results, 2, false);
}

}  // namespace

Transfer Resume(Isolate* vm, Value* base, uint64_t nargs, bool wrapped) {
  vm->base = base;
  vm->top = base + nargs;
  Coroutine* co;
  if (wrapped) {
    co = FunctionOf(base).native_function()->upvalues[0].coroutine();
  } else {
    if (nargs == 0 || !base[0].IsCoroutine()) {
      NativeFrame frame{*vm, static_cast<uint32_t>(nargs)};
      frame.TypeError(1, "thread");
      return Unwind(vm);
    }
    co = base[0].coroutine();
    ++base;
    --nargs;
  }
  if (co->status == CoroutineStatus::kDead) return RefuseResume(vm, "cannot resume dead coroutine", wrapped);
  if (co->status != CoroutineStatus::kSuspended) return RefuseResume(vm, "cannot resume non-suspended coroutine", wrapped);
  // Coroutines that resume each other without end are stopped by this count, as in the reference.
  if (vm->nesting + 1 >= kMaxNesting) return RefuseResume(vm, "C stack overflow", wrapped);
  Coroutine* resumer = vm->coroutine;
  const Value* args = base;
  Save(vm, vm->base, vm->top);
  resumer->status = CoroutineStatus::kNormal;
  co->resumer = resumer;
  co->wrapped = wrapped;
  co->native_depth = vm->native_depth;
  co->nesting_base = vm->nesting + 1;
  vm->nesting = co->nesting_base + co->nesting;
  co->status = CoroutineStatus::kRunning;
  SwitchTo(*vm, co);
  vm->base = co->base;
  vm->top = co->top;
  vm->pc = co->pc;
  if (!LinkOf(co->base).is_bottom()) return ReturnFromNative(vm, args, nargs, false);  // from its yield
  // First run: the function stands above the bottom frame.
  if (co->top + kFrameHeader + nargs > co->limit() && !GrowStack(*vm, static_cast<size_t>(co->top - co->base) + nargs + kFrameHeader)) {
    RaiseStackOverflow(vm);
    return Unwind(vm);
  }
  Value* f = vm->base;
  std::memcpy(static_cast<void*>(f + kFrameHeader), args, nargs * sizeof(Value));
  LinkOf(f + kFrameHeader) = {&ReturnToResumer, FrameLink::Position(0, kFrameHeader)};
  return CallValue(vm, f, nargs);
}

Transfer Yield(Isolate* vm, Value* base, uint64_t nargs) {
  vm->base = base;
  vm->top = base + nargs;
  Coroutine* co = vm->coroutine;
  if (co->native_depth != vm->native_depth || co == vm->main_coroutine()) {
    vm->RaiseError(co == vm->main_coroutine() ? "attempt to yield from outside a coroutine" : "attempt to yield across a C-call boundary", 0);
    return Unwind(vm);
  }
  Save(vm, base, base + nargs);
  co->status = CoroutineStatus::kSuspended;
  const bool wrapped = co->wrapped;
  SwitchToResumer(vm);
  return ReturnFromNative(vm, co->base, nargs, !wrapped);
}

Transfer FinishCoroutine(Isolate* vm, const Value* results, uint64_t count) {
  Coroutine* co = vm->coroutine;
  Save(vm, co->stack + kFrameHeader, co->stack + kFrameHeader);
  co->status = CoroutineStatus::kDead;
  const bool wrapped = co->wrapped;
  SwitchToResumer(vm);
  return ReturnFromNative(vm, results, count, !wrapped);
}

Transfer ReturnErrorToResumer(Isolate* vm, Coroutine* co) {
  SwitchToResumer(vm);
  if (!co->wrapped) {
    vm->unhandled = false;
    const Value results[] = {Value::Boolean(false), co->error};
    return ReturnFromNative(vm, results, 2, false);
  }
  CloseCoroutine(vm, co);
  if (vm->error.IsString() && !vm->is_memory_error(vm->error)) {
    const std::string text = vm->Where(1) + std::string(vm->error.string()->view());
    vm->error = Value::Of(vm->NewString(text));
  }
  return Unwind(vm);
}

bool CloseVariables(Isolate* vm, Coroutine* co, const Value* first_error) {
  bool failed = first_error != nullptr;
  Value error = failed ? *first_error : Value::Nil();
  while (!co->to_be_closed->empty()) {
    const Value variable = co->stack[co->to_be_closed->back()];
    co->to_be_closed->pop_back();
    Value ignored;
    if (!vm->Call(vm->Metamethod(variable, Event::kClose), {variable, error}, &ignored)) {
      failed = true;
      error = vm->error;
      vm->unhandled = false;
    }
  }
  vm->error = error;
  return !failed;
}

bool CloseCoroutine(Isolate* vm, Coroutine* co) {
  const Value error = co->error;
  const bool failed = co->failed;
  co->status = CoroutineStatus::kDead;
  co->failed = false;
  CloseUpvalues(co, co->stack);
  const bool ok = CloseVariables(vm, co, failed ? &error : nullptr);
  co->base = co->top = co->stack + kFrameHeader;
  return ok;
}

}  // namespace perilune
