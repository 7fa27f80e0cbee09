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
  // relaxed: a budget; that two threads take one unit at once does no harm
  if (slots->reprieve.load(std::memory_order_relaxed) > 0 && slots->reprieve.fetch_sub(1, std::memory_order_relaxed) > 0) {
    instance->hotness = kRecheck;
    return;
  }
  CompileState cold = CompileState::kCold;
  // relaxed: the state only elects who asks; the code itself is published through the slots
  if (slots->state.compare_exchange_strong(cold, CompileState::kQueued, std::memory_order_relaxed)) {
    slots->tier_record.Begin();
    slots->budget.store(InitialHotness(vm->engine(), *slots->proto), std::memory_order_relaxed);
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
  if (hot && loop != lang::kNoLoop && !instance->locals_written) {
    // After the poll, at which what was loaded before may have been retired. acquire: partner of the native tier's release store.
    *entry = instance->slots->loops[loop].load(std::memory_order_acquire);
    if (*entry != nullptr && !vm->watching) {
      vm->native_tier()->OnAdopt(vm->code_thread);
      instance->slots->tier_record.MarkUsed();
    }
  }
  return true;
}

void ReturnToInterpreter(ProtoSlots& slots) {
  // relaxed: hints. The state comes last, but a request that sees it early only comes early.
  slots.reprieve.store(slots.budget.load(std::memory_order_relaxed) / kRecheck, std::memory_order_relaxed);
  slots.evictions.fetch_add(1, std::memory_order_relaxed);
  slots.state.store(CompileState::kCold, std::memory_order_relaxed);
}

bool MayEnter(const Isolate& vm, const CallTarget& target) {
  return target.tier == Tier::kInterpreter || vm.native_tier()->MayEnter(vm.code_thread, target);
}

const CallTarget* FirstCall(ProtoSlots& slots) {
  slots.tier_record.MarkUsed();
  // acquire: partner of the native tier's release store
  const CallTarget* target = slots.target.load(std::memory_order_acquire);
  const CallTarget* next = target->next;
  if (next == nullptr) return target;  // another thread was here
  // release: partner of the loads of the slot; `next` was published together with `target`. relaxed on failure: whatever is there now stays.
  slots.target.compare_exchange_strong(target, next, std::memory_order_release, std::memory_order_relaxed);
  return next;
}

TierUpState InspectTierUp(const Engine& engine, const LuaFunction& function) {
  const ProtoInstance* instance = ProtoInstance::FromConstants(function.k);
  const ProtoSlots& slots = *function.slots;
  TierUpState s;
  s.interpreted_calls = instance->calls;
  s.native_calls = instance->native_calls;
  // relaxed: statistics
  s.state = slots.state.load(std::memory_order_relaxed);
  if (engine.native_tier() != nullptr) {
    s.budget = InitialHotness(engine, *slots.proto);
    if (s.state == CompileState::kCold) s.budget_left = std::max(instance->hotness, 0);
  }
  // acquire: partner of the native tier's release store, to read the target
  s.tier = slots.target.load(std::memory_order_acquire)->tier;
  s.compilations = slots.compilations.load(std::memory_order_relaxed);
  s.code_bytes = slots.code_bytes.load(std::memory_order_relaxed);
  s.refusal = slots.refusal.load(std::memory_order_relaxed);
  s.times = slots.tier_record.times();
  return s;
}

}  // namespace perilune::vm
