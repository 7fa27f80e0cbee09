// The parts of the string library, which is spread over several files: lib_string.cc (the plain
// functions and the arithmetic of strings), lib_string_fast.cc (their common cases), lib_string_match.cc (find, match, gmatch, gsub) and
// lib_string_pack.cc (pack, unpack, packsize).

#ifndef PERILUNE_RUNTIME_LIB_STRING_H_
#define PERILUNE_RUNTIME_LIB_STRING_H_

#include <cstdint>

#include "runtime/lib_buffer.h"
#include "runtime/native.h"

namespace perilune::vm {

// A start position: negative ones count from the end, and what lies before the string is its first
// character (manual §6.4).
inline uint64_t StartPosition(int64_t position, uint64_t length) {
  if (position > 0) return static_cast<uint64_t>(position);
  if (position == 0 || position < -static_cast<int64_t>(length)) return 1;
  return length + static_cast<uint64_t>(position) + 1;
}

// An end position: likewise, cut off at the string's end; 0 when it lies before the string.
inline uint64_t EndPosition(int64_t position, uint64_t length) {
  if (position > static_cast<int64_t>(length)) return length;
  if (position >= 0) return static_cast<uint64_t>(position);
  if (position < -static_cast<int64_t>(length)) return 0;
  return length + static_cast<uint64_t>(position) + 1;
}

// In the C locale.
inline char ToLower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c); }
inline char ToUpper(char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c & ~0x20 : c); }

// Appends what a table or function gave to gsub as replacement: a string or number. False: an error was raised.
[[nodiscard]] bool AppendReplacement(NativeFrame& f, const Value& value, Buffer* out);

// find, match, gmatch and gsub.
void AddMatchFunctions(Isolate& vm, Table* library);

int32_t FastStringByte(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringChar(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringLen(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringLower(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringRep(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringReverse(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringSub(Isolate* vm, Value* args, uint64_t count);
int32_t FastStringUpper(Isolate* vm, Value* args, uint64_t count);

NativeResult StringPack(NativeFrame& f);
NativeResult StringPackSize(NativeFrame& f);
NativeResult StringUnpack(NativeFrame& f);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_STRING_H_
