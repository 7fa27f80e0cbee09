// The basic functions (manual §6.1), except pcall and xpcall (lib_coroutine.cc) and those that load
// chunks (lib_load.cc).

#include "runtime/lib_base.h"

#include <cstdio>
#include <limits>
#include <new>
#include <string>
#include <string_view>

#include "runtime/arithmetic.h"
#include "runtime/collector.h"
#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/metamethod.h"
#include "runtime/number_text.h"

namespace perilune::vm {
namespace {

// ---- Output and conversions.

NativeResult Print(NativeFrame& f) {
  Buffer line(f.vm);  // written at once, so that lines of isolates that share the output do not mix
  for (uint32_t n = 1; n <= f.count; ++n) {
    const Value v = f[n];
    if (n > 1) line.Append('\t');
    if (v.IsString()) {
      line.Append(v.string()->view());
      continue;
    }
    if (v.IsNumber()) {
      char text[lang::kNumberBufferSize];
      line.Append(NumberText(v, text));
      continue;
    }
    if (f.vm.MetatableOf(v) != nullptr) {  // a __tostring may print, too, or raise an error
      WriteOut(line.view());
      line.Clear();
    }
    String* s;
    if (!f.vm.ToDisplayString(v, &s)) return kRaised;
    line.Append(s->view());
  }
  line.Append('\n');
  if (line.failed()) return f.MemoryError();
  const BlockingScope blocking(f.vm);
  WriteOut(line.view());
  std::fflush(stdout);  // other processes and the standard error write to the same places
  return f.Return();
}

NativeResult Warn(NativeFrame& f) {
  Buffer message(f.vm);
  std::string_view piece;
  if (!f.CheckString(1, &piece)) return kRaised;  // at least one argument
  for (uint32_t n = 1; n <= f.count; ++n) {
    if (!f.CheckString(n, &piece)) return kRaised;
    message.Append(piece);
  }
  if (message.failed()) return f.MemoryError();
  if (f.count == 1 && message.view().starts_with('@')) {  // a control message; unknown ones are ignored
    if (message.view() == "@on") f.vm.warnings_on = true;
    if (message.view() == "@off") f.vm.warnings_on = false;
  } else {
    f.vm.Warn(message.view());
  }
  return f.Return();
}

NativeResult Type(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  return f.Return(std::string_view(TypeName(f[1].tag)));
}

NativeResult ToString(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  if (f[1].IsString()) return f.Return(f[1]);
  String* s;
  if (!f.vm.ToDisplayString(f[1], &s)) return kRaised;
  return f.Return(Value::Of(s));
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 64;
}

// Reads an integer numeral in `base`, with white space around it, modulo 2^64.
bool ParseInteger(std::string_view s, int base, int64_t* out) {
  while (!s.empty() && IsSpace(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsSpace(s.back())) s.remove_suffix(1);
  const bool negative = s.starts_with('-');
  if (negative || s.starts_with('+')) s.remove_prefix(1);
  if (s.empty()) return false;
  uint64_t n = 0;
  for (const char c : s) {
    const int digit = DigitValue(c);
    if (digit >= base) return false;
    n = n * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
  }
  *out = static_cast<int64_t>(negative ? 0 - n : n);
  return true;
}

NativeResult ToNumber(NativeFrame& f) {
  if (f.IsNoneOrNil(2)) {
    const Value v = f[1];
    if (v.IsNumber()) return f.Return(v);
    if (v.IsString()) {
      const auto number = TextToNumber(v.string()->view());
      return f.Return(number ? *number : Value::Nil());
    }
    if (!f.CheckAny(1)) return kRaised;
    return f.Return(Value::Nil());
  }
  int64_t base, number;
  if (!f.CheckInteger(2, &base) || !f.CheckType(1, Tag::kString)) return kRaised;
  if (base < 2 || base > 36) return f.ArgError(2, "base out of range");
  if (!ParseInteger(f[1].string()->view(), static_cast<int>(base), &number))
    return f.Return(Value::Nil());
  return f.Return(Value::Integer(number));
}

// ---- Traversal.

NativeResult IpairsNext(NativeFrame& f) {
  int64_t i;
  if (!f.CheckInteger(2, &i)) return kRaised;
  i = WrapAdd(i, 1);
  const Value object = f[1];
  Value v = Value::Nil();
  if (object.IsTable()) v = object.table()->GetInteger(i);
  if (v.IsNil() && (!object.IsTable() || object.table()->metatable != nullptr)) {
    if (!f.vm.Index(object, Value::Integer(i), &v)) return kRaised;
  }
  if (v.IsNil()) return f.Return(v);
  return f.Return(Value::Integer(i), v);
}

NativeResult Ipairs(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  return f.Return(f.callee()->upvalues[0], f[1], Value::Integer(0));
}

NativeResult Pairs(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  const Value method = f.vm.Metamethod(f[1], Event::kPairs);
  if (method.IsNil()) return f.Return(f.callee()->upvalues[0], f[1], Value::Nil());
  const Value object = f[1];
  f.Push(method);
  f.Push(object);
  return f.Call(1, 3);
}

// ---- Raw access.

NativeResult RawEqual(NativeFrame& f) {
  if (!f.CheckAny(1) || !f.CheckAny(2)) return kRaised;
  return f.Return(Value::Boolean(RawEquals(f[1], f[2])));
}

NativeResult RawLen(NativeFrame& f) {
  const Value v = f[1];
  if (v.IsTable()) return f.Return(Value::Integer(v.table()->Length()));
  if (v.IsString()) return f.Return(Value::Integer(static_cast<int64_t>(v.string()->length)));
  return f.TypeError(1, "table or string");
}

NativeResult RawGet(NativeFrame& f) {
  Table* t;
  if (!f.CheckTable(1, &t) || !f.CheckAny(2)) return kRaised;
  return f.Return(t->Get(f[2]));
}

NativeResult RawSet(NativeFrame& f) {
  Table* t;
  if (!f.CheckTable(1, &t) || !f.CheckAny(2) || !f.CheckAny(3)) return kRaised;
  t->flags = 0;  // the key may be a metamethod's name, known to be absent until now
  if (!f.vm.RawSet(t, f[2], f[3])) return kRaised;
  return f.Return(f[1]);
}

// ---- Metatables.

NativeResult GetMetatable(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  const Table* metatable = f.vm.MetatableOf(f[1]);
  if (metatable == nullptr) return f.Return(Value::Nil());
  const Value shown = f.vm.MetamethodOf(metatable, Event::kMetatable);
  return f.Return(shown.IsNil() ? Value::Of(metatable) : shown);
}

NativeResult SetMetatable(NativeFrame& f) {
  Table* t;
  if (!f.CheckTable(1, &t)) return kRaised;
  const Value metatable = f[2];
  if (!metatable.IsTable() && (f.IsNone(2) || !metatable.IsNil()))
    return f.TypeError(2, "nil or table");
  if (t->metatable != nullptr && !f.vm.MetamethodOf(t->metatable, Event::kMetatable).IsNil()) {
    return f.Error("cannot change a protected metatable");
  }
  f.vm.SetMetatable(f[1], metatable.IsTable() ? metatable.table() : nullptr);
  return f.Return(f[1]);
}

// ---- Control.

// Raises `v`; a string, with the position of the function at `level`.
NativeResult RaiseAt(NativeFrame& f, const Value& v, int64_t level) {
  if (!v.IsString() || level <= 0 || level > std::numeric_limits<int>::max()) return f.Throw(v);
  Buffer message(f.vm);
  message.Append(f.vm.Where(static_cast<int>(level)));
  message.Append(v.string()->view());
  const NativeResult result = message.ReturnFrom(f);
  return result.raised() ? result : f.Throw(f.vm.top[-1]);
}

NativeResult Assert(NativeFrame& f) {
  if (f[1].IsTruthy()) [[likely]]
    return f.ReturnPushed(f.count);
  if (!f.CheckAny(1)) return kRaised;
  if (f.count > 1) return RaiseAt(f, f[2], 1);
  return f.Error("assertion failed!");
}

NativeResult Error(NativeFrame& f) {
  int64_t level;
  if (!f.OptInteger(2, 1, &level)) return kRaised;
  return RaiseAt(f, f[1], level);
}

NativeResult Select(NativeFrame& f) {
  const Value v = f[1];
  if (v.IsString() && v.string()->view().starts_with('#'))
    return f.Return(Value::Integer(f.count - 1));
  int64_t n;
  if (!f.CheckInteger(1, &n)) return kRaised;
  const int64_t count = f.count;
  if (n < 0) {
    n += count;
  } else if (n > count) {
    n = count;
  }
  if (n < 1) return f.ArgError(1, "index out of range");
  return f.ReturnPushed(
      static_cast<uint32_t>(count - n));  // the last arguments are the topmost values
}

// ---- The collector. There is one kind of collection, so modes and the step multiplier are only
// remembered, in this userdata. As in the reference, parameters are kept as a byte of fours, and the
// command begins in generational mode.

struct CollectorSettings {
  int64_t step_multiplier = 100;
  bool generational = true;
};
int64_t KeptParameter(int64_t n) { return (n / 4 & 0xff) * 4; }
constexpr char kCollectorSettingsType = 0;

NativeResult SetMode(NativeFrame& f, CollectorSettings* settings, bool generational) {
  const bool previous = settings->generational;
  settings->generational = generational;
  return f.Return(std::string_view(previous ? "generational" : "incremental"));
}

void FullCollection(Isolate& vm) {
  Collect(vm, NativeRoots::kOutsideRun, /*sweep_at_once=*/true);  // so that "count" tells the result
  RunFinalizers(vm);
}

NativeResult CollectGarbage(NativeFrame& f) {
  enum {
    kCollect,
    kCount,
    kStop,
    kRestart,
    kStep,
    kIsRunning,
    kSetPause,
    kSetStepMul,
    kGenerational,
    kIncremental
  };
  static constexpr const char* kOptions[] = {
      "collect",  "count",      "stop",         "restart",     "step", "isrunning",
      "setpause", "setstepmul", "generational", "incremental", nullptr};
  int option;
  int64_t n;
  if (!f.CheckOption(1, "collect", kOptions, &option)) return kRaised;
  Isolate& vm = f.vm;
  if (vm.finalizing) return f.Return(Value::Nil());  // finalizers cannot control the collector
  auto* settings =
      reinterpret_cast<CollectorSettings*>(f.callee()->upvalues[0].userdata()->payload);
  switch (option) {
    case kCollect:
      FullCollection(vm);
      return f.Return(Value::Integer(0));
    case kCount:
      return f.Return(Value::Float(static_cast<double>(vm.heap().bytes_in_use()) / 1024));
    case kStop:
    case kRestart:
      vm.gc_stopped = option == kStop;
      return f.Return(Value::Integer(0));
    case kStep:
      if (!f.OptInteger(2, 0, &n)) return kRaised;
      FullCollection(vm);
      return f.Return(Value::Boolean(true));  // a cycle has ended
    case kIsRunning:
      return f.Return(Value::Boolean(!vm.gc_stopped));
    case kSetPause: {
      if (!f.OptInteger(2, 0, &n)) return kRaised;
      const uint32_t previous = vm.heap().pause_percent();
      vm.heap().set_pause_percent(static_cast<uint32_t>(KeptParameter(n)));
      return f.Return(Value::Integer(previous));
    }
    case kSetStepMul: {
      if (!f.OptInteger(2, 0, &n)) return kRaised;
      const int64_t previous = settings->step_multiplier;
      settings->step_multiplier = KeptParameter(n);
      return f.Return(Value::Integer(previous));
    }
    case kGenerational:
      if (!f.OptInteger(2, 0, &n) || !f.OptInteger(3, 0, &n)) return kRaised;
      return SetMode(f, settings, true);
    default: {
      int64_t multiplier, step_size;
      if (!f.OptInteger(2, 0, &n) || !f.OptInteger(3, 0, &multiplier) || !f.OptInteger(4, 0, &step_size))
        return kRaised;
      if (n != 0) vm.heap().set_pause_percent(static_cast<uint32_t>(KeptParameter(n)));
      if (multiplier != 0) settings->step_multiplier = KeptParameter(multiplier);
      return SetMode(f, settings, false);
    }
  }
}

constexpr NativeEntry kFunctions[] = {
    {"assert", Assert},     {"dofile", BaseDoFile},
    {"error", Error},       {"getmetatable", GetMetatable},
    {"load", BaseLoad},     {"loadfile", BaseLoadFile},
    {"next", BaseNext},     {"print", Print},
    {"rawequal", RawEqual}, {"rawget", RawGet},
    {"rawlen", RawLen},     {"rawset", RawSet},
    {"select", Select},     {"setmetatable", SetMetatable},
    {"tonumber", ToNumber}, {"tostring", ToString},
    {"type", Type},         {"warn", Warn},
    {nullptr, nullptr},
};

}  // namespace

NativeResult BaseNext(NativeFrame& f) {
  Table* t;
  if (!f.CheckTable(1, &t)) return kRaised;
  Value key, value;
  bool done;
  // The keys that a traversal gives are normal: no float stands for an integer there.
  int64_t unused;
  const bool known = !f[2].IsFloat() || !FloatToInteger(f[2].number, &unused);
  if (!known || t->Next(f[2], &key, &value, &done) != KeyError::kNone) {
    f.vm.RaiseRuntimeError("invalid key to 'next'");
    return kRaised;
  }
  if (done) return f.Return(Value::Nil());
  return f.Return(key, value);
}

void OpenBase(Isolate& vm) {
  Table* globals = vm.globals();
  AddFunctions(vm, globals, kFunctions);
  const Value next[] = {GetField(vm, globals, "next")};
  SetField(vm, globals, "pairs", Value::Of(vm.NewNative("pairs", Pairs, next)));
  const Value ipairs_next[] = {Value::Of(vm.NewNative("ipairs_iterator", IpairsNext))};
  SetField(vm, globals, "ipairs", Value::Of(vm.NewNative("ipairs", Ipairs, ipairs_next)));
  Userdata* settings = vm.NewUserdata(sizeof(CollectorSettings), &kCollectorSettingsType, nullptr);
  new (settings->payload) CollectorSettings;
  const Value upvalues[] = {Value::Of(settings)};
  SetField(vm, globals, "collectgarbage",
           Value::Of(vm.NewNative("collectgarbage", CollectGarbage, upvalues)));
  SetField(vm, globals, "_G", Value::Of(globals));
  SetField(vm, globals, "_VERSION", Value::Of(vm.NewString("Lua 5.4")));
  SetField(vm, LoadedModules(vm), "_G", Value::Of(globals));
}

}  // namespace perilune::vm
