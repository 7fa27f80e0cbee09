// coroutine.resume, yield and their relatives: leaving one Lua stack for another.
//
// A coroutine that is resumed has its frame link to go on with: a fresh one enters its function, a suspended one returns from its yield, whose
// results are resume's arguments. The resumer's frame is that of the native function `resume` (or of a wrapped function), whose
// results are yield's arguments.

#include <cstring>

#include "runtime/calls.h"
#include "runtime/collector.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/handler_macros.h"
#include "runtime/module.h"
#include "runtime/native.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
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

// Goes back from the running coroutine to the one that runs or closes it.
void SwitchBack(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  Coroutine* resumer = co->resumer;
  co->resumer = nullptr;
  resumer->status = CoroutineStatus::kRunning;
  SwitchTo(*vm, resumer);
  vm->base = resumer->base;
  vm->top = resumer->top;
  vm->pc = resumer->pc;
}

void SwitchToResumer(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  co->nesting = vm->nesting - co->nesting_base;
  vm->nesting = co->nesting_base - 1;
  SwitchBack(vm);
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

// Whether the running coroutine may take `count` more values, as the reference's lua_checkstack says.
bool HasRoomFor(const Isolate* vm, uint64_t count) {
  return static_cast<uint64_t>(vm->top - vm->coroutine->stack) + count <= kMaxNativeValues;
}

// Ends the resumer's call of resume (or of a wrapped function) with values of the coroutine that gave control back.
Transfer ReturnToResume(Isolate* vm, const Value* from, uint64_t count, bool wrapped) {
  if (!HasRoomFor(vm, count + 1)) return RefuseResume(vm, "too many results to resume", wrapped);
  return ReturnFromNative(vm, from, count, !wrapped);
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
  if (vm->nesting + 1 >= kMaxNesting) {
    vm->NoteOverflow(Value::Of(vm->NewString("C stack overflow")));
    return RefuseResume(vm, "C stack overflow", wrapped);
  }
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

// ---- The usual switches, as handlers that call nothing: few values, enough room, no hooks, no poll.

namespace {

// More values than this are copied by the functions above.
constexpr uint64_t kMaxFewValues = 8;

// Whether the native function in the frame at `base` may give control to `to`, whose frame takes its `count` values.
[[gnu::always_inline]] inline bool MaySwitch(const Isolate* vm, const Value* base, const Coroutine* to, uint64_t count) {
  // relaxed: a poll may be noticed a call later
  return count <= kMaxFewValues && base + count <= vm->stack_limit.load(std::memory_order_relaxed) && vm->coroutine->hooks == nullptr &&
         to->top + kFrameHeader + count + 1 <= to->switch_limit;
}

[[gnu::always_inline]] inline bool MayResume(const Isolate* vm, const Value* base, const Coroutine* co, uint64_t count) {
  return co->status == CoroutineStatus::kSuspended && vm->nesting + 1 < kMaxNesting && MaySwitch(vm, base, co, count);
}

// Makes `to`, to which MaySwitch, the running coroutine instead of the one whose native frame is [base, top).
[[gnu::always_inline]] inline void Switch(Isolate* vm, Value* base, Value* top, CoroutineStatus left, Coroutine* to) {
  Coroutine* from = vm->coroutine;
  from->base = base;
  from->top = top;
  from->pc = vm->pc;
  from->status = left;
  to->status = CoroutineStatus::kRunning;
  vm->coroutine = to;
  vm->SetStackLimit(to->switch_limit);
  vm->base = to->base;
  vm->top = to->top;
  vm->pc = to->pc;
}

// Goes on in `co` with `args`; base and word are the resumer's frame.
#define RESUME(is_wrapped, args, nargs)                                                                           \
  do {                                                                                                            \
    const Value* from = args;                                                                                     \
    const uint64_t count = nargs;                                                                                 \
    Coroutine* resumer = vm->coroutine;                                                                           \
    co->resumer = resumer;                                                                                        \
    co->wrapped = is_wrapped;                                                                                     \
    co->native_depth = vm->native_depth;                                                                          \
    co->nesting_base = vm->nesting + 1;                                                                           \
    vm->nesting += 1 + co->nesting;                                                                               \
    Switch(vm, base, base + word, CoroutineStatus::kNormal, co);                                                  \
    base = co->base;                                                                                              \
    const FrameLink link = LinkOf(base);                                                                          \
    word = count;                                                                                                 \
    if (link.is_bottom()) {                                                                                       \
      const LuaFunction* function = base->lua_function();                                                         \
      base += kFrameHeader;                                                                                       \
      LinkOf(base) = {&ReturnToResumer, FrameLink::Position(0, kFrameHeader)};                                    \
      for (uint64_t i = 0; i < count; ++i) base[i] = from[i];                                                     \
      k = function->k;                                                                                            \
      /* acquire: partner of the native tier's release store of a published target */                             \
      const CallTarget* target = function->slots->target.load(std::memory_order_acquire);                         \
      TAIL(reinterpret_cast<Handler>(const_cast<void*>(target->entry)));                                          \
    }                                                                                                             \
    for (uint64_t i = 0; i < count; ++i) base[static_cast<int64_t>(i) - kFrameHeader] = from[i];                   \
    pc = reinterpret_cast<const lang::Word*>(link.position);                                                      \
    TAIL(link.resume);                                                                                            \
  } while (false)

// A coroutine that was not resumed yet must begin with a Lua function.
[[gnu::always_inline]] inline bool Starts(const Coroutine* co) { return !LinkOf(co->base).is_bottom() || co->base->IsLuaFunction(); }

}  // namespace

NO_CALLS HANDLER(EnterWrapped) {
  Coroutine* co = FunctionOf(base).native_function()->upvalues[0].coroutine();
  if (!MayResume(vm, base, co, word) || !Starts(co)) [[unlikely]] TAIL(EnterWrappedSlow);
  RESUME(true, base, word);
}

NO_CALLS HANDLER(EnterResume) {
  if (word == 0 || !base[0].IsCoroutine()) [[unlikely]] TAIL(EnterResumeSlow);
  Coroutine* co = base[0].coroutine();
  if (!MayResume(vm, base, co, word) || !Starts(co)) [[unlikely]] TAIL(EnterResumeSlow);
  RESUME(false, base + 1, word - 1);
}

NO_CALLS HANDLER(EnterYield) {
  Coroutine* co = vm->coroutine;
  Coroutine* resumer = co->resumer;
  if (resumer == nullptr || co->native_depth != vm->native_depth || !MaySwitch(vm, base, resumer, word)) [[unlikely]] TAIL(EnterYieldSlow);
  co->resumer = nullptr;
  co->nesting = vm->nesting - co->nesting_base;
  vm->nesting = co->nesting_base - 1;
  const Value* from = base;
  const uint64_t count = word;
  Switch(vm, base, base + word, CoroutineStatus::kSuspended, resumer);
  base = resumer->base;
  const FrameLink link = LinkOf(base);
  Value* to = base - kFrameHeader;
  if (!co->wrapped) {
    *to++ = Value::Boolean(true);
    ++word;
  }
  for (uint64_t i = 0; i < count; ++i) to[i] = from[i];
  pc = reinterpret_cast<const lang::Word*>(link.position);
  TAIL(link.resume);
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
  return ReturnToResume(vm, co->base, nargs, wrapped);
}

Transfer FinishCoroutine(Isolate* vm, const Value* results, uint64_t count) {
  Coroutine* co = vm->coroutine;
  Save(vm, co->stack + kFrameHeader, co->stack + kFrameHeader);
  co->status = CoroutineStatus::kDead;
  const bool wrapped = co->wrapped;
  SwitchToResumer(vm);
  const Transfer t = ReturnToResume(vm, results, count, wrapped);
  ReleaseStack(*vm, co);
  return t;
}

Transfer ReturnErrorToResumer(Isolate* vm, Coroutine* co) {
  SwitchToResumer(vm);
  if (vm->stopping) return Unwind(vm);
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

namespace {

// Runs the pending __close methods of the running coroutine on its stack, whose frames are gone. Each gets the last error, or nil.
void CloseVariables(Isolate* vm, bool* failed, Value* error) {
  Coroutine* co = vm->coroutine;
  while (!co->to_be_closed.empty()) {
    Value* slot = co->stack + co->to_be_closed.back();
    co->to_be_closed.pop_back();
    const Value variable = *slot;
    vm->base = co->stack + kFrameHeader;
    vm->top = slot + 1;
    Value ignored;
    if (!vm->Call(vm->Metamethod(variable, Event::kClose), {variable, *error}, &ignored)) {
      *failed = true;
      *error = vm->error;
      vm->unhandled = false;
    }
  }
}

}  // namespace

bool CloseCoroutine(Isolate* vm, Coroutine* co) {
  if (co->stack == nullptr) {
    vm->error = Value::Nil();
    return true;
  }
  bool failed = co->failed;
  Value error = failed ? co->error : Value::Nil();
  co->failed = false;
  CloseUpvalues(co, co->stack);
  if (!co->to_be_closed.empty()) {
    Coroutine* closer = vm->coroutine;
    Save(vm, vm->base, vm->top);
    closer->status = CoroutineStatus::kNormal;
    co->resumer = closer;
    co->nesting_base = vm->nesting;
    co->native_depth = vm->native_depth;  // the methods run one deeper: they cannot yield
    co->status = CoroutineStatus::kRunning;
    SwitchTo(*vm, co);
    CloseVariables(vm, &failed, &error);
    SwitchBack(vm);
  }
  co->status = CoroutineStatus::kDead;
  co->base = co->top = co->stack + kFrameHeader;
  vm->error = error;
  return !failed;
}

void CloseIsolate(Isolate* vm) {
  Coroutine* main = vm->main_coroutine();
  if (vm->coroutine != main) {
    CloseCoroutine(vm, main);
  } else {
    bool failed = false;
    Value error = Value::Nil();
    CloseUpvalues(main, main->stack);
    CloseVariables(vm, &failed, &error);
  }
  FinalizeAll(*vm);
}

}  // namespace perilune::vm
