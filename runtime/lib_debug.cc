// The debug library: metatables, registry, user values, tracebacks, the prompt. lib_debug.h names the other parts.

#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/lib_common.h"
#include "runtime/lib_debug.h"
#include "runtime/library.h"
#include "runtime/load.h"

namespace perilune::vm {
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

// Userdata have no user values but those that their maker gave them; here nobody does.
NativeResult GetUserValue(NativeFrame& f) {
  int64_t n;
  if (!f.OptInteger(2, 1, &n)) return kRaised;
  return f.Return(Value::Nil());
}

NativeResult SetUserValue(NativeFrame& f) {
  int64_t n;
  if (!f.OptInteger(3, 1, &n) || !f.CheckType(1, Tag::kUserdata) || !f.CheckAny(2)) return kRaised;
  return f.Return(Value::Nil());
}

// Kept for compatibility, as in the reference: the limit is fixed.
NativeResult SetCStackLimit(NativeFrame& f) {
  constexpr int64_t kLimit = 200;
  int64_t ignored;
  if (!f.CheckInteger(1, &ignored)) return kRaised;
  return f.Return(Value::Integer(kLimit));
}

// The prompt: runs lines from the standard input until one says "cont".
NativeResult Prompt(NativeFrame& f) {
  Isolate& vm = f.vm;
  for (;;) {
    std::fputs("lua_debug> ", stderr);
    std::fflush(stderr);
    char line[250];
    const char* read;
    {
      const BlockingScope blocking(vm);
      read = std::fgets(line, sizeof(line), stdin);
    }
    if (read == nullptr || std::string_view(line) == "cont\n") return f.Return();
    const auto function = Load(vm, line, "=(debug command)", Value::Of(vm.globals()));
    std::string message;
    if (!function.ok()) {
      message = function.status().message();
    } else if (uint32_t count; vm.CallProtected(Value::Of(*function), {}, Value::Nil(), &count)) {
      vm.top -= count;
      continue;
    } else {
      String* text;
      if (!vm.ToDisplayString(vm.error, &text)) return kRaised;
      message = text->view();
    }
    std::fprintf(stderr, "%s\n", message.c_str());
    std::fflush(stderr);
  }
}

constexpr NativeEntry kFunctions[] = {
    {"debug", Prompt},
    {"gethook", DebugGetHook},
    {"getinfo", DebugGetInfo},
    {"getlocal", DebugGetLocal},
    {"getmetatable", GetMetatable},
    {"getregistry", GetRegistry},
    {"getupvalue", DebugGetUpvalue},
    {"getuservalue", GetUserValue},
    {"setcstacklimit", SetCStackLimit},
    {"sethook", DebugSetHook},
    {"setlocal", DebugSetLocal},
    {"setmetatable", SetMetatable},
    {"setupvalue", DebugSetUpvalue},
    {"setuservalue", SetUserValue},
    {"traceback", Traceback},
    {"upvalueid", DebugUpvalueId},
    {"upvaluejoin", DebugUpvalueJoin},
    {nullptr, nullptr},
};

}  // namespace

void OpenDebug(Isolate& vm) { NewLibrary(vm, "debug", kFunctions); }

}  // namespace perilune::vm
