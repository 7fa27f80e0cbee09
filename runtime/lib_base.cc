// The basic functions (manual §6.1), except pcall and xpcall (lib_coroutine.cc) and those that load
// chunks (lib_load.cc).

#include "runtime/lib_base.h"

#include <cstdio>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
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
    const bool has_text_of_its_own = !f.vm.Metamethod(v, Event::kToString).IsNil();
    if (has_text_of_its_own) {  // its function may print, too, or raise an error
      WriteOut(line.view());
      line.Clear();
    }
    char digits[lang::kNumberBufferSize];
    std::string_view text;
    if (v.IsString() && !has_text_of_its_own) {
      text = v.string()->view();
    } else if (v.IsNumber() && !has_text_of_its_own) {
      text = NumberText(v, digits);
    } else {
      String* s;
      if (!f.vm.ToDisplayString(v, &s)) return kRaised;
      text = s->view();
    }
    if (n > 1) line.Append('\t');
    line.Append(text);
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
  return f.Return(Value::Of(f.vm.TypeNameString(f[1].tag)));
}
int32_t FastType(Isolate* vm, Value* args, uint64_t count) {
  return count == 0 ? kDeclined : FastReturn(args, Value::Of(vm->TypeNameString(args[0].tag)));
}

NativeResult ToString(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  String* s;
  if (!f.vm.ToDisplayString(f[1], &s)) return kRaised;
  return f.Return(Value::Of(s));
}
int32_t FastToString(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  const Value v = args[0];
  if (!IsStringOrNumber(v) || !vm->Metamethod(v, Event::kToString).IsNil()) return kDeclined;
  if (v.IsString()) return FastReturn(args, v);
  char text[lang::kNumberBufferSize];
  return FastReturn(vm, args, NumberText(v, text));
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

int32_t FastToNumber(Isolate*, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  const Value v = args[0];
  if (count > 1 && !args[1].IsNil()) {
    const Value base = args[1];
    int64_t number;
    if (!v.IsString() || !base.IsInteger() || base.integer < 2 || base.integer > 36) return kDeclined;
    const bool valid = ParseInteger(v.string()->view(), static_cast<int>(base.integer), &number);
    return FastReturn(args, valid ? Value::Integer(number) : Value::Nil());
  }
  if (v.IsNumber()) return FastReturn(args, v);
  if (!v.IsString()) return FastReturn(args, Value::Nil());
  const std::optional<Value> number = TextToNumber(v.string()->view());
  return FastReturn(args, number ? *number : Value::Nil());
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

int32_t FastIpairsNext(Isolate*, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsTable() || !args[1].IsInteger()) return kDeclined;
  const Table* t = args[0].table();
  const int64_t i = WrapAdd(args[1].integer, 1);
  const Value v = t->GetInteger(i);
  if (v.IsNil()) return t->metatable != nullptr ? kDeclined : FastReturn(args, v);
  args[-2] = Value::Integer(i);
  args[-1] = v;
  return 2;
}

// Results of ipairs and pairs.
int32_t FastLoop(Value* args, const Value& control) {
  const Value object = args[0];
  args[-2] = FunctionOf(args).native_function()->upvalues[0];
  args[-1] = object;
  args[0] = control;
  return 3;
}

int32_t FastIpairs(Isolate*, Value* args, uint64_t count) { return count == 0 ? kDeclined : FastLoop(args, Value::Integer(0)); }

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

int32_t FastPairs(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || !vm->Metamethod(args[0], Event::kPairs).IsNil()) return kDeclined;
  return FastLoop(args, Value::Nil());
}

int32_t FastNext(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsTable()) return kDeclined;
  const Value key = count > 1 ? args[1] : Value::Nil();
  bool done;
  Value next, value;
  if (key.IsFloat() || args[0].table()->Next(key, &next, &value, &done) != KeyError::kNone) return kDeclined;
  if (done) return FastReturn(args, Value::Nil());
  args[-2] = next;
  args[-1] = value;
  return 2;
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

