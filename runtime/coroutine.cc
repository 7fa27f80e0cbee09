#include "runtime/coroutine.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>

#include "runtime/hooks.h"
#include "runtime/isolate.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

// The most stacks that are kept.
constexpr size_t kMaxSpareStacks = 64;

// The bottom frame of coroutines without a stack, never written: an absent function without a caller.
struct {
  Value function = Value::Nil();
  FrameLink link = {nullptr, FrameLink::kBottom};
  Value end = Value::Nil();
} ended_frame;

void TakeStack(Isolate& vm, Coroutine* co) {
  co->stack_size = kInitialStack;
  if (!vm.spare_stacks.empty()) {
    co->stack = vm.spare_stacks.back();
    vm.spare_stacks.pop_back();
  } else {
    // Zeros are nils.
    while ((co->stack = static_cast<Value*>(std::calloc(kInitialStack, sizeof(Value)))) == nullptr) vm.heap().NoteRefusal();
    vm.heap().Charge(kInitialStack * sizeof(Value));
  }
  // The bottom frame: an absent function without a caller.
  co->stack[0] = Value::Nil();
  co->base = co->top = co->stack + kFrameHeader;
  LinkOf(co->base) = {nullptr, FrameLink::kBottom};
  co->index = static_cast<uint32_t>(vm.coroutines.size());
  vm.coroutines.push_back(co);
}

Coroutine* Allocate(Isolate& vm) {
  auto* co = static_cast<Coroutine*>(vm.heap().Allocate(sizeof(Coroutine), ObjectType::kCoroutine));
  co->status = CoroutineStatus::kSuspended;
  co->wrapped = co->failed = false;
  co->native_depth = co->nesting_base = co->nesting = 0;
  co->pc = nullptr;
  co->resumer = nullptr;
  co->open_upvalues = nullptr;
  co->to_be_closed = {};
  co->error = Value::Nil();
  co->hooks = nullptr;
  TakeStack(vm, co);
  co->UpdateSwitchLimit();
  return co;
}

}  // namespace

Coroutine* NewMainCoroutine(Isolate& vm) {
  Coroutine* co = Allocate(vm);
  co->status = CoroutineStatus::kRunning;
  return co;
}

Coroutine* NewCoroutine(Isolate& vm, const Value& function) {
  Coroutine* co = Allocate(vm);
  *co->top++ = function;
  // As in the reference, it takes over what events its creator has a hook for, but not the hook.
  if (const HookState* hooks = vm.coroutine->hooks; hooks != nullptr && hooks->mask != 0) {
    co->hooks = new HookState;
    co->hooks->mask = hooks->mask;
    co->hooks->period = hooks->period;
    co->UpdateSwitchLimit();
  }
  return co;
}

void FreeCoroutineStack(Heap& heap, Coroutine* co) {
  heap.Discharge(co->stack_size * sizeof(Value));
  std::free(co->stack);
  std::free(co->to_be_closed.slots);
  delete co->hooks;
  co->stack = nullptr;
  co->to_be_closed = {};
  co->hooks = nullptr;
  co->UpdateSwitchLimit();
}

void ReleaseStack(Isolate& vm, Coroutine* co) {
  assert(co->open_upvalues == nullptr && co->to_be_closed.empty());
  if (co->stack_size != kInitialStack || co->hooks != nullptr || vm.spare_stacks.size() == kMaxSpareStacks) return;
  vm.spare_stacks.push_back(co->stack);
  std::free(co->to_be_closed.slots);
  co->to_be_closed = {};
  co->stack = nullptr;
  co->stack_size = 0;
  co->UpdateSwitchLimit();
  co->base = co->top = &ended_frame.end;
  Coroutine* last = vm.coroutines.back();
  vm.coroutines[co->index] = last;
  last->index = co->index;
  vm.coroutines.pop_back();
}

void RestoreStack(Isolate& vm, Coroutine* co) {
  if (co->stack == nullptr) TakeStack(vm, co);
}

void FreeSpareStacks(Isolate& vm) {
  for (Value* stack : vm.spare_stacks) {
    vm.heap().Discharge(kInitialStack * sizeof(Value));
    std::free(stack);
  }
  vm.spare_stacks.clear();
}

