#include "runtime/hooks.h"

#include <algorithm>
#include <cstring>

#include "lang/bytecode.h"
#include "runtime/calls.h"
#include "runtime/debug_info.h"
#include "runtime/machine_frames.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

size_t SlotOf(const Coroutine* co, const Value* base) { return static_cast<size_t>(base - co->stack); }

// Forgets the noted frames from `slot` on.
void ForgetHookedFrames(Coroutine* co, uint32_t slot) {
  auto& frames = co->hooks->frames;
  while (!frames.empty() && frames.back().base >= slot) frames.pop_back();
}

// Makes the native function's frame tell of its return.
void HookFrame(Coroutine* co, Value* base) {
  auto& frames = co->hooks->frames;
  const auto slot = static_cast<uint32_t>(SlotOf(co, base));
  ForgetHookedFrames(co, slot);  // those of frames that an error ended
  frames.push_back({slot, LinkOf(base).resume, FunctionOf(base)});
  LinkOf(base).resume = &ReturnFromHookedNative;
}

const HookedFrame* FindHookedFrame(const Coroutine* co, const Value* base) {
  if (co->hooks == nullptr) return nullptr;
  const size_t slot = SlotOf(co, base);
  for (auto frame = co->hooks->frames.rbegin(); frame != co->hooks->frames.rend() && frame->base >= slot; ++frame) {
    if (frame->base == slot) return &*frame;
  }
  return nullptr;
}

void RedirectFrames(Isolate* vm, Coroutine* co) {
  std::vector<Value*> natives;
  for (FrameView frame = TopFrame(vm, co); !frame.is_bottom(); frame = frame.caller()) {
    LeaveMachineCode(vm, co, frame.base);
    if (!frame.is_lua() && !IsInternalFrame(frame.base) && LinkOf(frame.base).resume != &ReturnFromHookedNative) natives.push_back(frame.base);
  }
  if (natives.empty()) return;
  // Those that are noted already stay in their order.
  std::vector<HookedFrame> noted;
  noted.swap(co->hooks->frames);
  for (auto base = natives.rbegin(); base != natives.rend(); ++base) HookFrame(co, *base);
  auto& frames = co->hooks->frames;
  for (const HookedFrame& frame : noted) {
    const auto at = std::lower_bound(frames.begin(), frames.end(), frame.base, [](const HookedFrame& f, uint32_t b) { return f.base < b; });
    if (at == frames.end() || at->base != frame.base) frames.insert(at, frame);
  }
}

// After a return to the frame whose link position is given: the caller's instruction has been seen.
void ReturnedTo(Coroutine* co, const Value* caller, uint64_t position) {
  if (IsLuaFrame(caller)) co->hooks->old_pc = FrameLink::PcOf(position);
}

// Calls the hook for the frame vm->base. line: of a line event, negative: none.
bool CallHook(Isolate* vm, std::string_view event, int32_t line, bool with_line) {
  Coroutine* co = vm->coroutine;
  const size_t top = SlotOf(co, vm->top);
  co->hooks->running = true;
  UpdateHooking(vm);
  const Value args[] = {Value::Of(vm->NewString(event)), with_line && line >= 0 ? Value::Integer(line) : Value::Nil()};
  vm->call_mark = FrameLink::kHook;
  uint32_t ignored;
  const bool ok = vm->CallForAll(co->hooks->function, args, &ignored);
  vm->top = co->stack + top;
  if (ok) {
    co->hooks->running = false;
    UpdateHooking(vm);
  } else {
    vm->hook_failed = true;  // message handlers are not hooked either: ContinueUnwind goes on with hooks
  }
  return ok;
}

// The same for an event about values, those from `first` on, counted from 1 from the frame's base.
bool CallTransferHook(Isolate* vm, std::string_view event, uint32_t first, uint32_t count) {
  Coroutine* co = vm->coroutine;
  co->hooks->transfer = {SlotOf(co, vm->base), first, count};
  const bool ok = CallHook(vm, event, -1, false);
  co->hooks->transfer = {};
  return ok;
}

