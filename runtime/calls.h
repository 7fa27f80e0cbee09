// Calls, returns and errors as frames: what handlers, semantic functions, the library's C++ code and machine code share.

#ifndef PERILUNE_RUNTIME_CALLS_H_
#define PERILUNE_RUNTIME_CALLS_H_

#include <atomic>
#include <cassert>
#include <cstdint>
#include <initializer_list>

#include "runtime/collector.h"
#include "runtime/frame_layout.h"
#include "runtime/handler.h"
#include "runtime/isolate.h"
#include "runtime/module.h"
#include "runtime/tier_up.h"

namespace perilune::vm {

// Counts a nested call (see kMaxNesting), which ends when vm->nesting is what it was before. False: too many; "C stack overflow" was raised, or, when
// that was being handled, "error in error handling".
[[nodiscard]] bool EnterNested(Isolate* vm);

// vm->nesting without that of the running coroutine's resumers, which may be others when it is resumed again: what frames remember.
uint32_t OwnNesting(const Isolate* vm);
void SetOwnNesting(Isolate* vm, uint32_t nesting);

// Where the values of the running frame end: above it a new frame may be put.
Value* FrameEnd(Isolate* vm);

// Puts the value's __call in its place, and the value before the arguments; the stack may move. False: it has none, an error was raised.
bool ResolveCall(Isolate* vm, Value** f, uint64_t* nargs);

// Goes to the function in `f`, whose link (f[1]) is stored and whose `nargs` arguments stand from f[2] on; __call is resolved. vm->base and pc are
// the caller's.
Transfer CallValue(Isolate* vm, Value* f, uint64_t nargs);

// The same for a Lua function.
inline Transfer CallLuaFunction(Isolate* vm, Value* f, uint64_t nargs) {
  LuaFunction* function = f->lua_function();
  vm->next_k = function->k;
  vm->next_word = nargs;
  // acquire: partner of the native tier's release store of a published target
  const CallTarget* target = function->slots->target.load(std::memory_order_acquire);
  assert(MayEnter(*vm, *target));
  return {reinterpret_cast<Handler>(const_cast<void*>(target->entry)), f + kFrameHeader};
}

// A comparison's state: the metamethod answers the opposite of what was asked.
inline constexpr int64_t kNegateResult = 1;

// Calls a metamethod for the op at `pc` of the Lua frame at `base`, in a frame above all of that frame's values. When it returns, FinishOp
// completes the op. Below the function stand two slots: f[-2] the op's state, f[-1] an address in machine code to go on at, or nil.
Transfer CallMetamethod(Isolate* vm, Value* base, const lang::Word* pc, const Value& method, std::initializer_list<Value> args,
                        int64_t state = 0);

// Completes the op at vm->pc in the frame vm->base; the metamethod was called from `f`, its results stand there.
Transfer FinishOp(Isolate* vm, Value* f, uint64_t results);

// Ops that go on after a metamethod they called.
Transfer ContinueConcat(Isolate* vm, Value* base, const lang::Word* pc, uint32_t first, uint32_t count);
Transfer ContinueReturn(Isolate* vm, Value* base, const lang::Word* pc, const Value* results, uint64_t count);

// Returns `count` results standing at `results` to the caller of the Lua frame at `base`.
Transfer ReturnResults(Isolate* vm, Value* base, const Value* results, uint64_t count, bool vararg);

// Registers the value as a pending to-be-closed variable unless it is false or nil. False: it has no __close; raised.
bool MarkToBeClosed(Isolate* vm, Value* variable);

// Carries vm->error from the frame vm->base (or the call vm->refused) to the innermost protected call, to C++, or to the coroutine's resumer,
// calling message handlers and __close methods on the way.
Transfer Unwind(Isolate* vm);
// The rest of unwinding to the frame `protector`: a pcall or xpcall, or (to_native) the one whose C++ code runs Lua.
Transfer ContinueUnwind(Isolate* vm, Value* protector, bool to_native);

// Slow part of function entry, when base is above vm->stack_limit: polls, grows the stack. Answers the frame's base, which may have moved, or null:
// an error was raised.
Value* EnterSlow(Isolate* vm, Value* base, uint64_t nargs);
// Goes on in the interpreter with the instruction at `pc` of the Lua frame vm->base.
Transfer ContinueInInterpreter(Isolate* vm, const lang::Word* pc);
// The same as EnterSlow for machine code, which goes on where the transfer leads if that is anywhere.
Transfer EnterSlowFromMachineCode(Isolate* vm, Value* base, uint64_t nargs);
// A poll in machine code, at the back-edge vm->pc, which goes on where the transfer leads if that is anywhere.
Transfer PollFromMachineCode(Isolate* vm);
// Moves a vararg function's frame above its arguments. Answers the new base, or null: an error was raised.
Value* AdjustVarargs(Isolate* vm, Value* base, uint64_t nargs);
// Does what a poll wants done (collection, finalizers, interrupts). In a Lua frame vm->pc is a back-edge or its target, unless keep_top says where
// the values in use end. False: an error was raised.
bool Poll(Isolate* vm);
// The same in any frame, with all native frames as roots or not.
bool PollAnywhere(Isolate* vm, NativeRoots roots);

// Runs the virtual machine with CallValue(vm, f, nargs) until ExitVm; then vm->base is again the caller's frame, wherever the stack is now.
void RunCall(Isolate* vm, Value* f, uint64_t nargs);

// One run of the virtual machine, for the above: native_sp is what the next deeper run or collection needs; the caller restores it.
#if defined(__aarch64__)
extern "C" PERILUNE_HANDLER_CC void perilune_enter_vm(Isolate* vm, Value* base, const lang::Word* pc, Value* k, const void* dispatch, uint64_t word,
                                                      Handler target);
inline void EnterVm(Isolate* vm, const Transfer& start) {
  perilune_enter_vm(vm, start.base, vm->next_pc, vm->next_k, vm->dispatch, vm->next_word, start.target);
}
#else
void EnterVm(Isolate* vm, const Transfer& start);
#endif

// Coroutine switches; the frame at `base` is that of the native function (resume, wrapped function, yield).
Transfer Resume(Isolate* vm, Value* base, uint64_t nargs, bool wrapped);
Transfer Yield(Isolate* vm, Value* base, uint64_t nargs);
Transfer FinishCoroutine(Isolate* vm, const Value* results, uint64_t count);
// The coroutine died of co->error: goes on in its resumer.
Transfer ReturnErrorToResumer(Isolate* vm, Coroutine* co);
// Closes a suspended or dead coroutine: its pending variables are closed with its error, in it, as the running coroutine. Answers false with vm->error
// set when it had, or one of them raised, an error.
bool CloseCoroutine(Isolate* vm, Coroutine* co);
// Ends the isolate's program from within, as lua_close does: closes the main coroutine's pending variables, then calls all finalizers. No frame may be
// returned to after it.
void CloseIsolate(Isolate* vm);

// Pending to-be-closed variables at or above `level` in the running coroutine?
bool HasToBeClosed(const Isolate* vm, const Value* level);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_CALLS_H_
