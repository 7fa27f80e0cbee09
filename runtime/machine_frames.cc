#include "runtime/machine_frames.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/hooks.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

enum class Leave : uint8_t { kNone, kRetiring, kAll };

class Visit {
 public:
  explicit Visit(Leave leave) : leave_(leave) {}

  // `resume` is where the link of the frame at `base` leads, hooks aside.
  void Look(const Value* base, Handler* resume) {
    const FrameLink& link = LinkOf(base);
    const Value* caller = base - link.delta();
    if (!IsLuaFrame(caller)) return;
    const ProtoInstance* instance = InstanceAt(caller);
    if (*resume == &ReturnToNative || *resume == &ReturnToNativeUnwind) {
      pinned_.push_back(instance->slots);
      return;
    }
    if (leave_ == Leave::kNone || IsReturnHandler(*resume)) return;
    // relaxed: a hint; and set by the tier before it asked for this visit
    instance->slots->seen.store(true, std::memory_order_relaxed);
    if (leave_ == Leave::kAll || instance->slots->retiring.load(std::memory_order_relaxed)) {
      *resume = InterpreterResume(lang::OpOf(instance->code[link.pc()]));
    }
  }

  std::vector<const ProtoSlots*> TakePinned() { return std::move(pinned_); }

 private:
  const Leave leave_;
  std::vector<const ProtoSlots*> pinned_;
};

std::vector<const ProtoSlots*> VisitAll(Isolate* vm, Leave leave) {
  Visit visit(leave);
  for (Coroutine* co : vm->coroutines) {
    if (co->stack == nullptr) continue;
    Value* base = co == vm->coroutine ? vm->base : co->base;
    // relaxed: a hint
    if (co == vm->coroutine && IsLuaFrame(base)) InstanceAt(base)->slots->seen.store(true, std::memory_order_relaxed);
    for (; !LinkOf(base).is_bottom(); base -= LinkOf(base).delta()) visit.Look(base, &LinkOf(base).resume);
    if (co->hooks == nullptr) continue;
    for (HookedFrame& frame : co->hooks->frames) {
      // Those of frames that an error ended stay noted for a while; their links are other frames' now.
      Value* at = co->stack + frame.base;
      if (LinkOf(at).resume == &ReturnFromHookedNative) visit.Look(at, &frame.resume);
    }
  }
  return visit.TakePinned();
}

}  // namespace

bool IsReturnHandler(Handler resume) {
  static constexpr Handler kAll[] = {&ReturnToCall,    &ReturnToTForCall, &ReturnToTailCall, &ReturnToOp,
                                     &ReturnThrough,   &ReturnToPcall,    &ReturnToXpcall,   &ReturnToNative,
                                     &ReturnToResumer, &ReturnToUnwind,   &ReturnToNativeUnwind, &ReturnFromMessageHandler,
                                     &ReturnFromHookedNative};
  return std::find(std::begin(kAll), std::end(kAll), resume) != std::end(kAll);
}

Handler InterpreterResume(lang::Op op) {
  switch (op) {
    case lang::Op::kCall: return &ReturnToCall;
    case lang::Op::kTForCall: return &ReturnToTForCall;
    case lang::Op::kTailCall: return &ReturnToTailCall;
    default: return &ReturnToOp;
  }
}

std::vector<const ProtoSlots*> LeaveRetiredCode(Isolate* vm, bool all) { return VisitAll(vm, all ? Leave::kAll : Leave::kRetiring); }
std::vector<const ProtoSlots*> PinnedCode(Isolate* vm) { return VisitAll(vm, Leave::kNone); }

}  // namespace perilune::vm
