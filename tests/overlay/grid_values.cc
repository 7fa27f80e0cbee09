#include "tests/overlay/grid_values.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "runtime/load.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::overlay {
namespace {

constexpr size_t kFirstTable = 18, kTables = 5;

// What values are made of. Metamethods say which of their operands has them.
constexpr std::string_view kPrelude = R"(
math.randomseed(42)
META = {}
local function side(p, q) return (getmetatable(p) == META and "L" or "") .. (getmetatable(q) == META and "R" or "") end
for _, event in ipairs {"add", "sub", "mul", "mod", "pow", "div", "idiv", "band", "bor", "bxor", "shl", "shr", "concat", "unm", "bnot", "index", "len"} do
  META["__" .. event] = function(p, q) return event .. side(p, q) end
end
META.__eq = function() return true end
META.__lt = function(p, q) return side(p, q) ~= "R" end
META.__le = function(p, q) return side(p, q) == "R" end
META.__newindex = function(t, k, v) rawset(t, "set", v) end
META.__call = function(self, ...) return "called", ... end
META.__close = function() CLOSED = (CLOSED or 0) + 1 end
META.__pairs = function(t) return next, {1, 2}, nil end
CHAIN = {__index = setmetatable({x = 5, [1] = 6}, {__index = {y = "far"}})}
SWAP = function(p, q) return q, p end
NONE = function() end
ALL = function(...) return ... end
STEP = function(state, control) control = (control or 0) + 1 if control < 4 then return control, state end end
local fake = setmetatable({}, {__index = function() return ALL end, __call = function(self, ...) return "fake", ... end})
FAKE = setmetatable({}, {__index = function() return fake end})
)";

Value Global(Isolate& vm, std::string_view name) { return vm.globals()->GetString(vm.NewString(name)); }

void Set(Isolate& vm, Table* t, const Value& key, const Value& value) {
  if (!vm.RawSet(t, key, value, KeyOrigin::kConstant)) std::abort();
}

// Without the digits of addresses, which are of one run.
void AppendString(std::string_view s, std::string* text) {
  for (size_t at = s.find(": 0x"); at != s.npos; at = s.find(": 0x")) {
    absl::StrAppend(text, s.substr(0, at + 4));
    s.remove_prefix(std::min(s.find_first_not_of("0123456789abcdef", at + 4), s.size()));
  }
  absl::StrAppend(text, s);
}

void FillTable(Isolate& vm, Table* t, size_t kind) {
  const Value x = Value::Of(vm.NewString("x"));
  switch (kind) {
    case 0: return;
    case 1:
      for (int i = 1; i <= 3; ++i) Set(vm, t, Value::Integer(i), Value::Integer(10 * i));
      return Set(vm, t, x, Value::Float(1.5));
    case 2: return vm.SetMetatable(Value::Of(t), Global(vm, "META").table());
    case 3: return vm.SetMetatable(Value::Of(t), Global(vm, "CHAIN").table());
    default:  // nils of its own
      Set(vm, t, x, Value::Integer(1));
      Set(vm, t, x, Value::Nil());
      Set(vm, t, Value::Integer(1), Value::Integer(1));
      Set(vm, t, Value::Integer(1), Value::Nil());
      return vm.SetMetatable(Value::Of(t), Global(vm, "CHAIN").table());
  }
}

}  // namespace

void PrepareValues(Isolate& vm) {
  auto function = Load(vm, kPrelude, "=prelude", Value::Of(vm.globals()));
  Value result;
  if (!function.ok() || !vm.Call(Value::Of(*function), {}, &result)) std::abort();
}

Value ArgumentValue(Isolate& vm, size_t i) {
  if (i >= kFirstTable && i < kFirstTable + kTables) {
    Table* t = vm.NewTable();
    FillTable(vm, t, i - kFirstTable);
    return Value::Of(t);
  }
  switch (i) {
    case 0: return Value::Integer(1);
    case 1: return Value::Float(0.5);
    case 2: return Value::Of(vm.NewString("abc"));
    case 3: return Value::Nil();
    case 4: return Value::Boolean(true);
    case 5: return Value::Boolean(false);
    case 6: return Value::Integer(0);
    case 7: return Value::Integer(-1);
    case 8: return Value::Integer(3);
    case 9: return Value::Integer(5000);
    case 10: return Value::Integer(INT64_MAX);
    case 11: return Value::Integer(INT64_MIN);
    case 12: return Value::Float(-0.0);
    case 13: return Value::Float(std::numeric_limits<double>::quiet_NaN());
    case 14: return Value::Float(0x1p53);
    case 15: return Value::Float(-std::numeric_limits<double>::infinity());
    case 16: return Value::Of(vm.NewString("10"));
    case 17: return Value::Of(vm.NewString(std::string(60, 'l')));
    case 23: return Global(vm, "SWAP");
    case 24: return Global(vm, "NONE");
    case 25: return Global(vm, "ALL");
    case 26: return Global(vm, "type");
    case 27: return Global(vm, "next");
    default: return Global(vm, "STEP");
  }
}

NativeResult Fill(NativeFrame& f) {
  FillTable(f.vm, f[1].table(), static_cast<size_t>(f[2].integer));
  return f.Return();
}

void AppendValue(const Value& v, absl::Span<const Value> known, std::string* text) {
  switch (v.tag) {
    case Tag::kNil: text->push_back('n'); return;
    case Tag::kFalse: text->push_back('f'); return;
    case Tag::kTrue: text->push_back('t'); return;
    case Tag::kInteger: absl::StrAppend(text, "i", v.integer); return;
    case Tag::kFloat: absl::StrAppend(text, "d", absl::Hex(v.bits)); return;
    case Tag::kString:
      text->push_back('\'');
      AppendString(v.string()->view(), text);
      text->push_back('\'');
      return;
    default: break;
  }
  for (size_t i = 0; i < known.size(); ++i) {
    if (known[i].tag == v.tag && known[i].bits == v.bits) {
      absl::StrAppend(text, "#", i);
      return;
    }
  }
  if (!v.IsTable()) {
    absl::StrAppend(text, TypeName(v.tag));
    return;
  }
  // Entries in any order: those of constant keys by name, and how many there are.
  Table* t = v.table();
  absl::StrAppend(text, "{", t->metatable != nullptr ? "m" : "");
  Value key = Value::Nil(), value;
  size_t entries = 0;
  for (bool done = false; t->Next(key, &key, &value, &done) == KeyError::kNone && !done; ++entries) {
    if (key.IsInteger() || key.IsString()) {
      AppendValue(key, known, text);
      text->push_back('=');
      AppendValue(value.IsTable() ? Value::Boolean(true) : value, known, text);
      text->push_back(' ');
    }
  }
  absl::StrAppend(text, entries, "}");
}

}  // namespace perilune::vm::overlay
