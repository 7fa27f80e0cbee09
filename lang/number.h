// Numerals: text to number and back, exactly as the reference implementation does it.
//
// The lexer, tonumber() and the coercions of strings in arithmetic all read numbers through
// ParseNumber(), and all that print one go through FormatNumber(). Neither depends on the locale.

#ifndef PERILUNE_LANG_NUMBER_H_
#define PERILUNE_LANG_NUMBER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace perilune::lang {

using Number = std::variant<int64_t, double>;

// Reads the whole of `text` as a number: white space around it, a sign, then
//   decimal digits            an integer, or a float if it does not fit 64 bits
//   0x and hex digits         an integer modulo 2^64
//   a fraction or exponent    a float, correctly rounded; hex floats take a binary exponent after
//   `p`
// Values too large for a float become infinite, too small ones zero. Returns nothing for any other
// text, `inf` and `nan` among them.
std::optional<Number> ParseNumber(std::string_view text);

// Enough for every result of FormatNumber().
inline constexpr size_t kNumberBufferSize = 32;

// Writes `value` in decimal to `at`, where there must be room for kNumberBufferSize bytes; answers its end.
char* FormatInteger(int64_t value, char* at);

// If `value` has at most three decimals and ten digits before them, writes all of it ("1.25", "3.0") to `at` (kNumberBufferSize bytes) and answers its end;
// else null.
char* FormatShortDecimal(double value, char* at);

// Writes `value` in decimal to `at`, where there must be room for kNumberBufferSize bytes; answers its end.
char* FormatInteger(int64_t value, char* at);

// If `value` has at most three decimals and ten digits before the point, writes all of it ("1.25", "3.0") to `at` (kNumberBufferSize bytes) and answers
// its end; else null.
char* FormatShortDecimal(double value, char* at);

// Writes `value` as printf's "%.14g" does, with ".0" appended if the result looks like an integer.
// Infinities and NaNs are "inf", "-inf", "nan", "-nan". Returns the written part of `buffer`.
std::string_view FormatNumber(double value, std::span<char, kNumberBufferSize> buffer);
std::string FormatNumber(double value);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_NUMBER_H_
