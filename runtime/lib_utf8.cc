// UTF-8 support (manual §6.5), with the original encoding's range up to 2^31 where a function is
// asked to be lax.

#include <cstdint>
#include <string_view>

#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"

namespace perilune::vm {
namespace {

constexpr uint32_t kMaxCode = 0x7FFFFFFF;
constexpr uint32_t kMaxUnicode = 0x10FFFF;
constexpr std::string_view kCharPattern("[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
constexpr const char* kInvalid = "invalid UTF-8 code";

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// A position relative to the end if negative; 0 when it lies before the string.
int64_t Position(int64_t position, size_t length) {
  if (position >= 0) return position;
  if (uint64_t{0} - static_cast<uint64_t>(position) > length) return 0;
  return static_cast<int64_t>(length) + position + 1;
}

// Decodes the sequence at `s`, which a NUL ends at the latest. Its end, or null: invalid.
const char* Decode(const char* s, bool strict, uint32_t* code) {
  // By number of continuation bytes, the least code that needs them; a lone continuation byte never
  // passes.
  static constexpr uint32_t kLeast[] = {~uint32_t{0}, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
  uint32_t c = static_cast<uint8_t>(*s);
  if (c < 0x80) {
    *code = c;
    return s + 1;
  }
  uint32_t result = 0;
  unsigned count = 0;
  for (; (c & 0x40) != 0; c <<= 1) {
    const char next = s[++count];
    if (!IsContinuation(next)) return nullptr;
    result = result << 6 | (static_cast<uint8_t>(next) & 0x3F);
  }
  if (count > 5) return nullptr;
  result |= (c & 0x7F) << (count * 5);
  if (result > kMaxCode || result < kLeast[count]) return nullptr;
  if (strict && (result > kMaxUnicode || (result >= 0xD800 && result <= 0xDFFF))) return nullptr;
  *code = result;
  return s + count + 1;
}

void Encode(uint32_t code, Buffer* out) {
  if (code < 0x80) {
    out->Append(static_cast<char>(code));
    return;
  }
  char bytes[8];
  size_t n = 0;
  uint32_t first_limit = 0x3F;  // largest value that fits in the first byte
  do {
    bytes[sizeof(bytes) - ++n] = static_cast<char>(0x80 | (code & 0x3F));
    code >>= 6;
    first_limit >>= 1;
  } while (code > first_limit);
  bytes[sizeof(bytes) - ++n] = static_cast<char>((~first_limit << 1) | code);
  out->Append(bytes + sizeof(bytes) - n, n);
}

constexpr int64_t kCharactersBetweenPolls = 1 << 16;

NativeResult Char(NativeFrame& f) {
  Buffer out(f.vm);
  for (uint32_t n = 1; n <= f.count; ++n) {
    int64_t code;
    if (!f.CheckInteger(n, &code)) return kRaised;
    if (static_cast<uint64_t>(code) > kMaxCode) return f.ArgError(n, "value out of range");
    Encode(static_cast<uint32_t>(code), &out);
  }
  return out.ReturnFrom(f);
}

NativeResult Length(NativeFrame& f) {
  std::string_view s;
  int64_t i, j;
  if (!f.CheckString(1, &s) || !f.OptInteger(2, 1, &i) || !f.OptInteger(3, -1, &j)) return kRaised;
  const int64_t size = static_cast<int64_t>(s.size());
  const bool strict = !f[4].IsTruthy();
  i = Position(i, s.size()) - 1;
  j = Position(j, s.size()) - 1;
  if (i < 0 || i > size) return f.ArgError(2, "initial position out of bounds");
  if (j >= size) return f.ArgError(3, "final position out of bounds");
  int64_t n = 0;
  while (i <= j) {
    if (n % kCharactersBetweenPolls == 0 && !f.vm.CheckPoll()) return kRaised;
    uint32_t code;
    const char* next = Decode(s.data() + i, strict, &code);
    if (next == nullptr) return f.Return(Value::Nil(), Value::Integer(i + 1));
    i = next - s.data();
    ++n;
  }
  return f.Return(Value::Integer(n));
}

NativeResult CodePoint(NativeFrame& f) {
  std::string_view s;
  int64_t i, j;
  if (!f.CheckString(1, &s) || !f.OptInteger(2, 1, &i)) return kRaised;
  i = Position(i, s.size());
  if (!f.OptInteger(3, i, &j)) return kRaised;
  j = Position(j, s.size());
  const bool strict = !f[4].IsTruthy();
  if (i < 1) return f.ArgError(2, "out of bounds");
  if (j > static_cast<int64_t>(s.size())) return f.ArgError(3, "out of bounds");
  if (i > j) return f.Return();
  if (j - i >= static_cast<int64_t>(kMaxResult)) return f.Error("string slice too long");
  if (!f.CheckStack(static_cast<size_t>(j - i) + 1, "string slice too long")) return kRaised;
  uint32_t n = 0;
  const char* const end = s.data() + j;
  for (const char* p = s.data() + i - 1; p < end; ++n) {
    uint32_t code;
    p = Decode(p, strict, &code);
    if (p == nullptr) return f.Error(kInvalid);
    f.Push(Value::Integer(code));
  }
  return f.ReturnPushed(n);
}

NativeResult Offset(NativeFrame& f) {
  std::string_view s;
  int64_t n, i;
  if (!f.CheckString(1, &s) || !f.CheckInteger(2, &n)) return kRaised;
  const int64_t size = static_cast<int64_t>(s.size());
  if (!f.OptInteger(3, n >= 0 ? 1 : size + 1, &i)) return kRaised;
  i = Position(i, s.size()) - 1;
  if (i < 0 || i > size) return f.ArgError(3, "position out of bounds");
  const char* const p = s.data();
  if (n == 0) {  // the start of the character that has byte i
    while (i > 0 && IsContinuation(p[i])) --i;
    return f.Return(Value::Integer(i + 1));
  }
  if (IsContinuation(p[i])) return f.Error("initial position is a continuation byte");
  if (n < 0) {
    for (; n < 0 && i > 0; ++n) {
      if (n % kCharactersBetweenPolls == 0 && !f.vm.CheckPoll()) return kRaised;
      do {
        --i;
      } while (i > 0 && IsContinuation(p[i]));
    }
  } else {
    for (--n; n > 0 && i < size; --n) {
      if (n % kCharactersBetweenPolls == 0 && !f.vm.CheckPoll()) return kRaised;
      do {
        ++i;
      } while (IsContinuation(p[i]));
    }
  }
  return f.Return(n == 0 ? Value::Integer(i + 1) : Value::Nil());
}

template <bool kStrict>
NativeResult NextCode(NativeFrame& f) {
  std::string_view s;
  int64_t previous;
  if (!f.CheckString(1, &s) || !f.OptInteger(2, 0, &previous)) return kRaised;
  uint64_t i = static_cast<uint64_t>(previous);
  while (i < s.size() && IsContinuation(s[i])) ++i;
  if (i >= s.size()) return f.Return();
  uint32_t code;
  const char* const next = Decode(s.data() + i, kStrict, &code);
  if (next == nullptr || IsContinuation(*next)) return f.Error(kInvalid);
  return f.Return(Value::Integer(static_cast<int64_t>(i) + 1), Value::Integer(code));
}

NativeResult Codes(NativeFrame& f) {
  std::string_view s;
  if (!f.CheckString(1, &s)) return kRaised;
  if (!s.empty() && IsContinuation(s[0])) return f.ArgError(1, kInvalid);
  const Value iterator = f.callee()->upvalues[f[2].IsTruthy() ? 1 : 0];
  return f.Return(iterator, f[1], Value::Integer(0));
}

constexpr NativeEntry kFunctions[] = {
    {"char", Char},     {"codepoint", CodePoint}, {"len", Length},
    {"offset", Offset}, {nullptr, nullptr},
};

}  // namespace

void OpenUtf8(Isolate& vm) {
  Table* library = NewLibrary(vm, "utf8", kFunctions);
  const Value iterators[] = {Value::Of(vm.NewNative("codes_iterator", NextCode<true>)),
                             Value::Of(vm.NewNative("codes_iterator", NextCode<false>))};
  SetField(vm, library, "codes", Value::Of(vm.NewNative("codes", Codes, iterators)));
  SetField(vm, library, "charpattern", Value::Of(vm.NewString(kCharPattern)));
}

}  // namespace perilune::vm
