// Numbers and strings into each other, over Values: what concatenation, tostring and string arguments share.

#ifndef PERILUNE_RUNTIME_NUMBER_TEXT_H_
#define PERILUNE_RUNTIME_NUMBER_TEXT_H_

#include <optional>
#include <string_view>

#include "lang/number.h"
#include "runtime/value.h"

namespace perilune::vm {

// Writes the text of a number to `at`, where there must be room for lang::kNumberBufferSize bytes; answers its end.
inline char* WriteNumber(const Value& v, char* at) {
  if (v.IsInteger()) return lang::FormatInteger(v.integer, at);
  return at + lang::FormatNumber(v.number, std::span<char, lang::kNumberBufferSize>(at, lang::kNumberBufferSize)).size();
}

// The text of a number, in `buffer`.
template <size_t kSize>
std::string_view NumberText(const Value& v, char (&buffer)[kSize]) {
  static_assert(kSize >= lang::kNumberBufferSize);
  return {buffer, static_cast<size_t>(WriteNumber(v, buffer) - buffer)};
}

// The number that a text stands for (lua_stringtonumber).
inline std::optional<Value> TextToNumber(std::string_view text) {
  const std::optional<lang::Number> n = lang::ParseNumber(text);
  if (!n) return std::nullopt;
  if (const int64_t* i = std::get_if<int64_t>(&*n)) return Value::Integer(*i);
  return Value::Float(std::get<double>(*n));
}

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_NUMBER_TEXT_H_
