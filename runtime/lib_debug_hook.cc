// debug.sethook and debug.gethook; hooks.h is what they set.

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/hooks.h"
#include "runtime/lib_common.h"
#include "runtime/lib_debug.h"

namespace perilune::vm {

NativeResult DebugSetHook(NativeFrame& f) {
  uint32_t shift;
  Coroutine* co = CoroutineArg(f, &shift);
  if (f.IsNoneOrNil(shift + 1)) {
    SetHook(&f.vm, co, Value::Nil(), 0, 0);
    return f.Return();
  }
  std::string_view events;
  int64_t count;
  if (!f.CheckString(shift + 2, &events) || !f.CheckFunction(shift + 1) || !f.OptInteger(shift + 3, 0, &count)) return kRaised;
  uint32_t mask = 0;
  if (events.find('c') != std::string_view::npos) mask |= kHookCall;
  if (events.find('r') != std::string_view::npos) mask |= kHookReturn;
  if (events.find('l') != std::string_view::npos) mask |= kHookLine;
  const auto period = static_cast<int32_t>(count);  // the reference's int
  if (period > 0) mask |= kHookCount;
  SetHook(&f.vm, co, f[shift + 1], static_cast<uint8_t>(mask), period > 0 ? static_cast<uint32_t>(period) : 0);
  return f.Return();
}

NativeResult DebugGetHook(NativeFrame& f) {
  uint32_t shift;
  const Coroutine* co = CoroutineArg(f, &shift);
  const HookState* hooks = co->hooks;
  if (hooks == nullptr || hooks->mask == 0) return f.Return(Value::Nil());
  std::string events;
  if (hooks->mask & kHookCall) events += 'c';
  if (hooks->mask & kHookReturn) events += 'r';
  if (hooks->mask & kHookLine) events += 'l';
  return f.Return(hooks->function, Value::Of(f.vm.NewString(events)), Value::Integer(hooks->period));
}

}  // namespace perilune::vm
