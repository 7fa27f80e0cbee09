// debug.getinfo.

#include <optional>
#include <string>
#include <string_view>

#include "lang/bytecode.h"
#include "lang/diagnostic.h"
#include "runtime/debug_info.h"
#include "runtime/frame_layout.h"
#include "runtime/hooks.h"
#include "runtime/lib_common.h"
#include "runtime/lib_debug.h"

namespace perilune::vm {
namespace {

// What is asked about: a function, and its frame if it is a running one.
struct Subject {
  Value function;
  const lang::Proto* proto;  // null for natives
  Coroutine* coroutine;
  std::optional<FrameView> frame;
};

void SetInteger(Isolate& vm, Table* t, const char* name, int64_t value) { SetField(vm, t, name, Value::Integer(value)); }
void SetText(Isolate& vm, Table* t, const char* name, std::string_view text) { SetField(vm, t, name, Value::Of(vm.NewString(text))); }

void AddSource(Isolate& vm, const Subject& s, Table* t) {
  SetText(vm, t, "source", s.proto != nullptr ? *s.proto->source : "=[C]");
  SetText(vm, t, "short_src", s.proto != nullptr ? lang::ChunkId(*s.proto->source) : "[C]");
  SetInteger(vm, t, "linedefined", s.proto != nullptr ? s.proto->line_defined : -1);
  SetInteger(vm, t, "lastlinedefined", s.proto != nullptr ? s.proto->last_line_defined : -1);
  SetText(vm, t, "what", s.proto == nullptr ? "C" : s.proto->line_defined == 0 ? "main" : "Lua");
}

void AddUpvalues(Isolate& vm, const Subject& s, Table* t) {
  SetInteger(vm, t, "nups", s.function.object->aux);
  SetInteger(vm, t, "nparams", s.proto != nullptr ? s.proto->num_params : 0);
  SetField(vm, t, "isvararg", Value::Boolean(s.proto == nullptr || s.proto->is_vararg));
}

void AddName(Isolate& vm, const Subject& s, Table* t) {
  const auto name = s.frame ? NameOfFunction(*s.frame) : std::nullopt;
  if (name) SetText(vm, t, "name", name->name);
  SetText(vm, t, "namewhat", name ? name->what : "");
}

void AddTransfer(Isolate& vm, const Subject& s, Table* t) {
  uint32_t first = 0, count = 0;
  if (s.frame) TransferOf(s.coroutine, s.frame->base, &first, &count);
  SetInteger(vm, t, "ftransfer", first);
  SetInteger(vm, t, "ntransfer", count);
}

// False: an error was raised.
bool AddActiveLines(Isolate& vm, const Subject& s, Table* t) {
  if (s.proto == nullptr) return true;
  Table* lines = vm.NewTable();
  for (const int32_t line : s.proto->lines) {
    if (line >= 0 && !vm.RawSet(lines, Value::Integer(line), Value::Boolean(true))) return false;
  }
  SetField(vm, t, "activelines", Value::Of(lines));
  return true;
}

}  // namespace

NativeResult DebugGetInfo(NativeFrame& f) {
  uint32_t shift;
  Subject s{};
  s.coroutine = CoroutineArg(f, &shift);
  std::string_view options;
  if (!f.OptString(shift + 2, "flnSrtu", &options)) return kRaised;
  if (options.starts_with('>')) return f.ArgError(shift + 2, "invalid option '>'");
  if (f[shift + 1].IsFunction()) {
    s.function = f[shift + 1];
  } else {
    int64_t level;
    if (!f.CheckInteger(shift + 1, &level)) return kRaised;
    const auto view = FrameAtLevel(&f.vm, s.coroutine, static_cast<int32_t>(level));
    if (!view) return f.Return(Value::Nil());
    s.frame = view->frame;
    s.function = FunctionOf(view->frame.base);
  }
  if (options.find_first_not_of("SlnrutLf") != std::string_view::npos) return f.ArgError(shift + 2, "invalid option");
  s.proto = s.function.IsLuaFunction() ? InstanceOf(s.function.lua_function())->proto : nullptr;
  Isolate& vm = f.vm;
  Table* t = vm.NewTable();
  const auto wants = [options](char option) { return options.find(option) != std::string_view::npos; };
  if (wants('S')) AddSource(vm, s, t);
  if (wants('l')) SetInteger(vm, t, "currentline", s.frame ? s.frame->current_line() : -1);
  if (wants('u')) AddUpvalues(vm, s, t);
  if (wants('n')) AddName(vm, s, t);
  if (wants('r')) AddTransfer(vm, s, t);
  if (wants('t')) SetField(vm, t, "istailcall", Value::Boolean(s.frame && s.frame->is_tail_call()));
  if (wants('L') && !AddActiveLines(vm, s, t)) return kRaised;
  if (wants('f')) SetField(vm, t, "func", s.function);
  return f.Return(Value::Of(t));
}

}  // namespace perilune::vm
