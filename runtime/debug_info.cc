#include "runtime/debug_info.h"

#include "lang/diagnostic.h"
#include "lang/symbolic_execution.h"
#include "runtime/arithmetic.h"
#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/table.h"

namespace perilune::vm {
namespace {

// Levels of a long traceback that are shown at its beginning and end.
constexpr int kFirstLevels = 10;
constexpr int kLastLevels = 11;

uint32_t RunningPc(const Isolate* vm) { return static_cast<uint32_t>(vm->pc - InstanceAt(vm->base)->code); }

// " (global 'x')". Like the reference's, such a name ends at a zero byte.
std::string NameInfo(const lang::ValueName& name) {
  return " (" + std::string(name.kind) + " '" + std::string(name.name.substr(0, name.name.find('\0'))) + "')";
}

// The same for an operand of the running Lua function, or nothing.
std::string VariableInfo(const Isolate* vm, const Value* operand) {
  if (!IsLuaFrame(vm->base)) return "";
  const LuaFunction* f = FunctionOf(vm->base).lua_function();
  const ProtoInstance* instance = InstanceOf(f);
  std::optional<lang::ValueName> name;
  for (uint32_t i = 0; i < f->aux && !name; ++i) {
    if (f->upvalues[i]->location == operand) name = lang::ValueName{"upvalue", lang::UpvalueName(*instance->proto, i)};
  }
  if (!name && operand >= vm->base && operand < vm->base + instance->max_stack) {
    name = lang::NameOfRegister(*instance->proto, RunningPc(vm), static_cast<int>(operand - vm->base));
  }
  return name ? NameInfo(*name) : "";
}

void RaiseOperation(Isolate* vm, const Value* operand, const char* operation, const std::string& info) {
  vm->RaiseRuntimeError("attempt to " + std::string(operation) + " a " + TypeNameForMessage(vm, *operand) + " value" + info);
}

}  // namespace

std::string TypeNameForMessage(const Isolate* vm, const Value& v) {
  if (v.IsTable() || v.IsUserdata()) {
    const Value name = vm->Metamethod(v, Event::kName);
    if (name.IsString()) return std::string(name.string()->view());
  }
  return TypeName(v.tag);
}

void RaiseTypeError(Isolate* vm, const Value* operand, const char* operation) {
  RaiseOperation(vm, operand, operation, VariableInfo(vm, operand));
}

void RaiseIndexError(Isolate* vm, const Value* object, const Value&) { RaiseTypeError(vm, object, "index"); }

void RaiseCallError(Isolate* vm, const Value* callee) {
  if (IsLuaFrame(vm->base)) {
    const auto name = lang::FunctionNameAt(*InstanceAt(vm->base)->proto, RunningPc(vm));
    if (name) {
      RaiseOperation(vm, callee, "call", NameInfo(*name));
      return;
    }
  }
  RaiseTypeError(vm, callee, "call");
}

void RaiseOperandError(Isolate* vm, const Value* a, const Value* b, const char* operation) {
  RaiseTypeError(vm, a->IsNumber() ? b : a, operation);
}

void RaiseConcatError(Isolate* vm, const Value* a, const Value* b) {
  RaiseTypeError(vm, a->IsString() || a->IsNumber() ? b : a, "concatenate");
}

void RaiseToIntegerError(Isolate* vm, const Value* a, const Value* b) {
  int64_t ignored;
  const Value* blamed = NumberToInteger(*a, &ignored) ? b : a;
  vm->RaiseRuntimeError("number" + VariableInfo(vm, blamed) + " has no integer representation");
}

void RaiseCompareError(Isolate* vm, const Value& a, const Value& b) {
  const std::string left = TypeNameForMessage(vm, a), right = TypeNameForMessage(vm, b);
  vm->RaiseRuntimeError(left == right ? "attempt to compare two " + left + " values" : "attempt to compare " + left + " with " + right);
}

void RaiseForError(Isolate* vm, const Value& v, const char* what) {
  vm->RaiseRuntimeError("bad 'for' " + std::string(what) + " (number expected, got " + TypeNameForMessage(vm, v) + ")");
}

void RaiseNotClosable(Isolate* vm, const Value* variable) {
  const char* name = LocalNameAt(vm->base, vm->pc, variable);
  vm->RaiseRuntimeError("variable '" + std::string(name != nullptr ? name : "?") + "' got a non-closable value");
}

void RaiseStackOverflow(Isolate* vm) {
  if (!vm->stack_refused && TakeReserve(*vm)) {
    vm->RaiseOverflow("stack overflow");
  } else if (vm->stack_refused) {
    vm->RaiseMemoryError();
  } else {
    // Whoever handles the first overflow needs more than the reserve.
    vm->Raise(Value::Of(vm->NewString(kErrorInErrorHandling)));
    vm->unhandled = true;
  }
}

const char* LocalNameAt(const Value* base, const lang::Word* pc, const Value* slot) {
  if (!IsLuaFrame(base)) return nullptr;
  const ProtoInstance* instance = InstanceAt(base);
  const auto name = lang::LocalNameAt(*instance->proto, static_cast<size_t>(pc - instance->code), static_cast<int>(slot - base));
  return name ? name->data() : nullptr;  // views a std::string of the Proto, so NUL-terminated
}

// ---- Frames.

bool FrameView::is_bottom() const { return LinkOf(base).is_bottom(); }
bool FrameView::is_tail_call() const { return LinkOf(base).is_tail(); }
bool FrameView::is_lua() const { return IsLuaFrame(base); }

namespace {

FrameView DirectCaller(const FrameView& frame) {
  const FrameLink& link = LinkOf(frame.base);
  return {frame.base - link.delta(), link.pc()};
}

}  // namespace

FrameView FrameView::caller() const {
  const FrameView direct = DirectCaller(*this);
  if (!IsInternalFrame(direct.base)) return direct;
  // The outermost one stands for the host.
  const FrameView next = DirectCaller(direct);
  return next.is_bottom() ? direct : next;
}

int32_t FrameView::current_line() const {
  if (!is_lua()) return -1;
  const auto& lines = InstanceAt(base)->proto->lines;
  return pc < lines.size() ? lines[pc] : -1;
}

FrameView TopFrame(const Isolate* vm, const Coroutine* co) {
  const bool running = co == vm->coroutine;
  Value* base = running ? vm->base : co->base;
  const lang::Word* pc = running ? vm->pc : co->pc;
  return {base, IsLuaFrame(base) ? static_cast<uint32_t>(pc - InstanceAt(base)->code) : 0};
}

std::optional<LevelView> FrameAtLevel(const Isolate* vm, const Coroutine* co, int64_t level) {
  LevelView view{TopFrame(vm, co), nullptr, co == vm->coroutine ? vm->top : co->top};
  if (level < 0) return std::nullopt;
  for (; !view.frame.is_bottom(); --level) {
    if (level == 0) return view;
    view.callee = view.frame.base;
    // A vararg function's frame was lifted above its arguments.
    const bool lifted = IsLuaFrame(view.callee) && InstanceAt(view.callee)->is_vararg;
    view.end = view.callee - (lifted ? VarargLift(view.callee) : 0) - kFrameHeader;
    view.frame = view.frame.caller();
  }
  return std::nullopt;
}

std::optional<CallerName> NameOfFunction(const FrameView& frame) {
  if (frame.is_bottom() || frame.is_tail_call()) return std::nullopt;
  const uint64_t position = LinkOf(frame.base).position;
  if (position & FrameLink::kHook) return CallerName{"hook", "?"};
  if (position & FrameLink::kFinalizer) return CallerName{"metamethod", "__gc"};
  const FrameView caller = frame.caller();
  if (!caller.is_lua()) return std::nullopt;
  const auto name = lang::FunctionNameAt(*InstanceAt(caller.base)->proto, caller.pc);
  if (!name) return std::nullopt;
  return CallerName{std::string(name->kind), std::string(name->name)};
}

std::optional<CallerName> NameOfRunningFunction(const Isolate& vm) { return NameOfFunction(TopFrame(&vm, vm.coroutine)); }

std::optional<std::string> LoadedFunctionName(Isolate& vm, const Value& function) {
  const Value loaded = vm.registry()->GetString(vm.NewString("_LOADED"));
  if (!loaded.IsTable()) return std::nullopt;
  Value library_name = Value::Nil(), library;
  for (bool done;;) {
    if (loaded.table()->Next(library_name, &library_name, &library, &done) != KeyError::kNone || done) return std::nullopt;
    if (!library_name.IsString() || !library.IsTable()) continue;
    Value key = Value::Nil(), value;
    for (;;) {
      if (library.table()->Next(key, &key, &value, &done) != KeyError::kNone || done) break;
      if (!key.IsString() || !RawEquals(value, function)) continue;
      const std::string_view prefix = library_name.string()->view();
      const std::string name(key.string()->view());
      return prefix == "_G" ? name : std::string(prefix) + "." + name;
    }
  }
}

// ---- Isolate's part.

bool Isolate::Raise(const Value& error_value) {
  error = error_value;
  unhandled = false;
  return false;
}

bool Isolate::RaiseError(std::string_view message, int level) {
  return Raise(Value::Of(NewString(Where(level) + std::string(message))));
}

bool Isolate::RaiseRuntimeError(std::string_view message) { return RaiseError(message, 0); }

std::string Isolate::Where(int level) const {
  FrameView frame = TopFrame(this, coroutine);
  int callers = level;
  for (; callers > 0 && !frame.is_bottom(); --callers) frame = frame.caller();
  if (callers > 0 || frame.is_bottom() || !frame.is_lua()) return "";
  const int32_t line = frame.current_line();
  if (line < 0 && level > 0) return "";  // of a stripped function, only its own errors say "?:-1:"
  return lang::ChunkId(*InstanceAt(frame.base)->proto->source) + ":" + std::to_string(line) + ": ";
}

std::string Isolate::Traceback(const Coroutine* co, const std::string_view* message, int level) const {
  std::string out;
  if (message != nullptr) out.append(*message).append("\n");
  out += "stack traceback:";
  int levels = 0;
  for (FrameView f = TopFrame(this, co); !f.is_bottom(); f = f.caller()) ++levels;
  FrameView frame = TopFrame(this, co);
  for (int i = 0; i < levels; ++i) {
    if (i >= level) {
      const int shown = i - level;
      if (shown == kFirstLevels && levels - level > kFirstLevels + kLastLevels + 1) {
        const int skip = levels - level - kFirstLevels - kLastLevels;
        out += "\n\t...\t(skipping " + std::to_string(skip - 1) + " levels)";  // the reference counts one less
        for (int j = 0; j < skip; ++j) frame = frame.caller();
        i += skip;
      }
      const bool lua = frame.is_lua();
      const lang::Proto* proto = lua ? InstanceAt(frame.base)->proto : nullptr;
      const std::string chunk = lua ? lang::ChunkId(*proto->source) : "[C]";
      out += "\n\t" + chunk + ":";
      const int32_t line = frame.current_line();
      if (line > 0) out += std::to_string(line) + ":";
      out += " in ";
      const auto global = LoadedFunctionName(*const_cast<Isolate*>(this), FunctionOf(frame.base));
      const auto name = NameOfFunction(frame);
      if (global) {
        out += "function '" + *global + "'";
      } else if (name) {
        out += name->what + " '" + name->name + "'";
      } else if (lua && proto->line_defined == 0) {
        out += "main chunk";
      } else if (lua) {
        out += "function <" + chunk + ":" + std::to_string(proto->line_defined) + ">";
      } else {
        out += "?";
      }
      if (frame.is_tail_call()) out += "\n\t(...tail calls...)";
    }
    frame = frame.caller();
  }
  return out;
}

}  // namespace perilune::vm
