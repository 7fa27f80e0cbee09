#include "runtime/coroutine.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/hooks.h"
#include "runtime/isolate.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

Coroutine* Allocate(Isolate& vm) {
  auto* co = static_cast<Coroutine*>(vm.heap().Allocate(sizeof(Coroutine), ObjectType::kCoroutine));
  co->stack_size = kInitialStack;
  while ((co->stack = static_cast<Value*>(std::malloc(kInitialStack * sizeof(Value)))) == nullptr) vm.heap().NoteRefusal();
  vm.heap().Charge(kInitialStack * sizeof(Value));
  for (uint32_t i = 0; i < kInitialStack; ++i) co->stack[i] = Value::Nil();
  co->status = CoroutineStatus::kSuspended;
  co->wrapped = co->failed = false;
  co->native_depth = co->nesting_base = co->nesting = 0;
  co->pc = nullptr;
  co->resumer = nullptr;
  co->open_upvalues = nullptr;
  co->to_be_closed = new std::vector<uint32_t>;
  co->error = Value::Nil();
  co->hooks = nullptr;
  // The bottom frame: an absent function without a caller.
  co->base = co->top = co->stack + kFrameHeader;
  LinkOf(co->base) = {nullptr, FrameLink::kBottom};
  vm.coroutines.push_back(co);
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
  }
  return co;
}

void FreeCoroutineStack(Heap& heap, Coroutine* co) {
  heap.Discharge(co->stack_size * sizeof(Value));
  std::free(co->stack);
  delete co->to_be_closed;
  delete co->hooks;
  co->stack = nullptr;
  co->to_be_closed = nullptr;
  co->hooks = nullptr;
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
