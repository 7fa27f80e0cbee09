// [DOC] Frames on the Lua stack
//
//   slot   base[-2]   the function being called (first result slot after it returns)
//          base[-1]   FrameLink: where and how its caller goes on
//          base[0]..  parameters, locals, temporaries; natives: arguments, then pushed values up to vm->top
//
// A vararg function's frame stands above its arguments, `lift` slots higher than its caller put it (lift = n + num_params + 3):
//
//          base[-lift-2]  the function (results go here)
//          base[-lift-1]  nil, where the link was, and nil for each of the num_params parameters, which were moved up
//          base[-3-n]     the n extra arguments, which the function sees through `...`
//          base[-3]       the integer n
//          base[-2]       the function    base[-1] FrameLink    base[0].. parameters and registers
//
// The interpreter and machine code use the same layout, value for value. A FrameLink's position is at least 2^32, so that its slot
// is never taken for a value (value.h). The bottom frame of a coroutine has delta 0.

#ifndef PERILUNE_RUNTIME_FRAME_LAYOUT_H_
#define PERILUNE_RUNTIME_FRAME_LAYOUT_H_

#include <cstdint>

#include "runtime/handler.h"
#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm {

inline constexpr int kFrameHeader = 2;  // slots below base

// Slots above stack_limit that a frame may use before its callee's entry checks the limit: 255 registers, the next callee's header, and
// the arguments of a metamethod.
inline constexpr uint32_t kStackSlack = 280;
static_assert(kStackSlack >= 255 + kFrameHeader + kMaxFastResults);
inline constexpr uint32_t kInitialStack = kStackSlack + 40;
// A Lua stack never has more slots than this: room for over 190,000 calls. Above it "stack overflow" is raised; the handlers of that error
// may use kOverflowReserve more.
inline constexpr uint32_t kMaxStack = 2'000'000;  // fits FrameLink::position
inline constexpr uint32_t kOverflowReserve = 4'000;
// Values that natives may ask for with EnsureStack, as in the reference.
inline constexpr uint32_t kMaxNativeValues = 1'000'000;
// Calls nested in one another other than by a call of a script's own: protected calls, metamethods, message handlers, what library functions
// call, resumed coroutines. Runs of the virtual machine from native code are among them, so this bounds the native stack. The reference calls the
// overflow "C stack overflow" and has the same limit; handlers of that error may nest kNestingReserve deeper.
inline constexpr uint32_t kMaxNesting = 200;
inline constexpr uint32_t kNestingReserve = 20;

struct FrameLink {
  Handler resume;      // a return handler, or an address in machine code
  uint64_t position;   // of the caller: index of its call instruction | distance of the bases in slots << 32 | kTail

  static constexpr uint64_t kTail = uint64_t{1} << 56;  // the function was called in tail position: other calls may be missing before it
  static constexpr uint64_t kHook = uint64_t{1} << 57;       // the function is a hook, called at any instruction of its caller
  static constexpr uint64_t kFinalizer = uint64_t{1} << 58;  // the same of a finalizer
  static constexpr uint64_t kUnhandled = uint64_t{1} << 59;  // a __close metamethod runs because of an error that message handlers are not to see
  static constexpr uint64_t kBottom = uint64_t{1} << 63;
  static constexpr uint64_t Position(uint32_t pc, uint64_t delta) { return pc | delta << 32; }
  static uint32_t PcOf(uint64_t position) { return static_cast<uint32_t>(position); }
  static uint64_t DeltaOf(uint64_t position) { return (position >> 32) & 0xffffff; }
  bool is_bottom() const { return position == kBottom; }
  bool is_tail() const { return (position & kTail) != 0; }
  uint32_t pc() const { return PcOf(position); }
  uint64_t delta() const { return DeltaOf(position); }
  // The same link for a frame that stands higher.
  FrameLink Raised(uint64_t slots) const { return {resume, position + (slots << 32)}; }
  FrameLink Lowered(uint64_t slots) const { return {resume, position - (slots << 32)}; }
};
static_assert(sizeof(FrameLink) == sizeof(Value));

inline FrameLink& LinkOf(Value* base) { return *reinterpret_cast<FrameLink*>(base - 1); }
inline const FrameLink& LinkOf(const Value* base) { return *reinterpret_cast<const FrameLink*>(base - 1); }
inline Value& FunctionOf(Value* base) { return base[-2]; }
inline const Value& FunctionOf(const Value* base) { return base[-2]; }

inline ProtoInstance* InstanceOf(const LuaFunction* f) { return ProtoInstance::FromConstants(f->k); }
// The instance of the Lua function that runs in the frame at `base`.
inline ProtoInstance* InstanceAt(const Value* base) { return InstanceOf(FunctionOf(base).lua_function()); }
inline bool IsLuaFrame(const Value* base) { return FunctionOf(base).IsLuaFunction(); }

// Whether the frame is one that native code's protected call made, of which users need not know.
inline bool IsInternalFrame(const Value* base) {
  return FunctionOf(base).IsNativeFunction() && (FunctionOf(base).native_function()->flags & NativeFunction::kInternal) != 0;
}

// Number of extra arguments of the vararg function at `base`.
inline uint64_t ExtraArgs(const Value* base) { return base[-3].bits; }
// How far the frame of the vararg function at `base` stands above where its caller put it.
inline uint64_t VarargLift(const Value* base) { return ExtraArgs(base) + InstanceAt(base)->num_params + 3; }

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_FRAME_LAYOUT_H_
