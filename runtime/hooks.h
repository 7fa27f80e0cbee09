// Debug hooks: a function of a coroutine that is called at its calls, returns, new lines, or every so many instructions (debug.sethook).
//
// [DOC] Hooks cost nothing while there are none. While the running coroutine has one (Isolate::hooking; for the first two points it is enough that
// instructions are counted, Isolate::watching),
//   - Isolate::dispatch is kWatchedHandlers: each instruction is looked at, then carried out by its plain handler
//   - a poll is wanted all the time, so that every entry of a function takes its slow path, EnterSlow: there calls are seen, and there machine code is
//     left for the interpreter
//   - no frame of the coroutine goes on in machine code: RedirectFrames, when the hook is set, makes them resume in the interpreter
//   - a native function's link leads to ReturnFromHookedNative, which tells the hook and then goes where the link led before
//     (HookState::frames)
// Handlers pass the dispatch table on; where hooks can have been turned on or off they take it from the isolate. A handler of kWatchedHandlers that finds
// them off does so too.
//
// Hooks are nested runs of the virtual machine, so they cannot yield. Nothing is hooked in them, nor in finalizers. Order of events, and which instructions begin a line,
// are the reference's.

#ifndef PERILUNE_RUNTIME_HOOKS_H_
#define PERILUNE_RUNTIME_HOOKS_H_

#include <cstdint>

#include "runtime/coroutine.h"
#include "runtime/handler.h"
#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune::vm {

enum HookEvents : uint8_t { kHookCall = 1, kHookReturn = 2, kHookLine = 4, kHookCount = 8 };

// Sets the coroutine's hook, or none if `mask` is 0. `period`: instructions between count events.
void SetHook(Isolate* vm, Coroutine* co, const Value& function, uint8_t mask, uint32_t period);

// Makes `hooking` and what depends on it fit the running coroutine.
void ChangeWatching(Isolate* vm);
inline void UpdateHooking(Isolate* vm) {
  if (vm->coroutine->hooks != nullptr || vm->hooking) ChangeWatching(vm);
}

// Makes the frame that called the one at `callee` go on in the interpreter when that returns, if it is one of machine code; its values may then be
// changed.
void LeaveMachineCode(Isolate* vm, Coroutine* co, Value* callee);

// What the link of the frame at `base`, of the running coroutine, says, whether or not hooks changed it.
Handler ResumeOf(const Isolate* vm, const Value* base);

// The values that a call or return event is about, as debug.getinfo's "r" gives them, if the frame at `base` has one; else both 0.
void TransferOf(const Coroutine* co, const Value* base, uint32_t* first, uint32_t* count);

// ---- Events. They leave the frame as vm->base, which may have moved. False: the hook raised an error.

// A Lua function begins; its frame is complete.
bool HookLuaCall(Isolate* vm, Value* base);
// A native function begins, vm->base is its frame.
bool HookNativeCall(Isolate* vm, uint32_t nargs);
// The Lua function at vm->base, vm->pc returns.
bool HookReturn(Isolate* vm, const Value* results, uint64_t count);
// The instruction vm->pc of the frame vm->base is next: the budget of instructions, count and line.
bool WatchInstruction(Isolate* vm);
// The native function whose frame was at `base` returned `count` results, from base[-2] on.
Transfer FinishHookedNative(Isolate* vm, Value* base, uint64_t count, uint64_t position);

// Handlers by opcode, for `dispatch` while watching.
extern const Handler kWatchedHandlers[];

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_HOOKS_H_