// Whether the reference does not look at the instruction at `pc`, which comes after the one at `old_pc`: its jumps (not its loops) lead past other
// jumps, and it goes from one part of a generic loop straight to the next.
bool IsPassedOver(const lang::Word* code, uint32_t old_pc, uint32_t pc) {
  using lang::Op;
  const Op op = lang::OpOf(code[pc]);
  const Op from = lang::OpOf(code[old_pc]);
  if (op == Op::kTForLoop) return true;
  if (op == Op::kTForCall) return from == Op::kTForPrep;
  if (op != Op::kJump && op != Op::kLoopJump) return false;
  if (old_pc == pc || from == Op::kForPrep || from == Op::kForLoop || from == Op::kTForLoop) return false;
  return lang::Info(from).kind(lang::Column::kX) == lang::OperandKind::kTarget && old_pc + lang::InstructionWords(from) != pc;
}

}  // namespace

void SetHook(Isolate* vm, Coroutine* co, const Value& function, uint8_t mask, uint32_t period) {
  if (co->hooks == nullptr) {
    if (mask == 0) return;
    RestoreStack(*vm, co);
    co->hooks = new HookState;
    co->UpdateSwitchLimit();
  }
  co->hooks->function = mask != 0 ? function : Value::Nil();
  co->hooks->mask = mask;
  co->hooks->period = co->hooks->left = period;
  if (mask != 0) RedirectFrames(vm, co);
  UpdateHooking(vm);
}

void ChangeWatching(Isolate* vm) {
  const HookState* hooks = vm->coroutine->hooks;
  vm->hooking = hooks != nullptr && hooks->mask != 0 && !hooks->running && !vm->finalizing && hooks->function.IsFunction();
  const bool on = vm->hooking || vm->counting;
  if (on == vm->watching) return;
  vm->watching = on;
  vm->dispatch = on ? kWatchedHandlers : vm->plain_dispatch;
  if (on) {
    vm->RequestPoll(kPollWatch);
  } else {
    vm->poll.fetch_and(~uint32_t{kPollWatch}, std::memory_order_relaxed);  // relaxed: only this thread minds
    vm->ResetStackLimit();
  }
}

void LeaveMachineCode(Isolate* vm, Coroutine* co, Value* callee) {
  FrameLink& link = LinkOf(callee);
  const Value* caller = callee - link.delta();
  if (link.is_bottom() || !IsLuaFrame(caller)) return;
  if (!IsReturnHandler(link.resume)) {
    link.resume = InterpreterResume(lang::OpOf(InstanceAt(caller)->code[link.pc()]));
  } else if (link.resume == &ReturnToNative && co == vm->coroutine) {
    vm->written_frame = SlotOf(co, caller);  // it polls: PollFromMachineCode leaves it
  }
}

Handler ResumeOf(const Isolate* vm, const Value* base) {
  const Handler resume = LinkOf(base).resume;
  return resume == &ReturnFromHookedNative ? FindHookedFrame(vm->coroutine, base)->resume : resume;
}

void TransferOf(const Coroutine* co, const Value* base, uint32_t* first, uint32_t* count) {
  const bool has = co->hooks != nullptr && co->hooks->transfer.base == SlotOf(co, base);
  *first = has ? co->hooks->transfer.first : 0;
  *count = has ? co->hooks->transfer.count : 0;
}

bool HookLuaCall(Isolate* vm, Value* base) {
  Coroutine* co = vm->coroutine;
  const ProtoInstance* instance = InstanceAt(base);
  vm->base = base;
  vm->pc = instance->code;
  co->hooks->old_pc = 0;  // its first instruction begins a line
  if ((co->hooks->mask & kHookCall) == 0) return true;
  return CallTransferHook(vm, LinkOf(base).is_tail() ? "tail call" : "call", 1, instance->num_params);
}

bool HookNativeCall(Isolate* vm, uint32_t nargs) {
  if (IsInternalFrame(vm->base)) return true;
  Coroutine* co = vm->coroutine;
  if ((co->hooks->mask & kHookCall) != 0 && !CallTransferHook(vm, "call", 1, nargs)) return false;
  if (vm->hooking) HookFrame(co, vm->base);
  return true;
}

