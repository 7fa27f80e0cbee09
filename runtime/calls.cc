// Calls, function entry, polls, and the run of the virtual machine on a native thread.

#include "runtime/calls.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "lang/symbolic_execution.h"
#include "runtime/collector.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/engine.h"
#include "runtime/hooks.h"
#include "runtime/repeated_call.h"
#include "runtime/return_handlers.h"
#include "runtime/runtime_offsets.h"
#include "runtime/tier_up.h"

namespace perilune::vm {

Value* FrameEnd(Isolate* vm) {
  return vm->keep_top || !IsLuaFrame(vm->base) ? vm->top : vm->base + InstanceAt(vm->base)->max_stack;
}

bool EnterNested(Isolate* vm) {
  const uint32_t nesting = ++vm->nesting;
  if (nesting < kMaxNesting) [[likely]] return true;
  if (nesting >= kMaxNesting + kNestingReserve) {
    vm->Raise(Value::Of(vm->NewString(kErrorInErrorHandling)));
    vm->unhandled = true;
    return false;
  }
  return nesting > kMaxNesting || vm->RaiseOverflow("C stack overflow");
}

uint32_t OwnNesting(const Isolate* vm) { return vm->nesting - vm->coroutine->nesting_base; }
void SetOwnNesting(Isolate* vm, uint32_t nesting) { vm->nesting = vm->coroutine->nesting_base + nesting; }

bool ResolveCall(Isolate* vm, Value** callee, uint64_t* nargs) {
  Value* f = *callee;
  const Value method = vm->Metamethod(*f, Event::kCall);
  if (method.IsNil()) {
    RaiseCallError(vm, f);
    vm->refused = f + kFrameHeader;
    return false;
  }
  // The callee becomes the first argument. Arguments from a variable number of values may end at the stack's limit.
  const size_t at = static_cast<size_t>(f - vm->coroutine->stack);
  if (f + kFrameHeader + *nargs >= vm->coroutine->limit()) {
    vm->top = f + kFrameHeader + *nargs;
    if (!GrowStack(*vm, static_cast<size_t>(vm->top - vm->base) + 1)) {
      RaiseStackOverflow(vm);
      vm->refused = vm->coroutine->stack + at + kFrameHeader;
      return false;
    }
    f = vm->coroutine->stack + at;
  }
  std::memmove(static_cast<void*>(f + kFrameHeader + 1), f + kFrameHeader, *nargs * sizeof(Value));
  f[kFrameHeader] = f[0];
  f[0] = method;
  ++*nargs;
  *callee = f;
  return true;
}

Transfer CallValue(Isolate* vm, Value* f, uint64_t nargs) {
  for (;;) {
    switch (f->tag) {
      case Tag::kLuaFunction:
        return CallLuaFunction(vm, f, nargs);
      case Tag::kNativeFunction:
        vm->next_word = nargs;
        return {reinterpret_cast<Handler>(const_cast<void*>(f->native_function()->entry)), f + kFrameHeader};
      default:
        if (!ResolveCall(vm, &f, &nargs)) return Unwind(vm);
    }
  }
}

bool HasToBeClosed(const Isolate* vm, const Value* level) {
  const Coroutine* co = vm->coroutine;
  return !co->to_be_closed.empty() && co->stack + co->to_be_closed.back() >= level;
}

// ---- Entry and polls.

namespace {

// The stack has no room for the call whose frame is at `base`: an error of its caller.
void RefuseEntry(Isolate* vm, Value* base) {
  const FrameLink link = LinkOf(base);
  vm->base = base - link.delta();
  if (IsLuaFrame(vm->base)) vm->pc = InstanceAt(vm->base)->code + link.pc();
  RaiseStackOverflow(vm);
  vm->refused = vm->base + link.delta();
}

// Where the values in use end in the Lua frame at vm->base, whose vm->pc is a back-edge or its target: only local variables outlive a statement.
Value* LiveEnd(const Isolate* vm) {
  const ProtoInstance* instance = InstanceAt(vm->base);
  size_t pc = static_cast<size_t>(vm->pc - instance->code);
  if (lang::HasTrait(lang::OpOf(*vm->pc), lang::Trait::kBackEdge)) pc = lang::TargetOf(instance->code, pc);
  Value* end = vm->base + lang::ActiveRegisters(*instance->proto, pc);
  const Coroutine* co = vm->coroutine;
  if (co->open_upvalues != nullptr) end = std::max(end, co->open_upvalues->location + 1);
  if (!co->to_be_closed.empty()) end = std::max(end, co->stack + co->to_be_closed.back() + 1);
  return end;
}

}  // namespace

bool Poll(Isolate* vm) { return PollAnywhere(vm, NativeRoots::kOutsideRun); }

bool PollAnywhere(Isolate* vm, NativeRoots roots) {
  // acquire: partner of RequestPoll, whose caller may have left something to be seen
  uint32_t reasons = vm->poll.exchange(0, std::memory_order_acquire);
  if (const uint32_t every = vm->engine().tuning().collect_every_polls; every != 0) [[unlikely]] {
    vm->poll.fetch_or(kPollStress, std::memory_order_relaxed);
    if (++vm->stress_polls % every == 0) reasons |= kPollCollect;
  }
  // A stop lasts until the host has taken note of it, whatever native code in between makes of the error.
  if (reasons & kPollStop) vm->poll.fetch_or(kPollStop, std::memory_order_relaxed);
  // relaxed: only this thread minds
  if (vm->watching) vm->poll.fetch_or(kPollWatch, std::memory_order_relaxed);
  vm->ResetStackLimit();
  if (reasons & kPollCode) vm->native_tier()->OnPoll(vm->code_thread);
  if (reasons & kPollStop) {
    return vm->RaiseStop();
  }
  if (reasons & (kPollCollect | kPollFinalize)) {
    const bool at_entry = vm->keep_top;
    if (!at_entry && IsLuaFrame(vm->base)) {
      vm->top = LiveEnd(vm);
      vm->keep_top = true;
    }
    Heap& heap = vm->heap();
    if ((vm->gc_stopped || vm->finalizing) && !heap.exhausted()) {
      heap.PostponeCollection();
    } else if (reasons & kPollCollect) {
      Collect(*vm, roots, /*trim=*/heap.exhausted());
    }
    RunFinalizers(*vm);
    vm->keep_top = at_entry;
    if (heap.exhausted()) return vm->RaiseMemoryError();
  }
  if (reasons & kPollInterrupt) return vm->RaiseError("interrupted!", IsLuaFrame(vm->base) ? 0 : 1);
  return true;
}

Value* EnterSlow(Isolate* vm, Value* base, uint64_t nargs) {
  vm->base = base;
  vm->top = base + nargs;
  if (base + nargs > vm->coroutine->limit() && !GrowStack(*vm, nargs)) {
    RefuseEntry(vm, base);
    return nullptr;
  }
  if (vm->poll.load(std::memory_order_relaxed) != 0) {
    if (IsLuaFrame(vm->base)) vm->pc = InstanceAt(vm->base)->code;
    vm->keep_top = true;
    const bool ok = Poll(vm);
    vm->keep_top = false;
    if (!ok) return nullptr;
  }
  if (vm->hooking && !IsLuaFrame(vm->base) && !HookNativeCall(vm, static_cast<uint32_t>(nargs))) return nullptr;
  return vm->base;
}

Transfer ContinueInInterpreter(Isolate* vm, const lang::Word* pc) {
  vm->next_k = InstanceAt(vm->base)->k;
  vm->next_pc = pc;
  vm->next_word = *pc;
  return {vm->dispatch[static_cast<size_t>(lang::OpOf(*pc))], vm->base};
}

namespace {

// Is the machine code that runs in the frame to be left? relaxed: it was set before the poll was asked for, which was seen just now.
bool IsRetiring(const Value* base) { return InstanceAt(base)->slots->retiring.load(std::memory_order_relaxed); }

}  // namespace

Transfer EnterSlowFromMachineCode(Isolate* vm, Value* base, uint64_t nargs) {
  base = EnterSlow(vm, base, nargs);
  if (base == nullptr) return Unwind(vm);
  if (!vm->watching && !IsRetiring(base)) return {nullptr, base};
  vm->next_k = InstanceAt(base)->k;
  vm->next_word = nargs;
  return {&EnterInterpreter, base};
}

Transfer PollFromMachineCode(Isolate* vm) {
  if (!Poll(vm)) return Unwind(vm);
  const bool written = vm->written_frame == static_cast<size_t>(vm->base - vm->coroutine->stack);
  if (!vm->watching && !written && !IsRetiring(vm->base)) return {nullptr, vm->base};
  if (written) vm->written_frame = 0;
  const lang::Word* code = InstanceAt(vm->base)->code;
  return ContinueInInterpreter(vm, code + lang::TargetOf(code, static_cast<size_t>(vm->pc - code)));
}

Value* AdjustVarargs(Isolate* vm, Value* base, uint64_t nargs) {
  const ProtoInstance* instance = InstanceAt(base);
  if (base + nargs + instance->num_params + 3 > vm->coroutine->limit()) {
    vm->base = base;
    vm->top = base + nargs;
    if (!GrowStack(*vm, nargs + instance->num_params + 3)) {
      RefuseEntry(vm, base);
      return nullptr;
    }
    base = vm->base;
  }
  const uint32_t params = instance->num_params;
  // The extra arguments must end right below the count: [link -> nil] [params -> nil] extra... [count] [function] [link] params
  const uint64_t extra = nargs > params ? nargs - params : 0;
  const uint64_t lift = extra + params + 3;
  Value* to = base + lift;
  const FrameLink link = LinkOf(base).Raised(lift);
  to[-3] = Value::Integer(static_cast<int64_t>(extra));
  to[-2] = base[-2];
  LinkOf(to) = link;
  for (uint32_t i = 0; i < params; ++i) {
    to[i] = i < nargs ? base[i] : Value::Nil();
    base[i] = Value::Nil();
  }
  base[-1] = Value::Nil();
  return to;
}

// ---- Runs.

#if defined(__aarch64__)
// Machine code returns through x30, so the way out of the virtual machine cannot be a handler's return: entry saves sp, exit restores it.
// Arguments: x20 vm, x21 base, x22 pc, x23 k, x24 dispatch, x25 word, x26 target.
asm(R"(
    .text
    .p2align 4
    .globl perilune_enter_vm
    .hidden perilune_enter_vm
    .type perilune_enter_vm, %function
perilune_enter_vm:
    stp x29, x30, [sp, #-16]!
    mov x9, sp
    str x9, [x20, #)" PERILUNE_STRINGIZE(PERILUNE_NATIVE_SP_OFFSET) R"(]
    br x26
    .size perilune_enter_vm, . - perilune_enter_vm
    .p2align 4
    .type perilune_exit_vm, %function
perilune_exit_vm:
    ldr x9, [x20, #)" PERILUNE_STRINGIZE(PERILUNE_NATIVE_SP_OFFSET) R"(]
    mov sp, x9
    ldp x29, x30, [sp], #16
    ret
    .size perilune_exit_vm, . - perilune_exit_vm
)");
extern "C" PERILUNE_HANDLER_CC void perilune_exit_vm(PERILUNE_HANDLER_PARAMS);

PERILUNE_HANDLER_CC void ExitVm(PERILUNE_HANDLER_PARAMS) { PERILUNE_MUSTTAIL return perilune_exit_vm(vm, base, pc, k, dispatch, word); }
#else
PERILUNE_HANDLER_CC void ExitVm(PERILUNE_HANDLER_PARAMS) {}

// AddressSanitizer would put the variable that native_sp leads to on a stack of its own.
__attribute__((no_sanitize("address"))) void EnterVm(Isolate* vm, const Transfer& start) {
  __builtin_unwind_init();  // the collector's scan starts at native_sp: callee-saved registers belong above it
  vm->native_sp = __builtin_alloca(sizeof(Value));
  start.target(vm, start.base, vm->next_pc, vm->next_k, vm->dispatch, vm->next_word);
}
#endif

void RunCall(Isolate* vm, Value* f, uint64_t nargs) {
  const bool pins = vm->native_depth != 0 && IsLuaFrame(vm->base);
  vm->pinning_runs += pins;
  const RunScope running(vm->native_tier() != nullptr ? &vm->code_thread : nullptr);  // before CallValue loads a slot
  const Transfer start = CallValue(vm, f, nargs);
  void* const outer_sp = vm->native_sp;
  Heap* const outer_heap = Heap::Enter(&vm->heap());
  ++vm->native_depth;
  EnterVm(vm, start);
  --vm->native_depth;
  Heap::Enter(outer_heap);
  vm->native_sp = outer_sp;
  vm->pinning_runs -= pins;
}

// ---- Calls from native code.

bool Isolate::CallForAll(const Value& function, absl::Span<const Value> args, uint32_t* count) {
  if (stopping) return false;
  const uint64_t mark = std::exchange(call_mark, 0);
  const uint32_t outer_nesting = nesting;
  if (!EnterNested(this)) {
    nesting = outer_nesting;
    return false;
  }
  Value* f = FrameEnd(this);
  const Value callee = function;
  if (f + kFrameHeader + args.size() > coroutine->limit()) {
    const size_t offset = static_cast<size_t>(f - base);
    if (!GrowStack(*this, offset + kFrameHeader + args.size())) {
      nesting = outer_nesting;
      RaiseStackOverflow(this);
      return false;
    }
    f = base + offset;
  }
  const ptrdiff_t f_height = f - base, top_height = top - base;
  const lang::Word* const saved_pc = pc;
  const bool keep = keep_top;
  keep_top = false;
  const uint32_t pc_index = IsLuaFrame(base) ? static_cast<uint32_t>(pc - InstanceAt(base)->code) : 0;
  f[0] = callee;
  const uint64_t position = FrameLink::Position(pc_index, static_cast<uint64_t>(f_height) + kFrameHeader) | mark;
  LinkOf(f + kFrameHeader) = {&ReturnToNative, position};
  for (size_t i = 0; i < args.size(); ++i) f[kFrameHeader + i] = args[i];
  run_failed = false;
  RunCall(this, f, args.size());
  pc = saved_pc;
  nesting = outer_nesting;
  keep_top = keep;
  const bool failed = run_failed;
  run_failed = false;
  *count = failed ? 0 : static_cast<uint32_t>(run_results);
  top = base + (IsLuaFrame(base) ? top_height : f_height + *count);  // wherever the stack is now
  return !failed;
}

bool Isolate::Call(const Value& function, absl::Span<const Value> args, Value* first_result) {
  return RepeatedCall(*this, function)(args, first_result);
}

bool Isolate::CallOutOfTheOrdinary(const Value& function, absl::Span<const Value> args, Value* first_result) {
  const size_t end = static_cast<size_t>(FrameEnd(this) - coroutine->stack);
  uint32_t count;
  if (!CallForAll(function, args, &count)) return false;
  Value* results = coroutine->stack + end;
  *first_result = count > 0 ? results[0] : Value::Nil();
  if (!IsLuaFrame(base)) top = results;
  return true;
}

bool Isolate::CallProtected(const Value& function, absl::Span<const Value> args, const Value& handler, uint32_t* count) {
  std::vector<Value> all = {function};
  if (!handler.IsNil()) all.push_back(handler);
  all.insert(all.end(), args.begin(), args.end());
  const size_t end = static_cast<size_t>(FrameEnd(this) - coroutine->stack);
  if (!CallForAll(Value::Of(handler.IsNil() ? pcall_ : xpcall_), all, count)) return false;
  Value* results = coroutine->stack + end;
  const bool ok = results[0].tag == Tag::kTrue;
  if (!ok) {
    error = results[1];
    top = results;
    return false;
  }
  --*count;
  std::memmove(static_cast<void*>(results), results + 1, *count * sizeof(Value));
  --top;
  return true;
}

}  // namespace perilune::vm
