#include "runtime/tier_up.h"

#include <algorithm>

#include "runtime/calls.h"
#include "runtime/engine.h"
#include "runtime/frame_layout.h"

namespace perilune::vm {
namespace {

// Between two looks for compiled code once a function was requested, or where there is no native tier.
constexpr int32_t kRecheck = 256;
constexpr int32_t kNever = 1 << 30;

void RequestCompilation(Isolate* vm, ProtoInstance* instance) {
  NativeTier* tier = vm->engine().native_tier();
  if (tier == nullptr) {
    instance->hotness = kNever;
    return;
  }
  ProtoSlots* slots = instance->slots;
  CompileState cold = CompileState::kCold;
  // relaxed: the state only elects who asks; the code itself is published through the slots
  if (slots->state.compare_exchange_strong(cold, CompileState::kQueued, std::memory_order_relaxed)) {
    tier->Request(instance->module, slots);
  }
  instance->hotness = slots->state.load(std::memory_order_relaxed) == CompileState::kRefused ? kNever : kRecheck;
}

}  // namespace

int32_t InitialHotness(const Engine& engine, const lang::Proto& proto) {
  if (engine.native_tier() == nullptr) return kNever;
  const Tuning& tuning = engine.tuning();
  if (tuning.compile_at_first_call) return 0;
  return std::max(tuning.min_budget, static_cast<int32_t>(proto.code.size()) * tuning.words_factor);
}

const CallTarget* HotCall(Isolate* vm, ProtoInstance* instance) {
  if (instance->hotness < 0) RequestCompilation(vm, instance);
  // acquire: partner of the native tier's release store
  return instance->slots->target.load(std::memory_order_acquire);
}

bool BackEdge(Isolate* vm, Value* base, const lang::Word* pc, Value* k, uint32_t loop, const void** entry) {
  *entry = nullptr;
  vm->base = base;
  vm->pc = pc;
  ProtoInstance* instance = ProtoInstance::FromConstants(k);
  const bool hot = instance->hotness < 0;
  if (hot) RequestCompilation(vm, instance);
  if (vm->poll.load(std::memory_order_relaxed) != 0 && !Poll(vm)) return false;
  if (hot && loop != lang::kNoLoop) {
    // After the poll, at which what was loaded before may have been retired. acquire: partner of the native tier's release store.
    *entry = instance->slots->loops[loop].load(std::memory_order_acquire);
    if (*entry != nullptr) vm->native_tier()->OnEnterLoop(vm->code_thread);
  }
  return true;
}

}  // namespace perilune::vm