bool HookReturn(Isolate* vm, const Value* results, uint64_t count) {
  Coroutine* co = vm->coroutine;
  bool ok = true;
  if ((co->hooks->mask & kHookReturn) != 0) {
    // Values above the registers stay in use.
    const bool keep = vm->keep_top;
    const size_t top = SlotOf(co, vm->top);
    vm->top = std::max(const_cast<Value*>(results) + count, vm->base + InstanceAt(vm->base)->max_stack);
    vm->keep_top = true;
    ok = CallTransferHook(vm, "return", static_cast<uint32_t>(results - vm->base) + 1, static_cast<uint32_t>(count));
    vm->keep_top = keep;
    vm->top = co->stack + top;
  }
  const FrameLink& link = LinkOf(vm->base);
  ReturnedTo(co, vm->base - link.delta(), link.position);
  return ok;
}

namespace {

// Count and line events.
bool HookInstruction(Isolate* vm) {
  Coroutine* co = vm->coroutine;
  const uint8_t mask = co->hooks->mask;
  const bool count_due = (mask & kHookCount) != 0 && --co->hooks->left == 0;
  if (count_due) {
    co->hooks->left = co->hooks->period;
  } else if ((mask & kHookLine) == 0) {
    return true;
  }
  const ProtoInstance* instance = InstanceAt(vm->base);
  const lang::OpInfo& info = lang::Info(lang::OpOf(*vm->pc));
  const bool keep = vm->keep_top;
  // An instruction that takes its values up to the top. All such have their CountOrTop in column B.
  vm->keep_top = info.has_trait(lang::Trait::kUsesTop) && lang::FieldB(*vm->pc) == 0;
  bool ok = !count_due || CallHook(vm, "count", -1, false);
  if (ok && (mask & kHookLine) != 0) {
    const auto& lines = instance->proto->lines;
    const auto pc = static_cast<uint32_t>(vm->pc - instance->code);
    const uint32_t old_pc = co->hooks->old_pc < lines.size() ? co->hooks->old_pc : 0;
    if (!IsPassedOver(instance->code, old_pc, pc)) {
      if (pc <= old_pc || lines[pc] != lines[old_pc]) ok = CallHook(vm, "line", lines[pc], true);
      co->hooks->old_pc = pc;
    }
  }
  vm->keep_top = keep;
  return ok;
}

}  // namespace

bool WatchInstruction(Isolate* vm) {
  if (vm->counting && !vm->CountInstruction()) return false;
  return !vm->hooking || HookInstruction(vm);
}

Transfer FinishHookedNative(Isolate* vm, Value* base, uint64_t count, uint64_t position) {
  Coroutine* co = vm->coroutine;
  const HookedFrame frame = *FindHookedFrame(co, base);
  ForgetHookedFrames(co, frame.base);
  if (vm->hooking) {
    if ((co->hooks->mask & kHookReturn) != 0) {
      // The frame stands again while the hook looks at it, above the results' place.
      vm->base = vm->top = base;
      if (base + count + kFrameHeader > co->limit() && !GrowStack(*vm, count + kFrameHeader)) {
        LinkOf(vm->base) = {frame.resume, position};
        FunctionOf(vm->base) = frame.function;
        RaiseStackOverflow(vm);
        return Unwind(vm);
      }
      base = vm->base;
      std::memmove(static_cast<void*>(base), base - kFrameHeader, count * sizeof(Value));
      FunctionOf(base) = frame.function;
      LinkOf(base) = {frame.resume, position};
      vm->top = base + count;
      if (!CallTransferHook(vm, "return", 1, static_cast<uint32_t>(count))) return Unwind(vm);
      base = vm->base;
      std::memmove(static_cast<void*>(base - kFrameHeader), base, count * sizeof(Value));
    }
    Value* caller = base - FrameLink::DeltaOf(position);
    ReturnedTo(co, caller, position);
    if (vm->hooking && frame.resume == &ReturnToTailCall) {
      const size_t slot = SlotOf(co, base);
      vm->base = caller;
      vm->pc = InstanceAt(caller)->code + FrameLink::PcOf(position);
      if (!HookReturn(vm, base - kFrameHeader, count)) return Unwind(vm);
      base = co->stack + slot;
    }
  }
  vm->next_pc = reinterpret_cast<const lang::Word*>(position);
  vm->next_word = count;
  vm->next_k = nullptr;
  return {frame.resume, base};
}

}  // namespace perilune::vm
