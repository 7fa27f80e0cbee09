// The plain string functions, fast (FastNative in object.h): strings and integers as arguments, results of moderate size.

#include <cstring>
#include <string_view>

#include "runtime/lib_string.h"
#include "runtime/object.h"

namespace perilune::vm {
namespace {

// Longer results are left to the ordinary calls.
constexpr size_t kMaxSize = 512;

// The optional integer argument `n` (from 0). False: it is something else.
bool OptInteger(const Value* args, uint64_t count, uint64_t n, int64_t fallback, int64_t* out) {
  *out = fallback;
  if (n >= count || args[n].IsNil()) return true;
  *out = args[n].integer;
  return args[n].IsInteger();
}

}  // namespace

int32_t FastStringLen(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsString()) return kDeclined;
  return FastReturn(args, Value::Integer(static_cast<int64_t>(args[0].string()->length)));
}

int32_t FastStringSub(Isolate* vm, Value* args, uint64_t count) {
  int64_t i, j;
  if (count < 2 || !args[0].IsString() || !args[1].IsInteger() || !OptInteger(args, count, 2, -1, &j)) return kDeclined;
  i = args[1].integer;
  const std::string_view s = args[0].string()->view();
  const uint64_t start = StartPosition(i, s.size());
  const uint64_t end = EndPosition(j, s.size());
  if (start == end) return FastReturn(args, Value::Of(vm->ByteString(static_cast<uint8_t>(s[start - 1]))));
  if (start > end) return FastReturn(vm, args, {});
  if (start == 1 && end == s.size()) return FastReturn(args, args[0]);
  return FastReturn(vm, args, s.substr(start - 1, end - start + 1));
}

int32_t FastStringByte(Isolate*, Value* args, uint64_t count) {
  int64_t i, j;
  if (count == 0 || !args[0].IsString() || !OptInteger(args, count, 1, 1, &i) || !OptInteger(args, count, 2, i, &j)) return kDeclined;
  const String* s = args[0].string();
  const uint64_t start = StartPosition(i, s->length);
  const uint64_t end = EndPosition(j, s->length);
  if (start > end) return 0;
  if (end - start >= static_cast<uint64_t>(kMaxFastResults)) return kDeclined;
  Value* result = args - kFrameHeader;
  for (uint64_t k = start - 1; k < end; ++k) *result++ = Value::Integer(static_cast<uint8_t>(s->data[k]));
  return static_cast<int32_t>(end - start + 1);
}

int32_t FastStringChar(Isolate* vm, Value* args, uint64_t count) {
  char bytes[String::kMaxShortString];
  if (count > sizeof(bytes)) return kDeclined;
  for (uint64_t n = 0; n < count; ++n) {
    if (!args[n].IsInteger() || args[n].bits > 255) return kDeclined;
    bytes[n] = static_cast<char>(args[n].bits);
  }
  if (count == 1) return FastReturn(args, Value::Of(vm->ByteString(static_cast<uint8_t>(bytes[0]))));
  return FastReturn(vm, args, {bytes, count});
}

namespace {

// The letters from `first` on among eight bytes get the other case: of bytes below 128, the sums' upper bits say whether they are at least as large.
uint64_t SwapCase(uint64_t bytes, char first) {
  constexpr uint64_t kEach = 0x0101010101010101, kUpperBits = kEach * 0x80;
  const uint64_t low = bytes & ~kUpperBits, from = static_cast<uint64_t>(first);
  const uint64_t at_least_first = low + (0x80 - from) * kEach, beyond_last = low + (0x80 - (from + 26)) * kEach;
  return bytes ^ ((at_least_first & ~beyond_last & ~bytes & kUpperBits) >> 2);
}

int32_t WithSwappedCase(Isolate* vm, Value* args, uint64_t count, char first) {
  if (count == 0 || !args[0].IsString()) return kDeclined;
  const String* s = args[0].string();
  char bytes[kMaxSize];
  if (s->length > sizeof(bytes)) return kDeclined;
  // The memory of a string ends at a multiple of 16 bytes.
  static_assert(kMaxSize % 8 == 0 && sizeof(String) % 8 == 0);
  uint64_t changed = 0;
  for (uint64_t i = 0; i < s->length; i += 8) {
    uint64_t word;
    std::memcpy(&word, s->data + i, 8);
    const uint64_t swapped = SwapCase(word, first);
    changed |= word ^ swapped;
    std::memcpy(bytes + i, &swapped, 8);
  }
  return changed == 0 ? FastReturn(args, args[0]) : FastReturn(vm, args, {bytes, s->length});
}

}  // namespace

int32_t FastStringLower(Isolate* vm, Value* args, uint64_t count) { return WithSwappedCase(vm, args, count, 'A'); }
int32_t FastStringUpper(Isolate* vm, Value* args, uint64_t count) { return WithSwappedCase(vm, args, count, 'a'); }
int32_t FastStringReverse(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsString()) return kDeclined;
  const String* s = args[0].string();
  char bytes[kMaxSize];
  if (s->length > sizeof(bytes)) return kDeclined;
  for (uint64_t i = 0; i < s->length; ++i) bytes[i] = s->data[s->length - 1 - i];
  return FastReturn(vm, args, {bytes, s->length});
}

int32_t FastStringRep(Isolate* vm, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsString() || !args[1].IsInteger()) return kDeclined;
  std::string_view separator = "";  // never null, for memcpy
  if (count > 2 && !args[2].IsNil()) {
    if (!args[2].IsString()) return kDeclined;
    separator = args[2].string()->view();
  }
  const std::string_view s = args[0].string()->view();
  if (args[1].integer <= 0) return FastReturn(vm, args, {});
  const uint64_t times = args[1].bits;
  char bytes[kMaxSize];
  if (s.size() > sizeof(bytes) || separator.size() > sizeof(bytes) || times > sizeof(bytes)) return kDeclined;
  const size_t unit = s.size() + separator.size();
  if (unit * times > sizeof(bytes)) return kDeclined;
  const size_t size = unit * times - separator.size();
  std::memcpy(bytes, s.data(), s.size());
  if (times > 1) std::memcpy(bytes + s.size(), separator.data(), separator.size());
  // The first unit, then what there is already, again and again.
  for (size_t done = unit; done < size; done *= 2) std::memcpy(bytes + done, bytes, done < size - done ? done : size - done);
  return FastReturn(vm, args, {bytes, size});
}

}  // namespace perilune::vm