void PushToBeClosed(Isolate& vm, const Value* variable) {
  Coroutine* co = vm.coroutine;
  PendingSlots& pending = co->to_be_closed;
  if (pending.size == pending.capacity) {
    const uint32_t capacity = std::max<uint32_t>(4, pending.capacity * 2);
    void* grown;
    while ((grown = std::realloc(pending.slots, capacity * sizeof(uint32_t))) == nullptr) vm.heap().NoteRefusal();
    pending.slots = static_cast<uint32_t*>(grown);
    pending.capacity = capacity;
  }
  pending.slots[pending.size++] = static_cast<uint32_t>(variable - co->stack);
}

void SwitchTo(Isolate& vm, Coroutine* co) {
  vm.coroutine = co;
  vm.ResetStackLimit();
  UpdateHooking(&vm);
}

namespace {

// Reallocates the running coroutine's stack to `size` slots. False: the host refuses memory.
bool ResizeStack(Isolate& vm, size_t size) {
  Coroutine* co = vm.coroutine;
  Value* old = co->stack;
  const size_t old_size = co->stack_size;
  auto* fresh = static_cast<Value*>(std::realloc(old, size * sizeof(Value)));
  vm.stack_refused = fresh == nullptr;
  if (fresh == nullptr) return false;
  vm.heap().Charge((size - old_size) * sizeof(Value));  // to be noticed at the next poll, which is near: stacks grow at entries
  for (size_t i = old_size; i < size; ++i) fresh[i] = Value::Nil();
  const auto moved = [&](Value* p) {
    const uintptr_t distance = reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(old);
    return distance <= old_size * sizeof(Value) ? fresh + distance / sizeof(Value) : p;  // top may be stale, of another stack
  };
  for (Upvalue* u = co->open_upvalues; u != nullptr; u = u->next_open) u->location = moved(u->location);
  vm.base = moved(vm.base);
  vm.top = moved(vm.top);
  co->stack = fresh;
  co->stack_size = static_cast<uint32_t>(size);
  co->UpdateSwitchLimit();
  vm.ResetStackLimit();
  return true;
}

}  // namespace

bool GrowStack(Isolate& vm, size_t needed) {
  const size_t size = vm.coroutine->stack_size;
  const size_t used = static_cast<size_t>(vm.base - vm.coroutine->stack) + needed + kStackSlack;
  if (used <= size) return true;
  vm.stack_refused = false;
  if (used > vm.max_stack) return false;
  return ResizeStack(vm, std::min<size_t>(vm.max_stack, std::max(used, size * 2)));
}

bool TakeReserve(Isolate& vm) {
  return vm.coroutine->stack_size <= vm.max_stack && ResizeStack(vm, vm.max_stack + kOverflowReserve);
}

void ReturnReserve(Isolate& vm, const Value* end) {
  Coroutine* co = vm.coroutine;
  if (co->stack_size <= vm.max_stack || end > co->stack + (vm.max_stack - kStackSlack)) return;
  vm.heap().Discharge((co->stack_size - vm.max_stack) * sizeof(Value));
  co->stack_size = vm.max_stack;
  co->UpdateSwitchLimit();
  vm.ResetStackLimit();
}

Upvalue* FindUpvalue(Isolate& vm, Value* slot) {
  Upvalue** link = &vm.coroutine->open_upvalues;
  while (*link != nullptr && (*link)->location > slot) link = &(*link)->next_open;
  if (*link != nullptr && (*link)->location == slot) return *link;
  auto* u = static_cast<Upvalue*>(vm.heap().Allocate(sizeof(Upvalue), ObjectType::kUpvalue));
  u->location = slot;
  u->closed = Value::Nil();
  u->next_open = *link;
  *link = u;
  return u;
}

void CloseUpvalues(Coroutine* co, const Value* level) {
  while (co->open_upvalues != nullptr && co->open_upvalues->location >= level) {
    Upvalue* u = co->open_upvalues;
    co->open_upvalues = u->next_open;
    u->closed = *u->location;
    u->location = &u->closed;
  }
}

}  // namespace perilune::vm
