// A Coroutine is a Lua thread: a Lua stack and where it stands. Since running Lua code uses no native stack, switching coroutines means
// switching vm->coroutine and base. The main coroutine is the isolate's own.

#ifndef PERILUNE_RUNTIME_COROUTINE_H_
#define PERILUNE_RUNTIME_COROUTINE_H_

#include <cstdint>
#include <vector>

#include "runtime/frame_layout.h"
#include "runtime/handler.h"
#include "runtime/object.h"

namespace perilune::vm {

class Heap;

enum class CoroutineStatus : uint8_t { kSuspended, kRunning, kNormal, kDead };

// A native function's frame whose link leads to ReturnFromHookedNative.
struct HookedFrame {
  uint32_t base;    // slot in the stack
  Handler resume;   // what its link says otherwise
  Value function;
};

// A coroutine's hook and what goes with it (hooks.h).
struct HookState {
  Value function = Value::Nil();
  uint8_t mask = 0;      // HookEvents
  bool running = false;  // no other is called
  uint32_t period = 0;   // instructions between count events
  uint32_t left = 0;     // instructions until the next
  uint32_t old_pc = 0;   // the last instruction that was looked at for a line event
  struct {
    size_t base = 0;  // slot of the frame's base; 0: none
    uint32_t first = 0, count = 0;
  } transfer;                       // what the call or return event is about whose hook runs
  std::vector<HookedFrame> frames;  // natives that tell of their return, from the bottom up
};

// Slots of pending to-be-closed variables, ascending. The memory is the coroutine's.
struct PendingSlots {
  uint32_t* slots;
  uint32_t size, capacity;

  bool empty() const { return size == 0; }
  uint32_t back() const { return slots[size - 1]; }
  void pop_back() { --size; }
};

struct Coroutine : Object {
  Value* stack;           // null once its function has returned
  uint32_t stack_size;  // slots allocated, kStackSlack included
  CoroutineStatus status;
  bool wrapped;         // last resumed by a function of coroutine.wrap
  bool failed;          // died of an error, which is `error`
  uint32_t native_depth;  // vm->native_depth of its own code: a yield needs the same
  uint32_t nesting_base;  // while running or normal: vm->nesting when it was resumed
  uint32_t nesting;       // else: how many of its own calls count there (see kMaxNesting)
  // While it does not run: its frame, as vm->base, top and pc are while it does.
  Value* base;
  Value* top;
  const lang::Word* pc;
  Value* switch_limit;  // limit(), or null where switches to it are out of the ordinary: it has hooks, a huge stack, or none
  Coroutine* resumer;   // while running or normal
  Upvalue* open_upvalues;
  PendingSlots to_be_closed;
  uint32_t index;         // in vm.coroutines, while it has a stack
  Value error;
  HookState* hooks;     // null until it has a hook; owned

  Value* limit() const { return stack + stack_size - kStackSlack; }
  // After any of these changed.
  void UpdateSwitchLimit() { switch_limit = hooks == nullptr && stack != nullptr && stack_size < kMaxNativeValues ? limit() : nullptr; }
};

// A suspended coroutine that will run `function` when first resumed.
Coroutine* NewCoroutine(Isolate& vm, const Value& function);
// Allocates the main coroutine; used by the isolate.
Coroutine* NewMainCoroutine(Isolate& vm);
// Frees the stack and what else the coroutine owns, but for its place in vm.coroutines.
void FreeCoroutineStack(Heap& heap, Coroutine* co);
// The function of `co` has returned: its stack is kept for the next coroutine, until the next collection, so that what is left in its slots is alive or
// at least not freed. It has no frames and no upvalues any more.
void ReleaseStack(Isolate& vm, Coroutine* co);
// Gives it one again, for hooks that are set on it.
void RestoreStack(Isolate& vm, Coroutine* co);
void FreeSpareStacks(Isolate& vm);

// Notes that a variable of the running coroutine is to be closed.
void PushToBeClosed(Isolate& vm, const Value* variable);

// Makes `co` the running coroutine (base, top and pc are left to the caller).
void SwitchTo(Isolate& vm, Coroutine* co);

// Reallocates the running coroutine's stack so that `needed` slots fit above vm->base; open upvalues, base and top move along. False: the stack would
// exceed its limit, or, if vm->stack_refused, the host refuses memory.
bool GrowStack(Isolate& vm, size_t needed);
// Lets the running coroutine's stack have kOverflowReserve slots more, for what handles its overflow. False: it has them already.
bool TakeReserve(Isolate& vm);
// Takes them back when `end`, where the values in use end, is below them.
void ReturnReserve(Isolate& vm, const Value* end);

// The upvalue for the stack slot, shared by all closures that capture it.
Upvalue* FindUpvalue(Isolate& vm, Value* slot);
// Closes the running coroutine's open upvalues at or above `level`.
void CloseUpvalues(Coroutine* co, const Value* level);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_COROUTINE_H_