int32_t FastRawEqual(Isolate*, Value* args, uint64_t count) {
  return count < 2 ? kDeclined : FastReturn(args, Value::Boolean(RawEquals(args[0], args[1])));
}

int32_t FastRawLen(Isolate*, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  if (args[0].IsTable()) return FastReturn(args, Value::Integer(args[0].table()->Length()));
  return args[0].IsString() ? FastReturn(args, Value::Integer(static_cast<int64_t>(args[0].string()->length))) : kDeclined;
}

int32_t FastRawGet(Isolate*, Value* args, uint64_t count) {
  return count < 2 || !args[0].IsTable() ? kDeclined : FastReturn(args, args[0].table()->Get(args[1]));
}

// Over a value that is there.
int32_t FastRawSet(Isolate*, Value* args, uint64_t count) {
  if (count < 3 || !args[0].IsTable()) return kDeclined;
  Table* t = args[0].table();
  Value* slot = t->Find(args[1]);
  if (slot == nullptr || slot->IsNil() || (t->aux & Table::kInCachedChain) != 0) return kDeclined;
  t->flags = 0;
  *slot = args[2];
  return FastReturn(args, args[0]);
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

int32_t FastGetMetatable(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  const Table* metatable = vm->MetatableOf(args[0]);
  if (metatable == nullptr) return FastReturn(args, Value::Nil());
  const Value shown = vm->MetamethodOf(metatable, Event::kMetatable);
  return FastReturn(args, shown.IsNil() ? Value::Of(metatable) : shown);
}

int32_t FastSetMetatable(Isolate* vm, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsTable() || !args[1].IsTable() || args[0].table()->metatable != nullptr) return kDeclined;
  vm->SetMetatable(args[0], args[1].table());
  return FastReturn(args, args[0]);
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

// The arguments from `first` on as results.
int32_t FastReturnArguments(Value* args, uint64_t first, uint64_t count) {
  std::memmove(static_cast<void*>(args - kFrameHeader), args + first, (count - first) * sizeof(Value));
  return static_cast<int32_t>(count - first);
}

int32_t FastAssert(Isolate*, Value* args, uint64_t count) {
  return count == 0 || !args[0].IsTruthy() ? kDeclined : FastReturnArguments(args, 0, count);
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

int32_t FastSelect(Isolate*, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  const Value v = args[0];
  if (v.IsString() && v.string()->view() == "#") return FastReturn(args, Value::Integer(static_cast<int64_t>(count) - 1));
  if (!v.IsInteger() || v.integer < 1) return kDeclined;
  return FastReturnArguments(args, v.bits < count ? v.bits : count, count);
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
  Collect(vm, NativeRoots::kOutsideRun, /*trim=*/true);  // so that "count" tells the result
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
    {"assert", Assert, FastAssert},
    {"dofile", BaseDoFile},
    {"error", Error},
    {"getmetatable", GetMetatable, FastGetMetatable},
    {"load", BaseLoad},
    {"loadfile", BaseLoadFile},
    {"next", BaseNext, FastNext, Intrinsic::kNext},
    {"print", Print},
    {"rawequal", RawEqual, FastRawEqual},
    {"rawget", RawGet, FastRawGet},
    {"rawlen", RawLen, FastRawLen},
    {"rawset", RawSet, FastRawSet},
    {"select", Select, FastSelect},
    {"setmetatable", SetMetatable, FastSetMetatable},
    {"tonumber", ToNumber, FastToNumber},
    {"tostring", ToString, FastToString},
    {"type", Type, FastType, Intrinsic::kType},
    {"warn", Warn},
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
  SetField(vm, globals, "pairs", Value::Of(vm.NewNative("pairs", Pairs, next, FastPairs)));
  NativeFunction* iterator = vm.NewNative("ipairs_iterator", IpairsNext, {}, FastIpairsNext);
  iterator->intrinsic = Intrinsic::kIpairsNext;
  const Value ipairs_next[] = {Value::Of(iterator)};
  SetField(vm, globals, "ipairs", Value::Of(vm.NewNative("ipairs", Ipairs, ipairs_next, FastIpairs)));
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
