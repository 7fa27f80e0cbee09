// Local variables and upvalues in the debug library.
//
// [DOC] Written locals. Machine code relies on what it has stored in its frame (jit/facts.h), so a frame that is written to goes on in the interpreter, and
// loops of its function are no more entered from there. What no handler checks is kept as it is: the types of a numeric loop's hidden variables, and
// the values of running native functions.

#include <optional>
#include <string>
#include <string_view>

#include "lang/symbolic_execution.h"
#include "runtime/debug_info.h"
#include "runtime/frame_layout.h"
#include "runtime/hooks.h"
#include "runtime/lib_common.h"
#include "runtime/lib_debug.h"

namespace perilune::vm {
namespace {

constexpr std::string_view kLoopState = "(for state)";

struct LocalSlot {
  std::string_view name;
  Value* slot;
};

// The reference's int; numbers outside of it name nothing.
int32_t ToIndex(int64_t n) { return static_cast<int32_t>(n); }

std::optional<LocalSlot> FindLocal(const LevelView& view, int32_t n) {
  Value* base = view.frame.base;
  const bool lua = view.frame.is_lua();
  if (n < 0) {
    if (!lua || !InstanceAt(base)->is_vararg || static_cast<uint64_t>(-int64_t{n}) > ExtraArgs(base)) return std::nullopt;
    return LocalSlot{"(vararg)", base - kFrameHeader - 1 - ExtraArgs(base) + (-int64_t{n} - 1)};
  }
  if (n == 0) return std::nullopt;
  Value* slot = base + (n - 1);
  if (lua) {
    if (n > InstanceAt(base)->max_stack) return std::nullopt;
    const auto name = lang::LocalNameAt(*InstanceAt(base)->proto, view.frame.pc, n - 1);
    if (name) return LocalSlot{*name, slot};
  }
  const Value* end = view.end;
  if (slot >= end) return std::nullopt;
  return LocalSlot{lua ? "(temporary)" : "(C temporary)", slot};
}

// Slots between values may hold frame links of calls that are over, and the nil of a generic loop may hold its position (Table::NextAt).
Value ValueIn(const Value* slot) { return !slot->IsNil() && slot->tag <= Tag::kCoroutine ? *slot : Value::Nil(); }

// The upvalue of the function that arguments `function` and `index` name.
struct UpvalueArg {
  Value function;
  int64_t index;  // from 1; 0: there is none
};
bool CheckUpvalue(NativeFrame& f, uint32_t function, uint32_t index, UpvalueArg* out) {
  int64_t n;
  if (!f.CheckInteger(index, &n) || !f.CheckFunction(function)) return false;
  n = ToIndex(n);
  out->function = f[function];
  out->index = n >= 1 && n <= out->function.object->aux ? n : 0;
  return true;
}

std::string_view NameOf(const UpvalueArg& u) {
  if (!u.function.IsLuaFunction()) return "";
  const std::string& name = InstanceOf(u.function.lua_function())->proto->upvalues[static_cast<size_t>(u.index - 1)].name;
  return name.empty() ? std::string_view("(no name)") : name;
}

Upvalue*& LuaUpvalue(const UpvalueArg& u) { return u.function.lua_function()->upvalues[u.index - 1]; }

}  // namespace

NativeResult DebugGetLocal(NativeFrame& f) {
  uint32_t shift;
  const Coroutine* co = CoroutineArg(f, &shift);
  int64_t n, level;
  if (!f.CheckInteger(shift + 2, &n)) return kRaised;
  if (f[shift + 1].IsFunction()) {
    // A function that does not run has parameters only.
    std::optional<std::string_view> name;
    if (f[shift + 1].IsLuaFunction() && n >= 1) {
      const lang::Proto& proto = *InstanceOf(f[shift + 1].lua_function())->proto;
      if (n <= proto.num_params) name = lang::LocalNameAt(proto, 0, static_cast<int>(n - 1));
    }
    return name ? f.Return(*name) : f.Return(Value::Nil());
  }
  if (!f.CheckInteger(shift + 1, &level)) return kRaised;
  const auto view = FrameAtLevel(&f.vm, co, static_cast<int32_t>(level));
  if (!view) return f.ArgError(shift + 1, "level out of range");
  const auto local = FindLocal(*view, ToIndex(n));
  if (!local) return f.Return(Value::Nil());
  return f.Return(Value::Of(f.vm.NewString(local->name)), ValueIn(local->slot));
}

NativeResult DebugSetLocal(NativeFrame& f) {
  uint32_t shift;
  Coroutine* co = CoroutineArg(f, &shift);
  int64_t n, level;
  if (!f.CheckInteger(shift + 1, &level) || !f.CheckInteger(shift + 2, &n)) return kRaised;
  const auto view = FrameAtLevel(&f.vm, co, static_cast<int32_t>(level));
  if (!view) return f.ArgError(shift + 1, "level out of range");
  if (!f.CheckAny(shift + 3)) return kRaised;
  const auto local = FindLocal(*view, ToIndex(n));
  if (!local) return f.Return(Value::Nil());
  const Value value = f[shift + 3];
  if (view->frame.is_lua() && (local->name != kLoopState || value.tag == local->slot->tag)) {
    if (view->frame.is_lua()) InstanceAt(view->frame.base)->locals_written = true;
    if (view->callee != nullptr) LeaveMachineCode(&f.vm, co, view->callee);
    *local->slot = value;
  }
  return f.Return(local->name);
}

NativeResult DebugGetUpvalue(NativeFrame& f) {
  UpvalueArg u;
  if (!CheckUpvalue(f, 1, 2, &u)) return kRaised;
  if (u.index == 0) return f.Return();
  const Value value = u.function.IsLuaFunction() ? *LuaUpvalue(u)->location : u.function.native_function()->upvalues[u.index - 1];
  return f.Return(Value::Of(f.vm.NewString(NameOf(u))), value);
}

// Native functions rely on what they made their upvalues.
NativeResult DebugSetUpvalue(NativeFrame& f) {
  UpvalueArg u;
  if (!f.CheckAny(3) || !CheckUpvalue(f, 1, 2, &u)) return kRaised;
  if (u.index == 0) return f.Return();
  if (u.function.IsLuaFunction()) *LuaUpvalue(u)->location = f[3];
  return f.Return(NameOf(u));
}

NativeResult DebugUpvalueId(NativeFrame& f) {
  UpvalueArg u;
  if (!CheckUpvalue(f, 1, 2, &u)) return kRaised;
  if (u.index == 0) return f.Return(Value::Nil());
  return f.Return(Value::LightUserdata(u.function.IsLuaFunction() ? static_cast<void*>(LuaUpvalue(u))
                                                                  : &u.function.native_function()->upvalues[u.index - 1]));
}

NativeResult DebugUpvalueJoin(NativeFrame& f) {
  UpvalueArg to, from;
  if (!CheckUpvalue(f, 1, 2, &to)) return kRaised;
  if (to.index == 0) return f.ArgError(2, "invalid upvalue index");
  if (!CheckUpvalue(f, 3, 4, &from)) return kRaised;
  if (from.index == 0) return f.ArgError(4, "invalid upvalue index");
  if (!to.function.IsLuaFunction()) return f.ArgError(1, "Lua function expected");
  if (!from.function.IsLuaFunction()) return f.ArgError(3, "Lua function expected");
  LuaUpvalue(to) = LuaUpvalue(from);
  return f.Return();
}

}  // namespace perilune::vm
