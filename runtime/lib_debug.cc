// The part of the debug library that programs use without a debugger.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/lib_common.h"
#include "runtime/library.h"

namespace perilune {
namespace {

NativeResult Traceback(NativeFrame& f) {
  const Coroutine* co = f.vm.coroutine;
  uint32_t arg = 1;
  if (f[1].IsCoroutine()) {
    co = f[1].coroutine();
    arg = 2;
  }
  if (!IsStringOrNumber(f[arg]) && !f.IsNoneOrNil(arg))
    return f.Return(f[arg]);  // no message: left as it is
  std::string_view message;
  if (!f.OptString(arg, "", &message)) return kRaised;
  int64_t level;
  if (!f.OptInteger(arg + 1, co == f.vm.coroutine ? 1 : 0, &level)) return kRaised;
  if (level < 0 || level > std::numeric_limits<int>::max())
    level = std::numeric_limits<int>::max();  // no such level
  return f.Return(
      f.vm.Traceback(co, f.IsNoneOrNil(arg) ? nullptr : &message, static_cast<int>(level)));
}

NativeResult GetMetatable(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  const Table* metatable = f.vm.MetatableOf(f[1]);
  return f.Return(metatable == nullptr ? Value::Nil() : Value::Of(metatable));
}

NativeResult SetMetatable(NativeFrame& f) {
  const Value metatable = f[2];
  if (!metatable.IsTable() && (f.IsNone(2) || !metatable.IsNil()))
    return f.TypeError(2, "nil or table");
  f.vm.SetMetatable(f[1], metatable.IsTable() ? metatable.table() : nullptr);
  return f.Return(f[1]);
}

NativeResult GetRegistry(NativeFrame& f) { return f.Return(Value::Of(f.vm.registry())); }

constexpr NativeEntry kFunctions[] = {
    {"getmetatable", GetMetatable}, {"getregistry", GetRegistry}, {"setmetatable", SetMetatable},
    {"traceback", Traceback},       {nullptr, nullptr},
};

}  // namespace

void OpenDebug(Isolate& vm) { NewLibrary(vm, "debug", kFunctions); }

}  // namespace perilune
