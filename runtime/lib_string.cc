// The string library: the plain functions, and the metatable of strings with its arithmetic.

#include "runtime/lib_string.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "lang/binary_chunk.h"
#include "runtime/frame_layout.h"
#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/metamethod.h"
#include "runtime/number_text.h"
#include "runtime/string_format.h"

namespace perilune::vm {
namespace {

NativeResult StringLen(NativeFrame& f) {
  std::string_view s;
  if (!f.CheckString(1, &s)) return kRaised;
  return f.Return(Value::Integer(static_cast<int64_t>(s.size())));
}

NativeResult StringSub(NativeFrame& f) {
  std::string_view s;
  int64_t i, j;
  if (!f.CheckString(1, &s) || !f.CheckInteger(2, &i) || !f.OptInteger(3, -1, &j)) return kRaised;
  const uint64_t start = StartPosition(i, s.size());
  const uint64_t end = EndPosition(j, s.size());
  if (start > end) return f.Return(std::string_view());
  if (start == 1 && end == s.size()) return f.Return(f[1]);
  return f.Return(s.substr(start - 1, end - start + 1));
}

NativeResult StringByte(NativeFrame& f) {
  std::string_view s;
  int64_t i, j;
  if (!f.CheckString(1, &s) || !f.OptInteger(2, 1, &i) || !f.OptInteger(3, i, &j)) return kRaised;
  const uint64_t start = StartPosition(i, s.size());
  const uint64_t end = EndPosition(j, s.size());
  if (start > end) return f.Return();
  const uint64_t n = end - start + 1;
  if (n > kMaxResult) return f.Error("string slice too long");
  if (n >= kMinNativeStack && !f.CheckStack(n, "string slice too long")) return kRaised;
  for (uint64_t k = start - 1; k < end; ++k) f.Push(Value::Integer(static_cast<uint8_t>(s[k])));
  return f.ReturnPushed(static_cast<uint32_t>(n));
}

NativeResult StringChar(NativeFrame& f) {
  Buffer out(f.vm);
  for (uint32_t n = 1; n <= f.count; ++n) {
    int64_t code;
    if (!f.CheckInteger(n, &code)) return kRaised;
    if (static_cast<uint64_t>(code) > 255) return f.ArgError(n, "value out of range");
    out.Append(static_cast<char>(code));
  }
  return out.ReturnFrom(f);
}

// Bytes that are worked on between polls.
constexpr size_t kBlock = size_t{1} << 20;

// A string of s.size() bytes; `fill(part, to)` writes those for any part of s.
template <typename Fill>
NativeResult ReturnSameSize(NativeFrame& f, std::string_view s, Fill fill) {
  if (s.size() <= String::kMaxShortString) {
    char bytes[String::kMaxShortString];
    fill(s, bytes);
    return f.Return(std::string_view(bytes, s.size()));
  }
  String* result = f.vm.TryNewLongString(s.size());
  if (result == nullptr) return f.MemoryError();
  f.Push(Value::Of(result));
  for (size_t i = 0; i < s.size(); i += kBlock) {
    if (!f.vm.CheckPoll()) return kRaised;
    fill(s.substr(i, kBlock), result->data + i);
  }
  return f.ReturnPushed(1);
}

NativeResult StringLower(NativeFrame& f) {
  std::string_view s;
  if (!f.CheckString(1, &s)) return kRaised;
  return ReturnSameSize(f, s, [](std::string_view part, char* to) {
    for (const char c : part) *to++ = ToLower(c);
  });
}

NativeResult StringUpper(NativeFrame& f) {
  std::string_view s;
  if (!f.CheckString(1, &s)) return kRaised;
  return ReturnSameSize(f, s, [](std::string_view part, char* to) {
    for (const char c : part) *to++ = ToUpper(c);
  });
}

NativeResult StringReverse(NativeFrame& f) {
  std::string_view s;
  if (!f.CheckString(1, &s)) return kRaised;
  const char* from = s.data() + s.size();
  return ReturnSameSize(f, s, [&from](std::string_view part, char* to) {
    for (size_t n = part.size(); n > 0; --n) *to++ = *--from;
  });
}

NativeResult StringRep(NativeFrame& f) {
  std::string_view s, separator;
  int64_t n;
  if (!f.CheckString(1, &s) || !f.CheckInteger(2, &n) || !f.OptString(3, "", &separator))
    return kRaised;
  if (n <= 0) return f.Return(std::string_view());
  const size_t unit = s.size() + separator.size();
  const uint64_t times = static_cast<uint64_t>(n);
  if (unit > kMaxResult / times) return f.Error("resulting string too large");
  if (unit == 0) return f.Return(std::string_view());
  const size_t size = times * unit - separator.size();
  char small[String::kMaxShortString];
  char* bytes = small;
  if (size > sizeof(small)) {
    String* result = f.vm.TryNewLongString(size);
    if (result == nullptr) return f.MemoryError();
    f.Push(Value::Of(result));
    bytes = result->data;
  }
  // The first unit, then what there is already, again and again.
  std::memcpy(bytes, s.data(), s.size());
  if (times > 1) std::memcpy(bytes + s.size(), separator.data(), separator.size());
  for (size_t done = unit; done < size;) {
    if (!f.vm.CheckPoll()) return kRaised;
    const size_t more = std::min({done, size - done, std::max(kBlock / unit, size_t{1}) * unit});
    std::memcpy(bytes + done, bytes, more);
    done += more;
  }
  if (bytes == small) return f.Return(std::string_view(small, size));
  return f.ReturnPushed(1);
}

NativeResult StringFormat(NativeFrame& f) {
  Buffer out(f.vm);
  if (!FormatString(f, &out)) return kRaised;
  return out.ReturnFrom(f);
}

NativeResult StringDump(NativeFrame& f) {
  if (!f.CheckFunction(1)) return kRaised;
  if (!f[1].IsLuaFunction()) return f.Error("unable to dump given function");
  return f.Return(lang::WriteBinaryChunk(*InstanceOf(f[1].lua_function())->proto, f[2].IsTruthy()));
}

// ---- Arithmetic on strings: those that look like numbers are taken for them.

std::optional<Value> ToNumber(const Value& v) {
  if (v.IsNumber()) return v;
  if (v.IsString()) return TextToNumber(v.string()->view());
  return std::nullopt;
}

NativeResult StringArithmetic(NativeFrame& f, ArithOp op) {
  const Value a = f[1], b = f[2];
  const std::optional<Value> x = ToNumber(a), y = ToNumber(b);
  Value result;
  if (x && y) {
    if (!f.vm.Arith(op, *x, *y, &result)) return kRaised;
    return f.Return(result);
  }
  // The second operand may have a metamethod of its own; the first one does not, or this would not
  // run.
  const Event event = EventOf(op);
  const Value method = b.IsString() ? Value::Nil() : f.vm.Metamethod(b, event);
  if (method.IsNil()) {
    std::string message = "attempt to ";
    message.append(f.vm.EventName(event)->view().substr(2));
    message.append(" a '")
        .append(f.TypeNameOf(1))
        .append("' with a '")
        .append(f.TypeNameOf(2))
        .append("'");
    return f.Error(message);
  }
  const Value args[] = {a, b};
  if (!f.vm.Call(method, args, &result)) return kRaised;
  return f.Return(result);
}

template <ArithOp kOp>
NativeResult Arithmetic(NativeFrame& f) {
  return StringArithmetic(f, kOp);
}

constexpr NativeEntry kFunctions[] = {
    {"byte", StringByte, FastStringByte, Intrinsic::kByte},
    {"char", StringChar, FastStringChar, Intrinsic::kChar},
    {"dump", StringDump},
    {"format", StringFormat, FastFormat},
    {"len", StringLen, FastStringLen},
    {"lower", StringLower, FastStringLower},
    {"pack", StringPack},
    {"packsize", StringPackSize},
    {"rep", StringRep, FastStringRep},
    {"reverse", StringReverse, FastStringReverse},
    {"sub", StringSub, FastStringSub, Intrinsic::kSub},
    {"unpack", StringUnpack},
    {"upper", StringUpper, FastStringUpper},
    {nullptr, nullptr},
};

constexpr NativeEntry kMetamethods[] = {
    {"__add", Arithmetic<ArithOp::kAdd>},
    {"__sub", Arithmetic<ArithOp::kSub>},
    {"__mul", Arithmetic<ArithOp::kMul>},
    {"__mod", Arithmetic<ArithOp::kMod>},
    {"__pow", Arithmetic<ArithOp::kPow>},
    {"__div", Arithmetic<ArithOp::kDiv>},
    {"__idiv", Arithmetic<ArithOp::kIDiv>},
    {"__unm", Arithmetic<ArithOp::kUnm>},
    {nullptr, nullptr},
};

}  // namespace

void OpenString(Isolate& vm) {
  Table* library = NewLibrary(vm, "string", kFunctions);
  AddMatchFunctions(vm, library);
  Table* metatable = vm.NewTable();
  AddFunctions(vm, metatable, kMetamethods);
  SetField(vm, metatable, "__index", Value::Of(library));
  vm.SetTypeMetatable(Tag::kString, metatable);
}

}  // namespace perilune::vm
