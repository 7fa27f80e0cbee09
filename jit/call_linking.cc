#include "jit/call_linking.h"

#include "jit/code_slots.h"
#include "runtime/engine.h"
#include "runtime/native_tier.h"

namespace perilune::vm::jit {

Transfer CallAndLink(Isolate* vm, Value* base, uint64_t nargs, std::atomic<const CallTarget*>* slot) {
  const FrameLink& link = LinkOf(base);
  vm->base = base - link.delta();
  const ProtoInstance* caller = InstanceAt(vm->base);
  vm->pc = caller->code + link.pc();
  Value* f = base - kFrameHeader;
  if (slot != nullptr && f->IsLuaFunction()) {
    const ProtoSlots* callee = f->lua_function()->slots;
    const CallTarget* exact = slots::Load(callee->target)->exact;
    if (exact != nullptr && nargs == callee->proto->num_params && callee->module == caller->slots->module) {
      const auto replaceable = [callee](const CallTarget* linked) { return linked->slots == nullptr || linked->slots == callee; };
      if (slots::Link(*slot, exact, replaceable)) {
        vm->engine().slots_relinked.fetch_add(1, std::memory_order_relaxed);  // relaxed: a statistic
      }
    }
  }
  return CallValue(vm, f, nargs);
}

namespace {

const CallTarget* TargetOf(Value* k) {
  return slots::Load(ProtoInstance::FromConstants(k)->slots->target);
}

const void* Adopt(Isolate* vm, const CallTarget& target) {
  vm->native_tier()->OnAdopt(vm->code_thread);
  // relaxed: read by this thread only
  vm->code_thread.jumps[target.jump].store(target.direct, std::memory_order_relaxed);
  return target.direct;
}

}  // namespace

const void* AdoptEntry(Isolate* vm, Value* k) {
  const CallTarget* target = TargetOf(k);
  return target->tier == Tier::kNative ? Adopt(vm, *target) : target->entry;
}

const void* AdoptExact(Isolate* vm, Value* k) {
  const CallTarget* exact = TargetOf(k)->exact;
  return exact != nullptr ? Adopt(vm, *exact) : nullptr;
}

}  // namespace perilune::vm::jit
