#include "lang/number.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"

namespace perilune::lang {
namespace {

// The bit pattern of `magnitude` or its negation as an integer, modulo 2^64.
int64_t WithSign(uint64_t magnitude, bool negative) {
  return static_cast<int64_t>(negative ? uint64_t{0} - magnitude : magnitude);
}

int HexDigitValue(char c) {
  if (absl::ascii_isdigit(static_cast<unsigned char>(c))) return c - '0';
  return absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 10;
}

// Digits only. Nothing if there is another character, or none at all.
std::optional<uint64_t> ParseHexDigits(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = (value << 4) + static_cast<uint64_t>(HexDigitValue(c));
  }
  return value;
}

// Digits only, of a value at most `max`.
std::optional<uint64_t> ParseDecimalDigits(std::string_view digits, uint64_t max) {
  if (digits.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    const uint64_t digit = static_cast<uint64_t>(c - '0');
    if (value > (max - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

// `text` is what follows the sign and, if `hex`, the prefix.
std::optional<double> ParseFloat(std::string_view text, bool hex) {
  if (text.empty()) return std::nullopt;
  // from_chars would take a sign, "inf" and "nan" here.
  const unsigned char first = static_cast<unsigned char>(text[0]);
  const bool is_digit = hex ? absl::ascii_isxdigit(first) : absl::ascii_isdigit(first);
  if (!is_digit && first != '.') return std::nullopt;
  double value = 0;
  const char* const end = text.data() + text.size();
  const absl::from_chars_result result = absl::from_chars(
      text.data(), end, value, hex ? absl::chars_format::hex : absl::chars_format::general);
  if (result.ec == std::errc::invalid_argument || result.ptr != end) return std::nullopt;
  // Out of range, `value` is the nearest of zero (or a denormal) and the largest finite one.
  if (result.ec == std::errc::result_out_of_range && value > 1) {
    return std::numeric_limits<double>::infinity();
  }
  return value;
}

constexpr auto kPowersOfTen = [] {
  std::array<uint64_t, 20> powers{};
  for (uint64_t p = 1; uint64_t& power : powers) power = p, p *= 10;
  return powers;
}();

// Reads digits, perhaps with a sign before and a point among them, if there are so few that they are an integer, or that dividing one double by another
// rounds rightly. Nothing: the text is something else.
std::optional<Number> ParsePlainDecimal(std::string_view text) {
  constexpr ptrdiff_t kMaxIntegerDigits = 18, kMaxFloatDigits = std::numeric_limits<double>::digits10;
  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) ++p;
  const char* const first = p;
  if (end - first > kMaxIntegerDigits) return std::nullopt;
  uint64_t digits = 0;
  const auto read = [&] {
    for (; p < end && absl::ascii_isdigit(static_cast<unsigned char>(*p)); ++p) digits = digits * 10 + static_cast<uint64_t>(*p - '0');
  };
  read();
  if (p == first) return std::nullopt;
  if (p == end) return WithSign(digits, negative);
  if (*p++ != '.' || end - first > kMaxFloatDigits + 1) return std::nullopt;
  const char* const decimals = p;
  read();
  if (p != end) return std::nullopt;
  const double value = static_cast<double>(digits) / static_cast<double>(kPowersOfTen[static_cast<size_t>(end - decimals)]);
  return negative ? -value : value;
}

}  // namespace

std::optional<Number> ParseNumber(std::string_view text) {
  if (const std::optional<Number> plain = ParsePlainDecimal(text)) return plain;
  text = absl::StripAsciiWhitespace(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const bool hex = text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  std::optional<uint64_t> integer;
  if (hex) {
    text.remove_prefix(2);
    integer = ParseHexDigits(text);
  } else {
    constexpr uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    integer = ParseDecimalDigits(text, kMax + (negative ? 1 : 0));
  }
  if (integer.has_value()) return WithSign(*integer, negative);
  const std::optional<double> value = ParseFloat(text, hex);
  if (!value.has_value()) return std::nullopt;
  return negative ? -*value : *value;
}

namespace {

// "00" to "99".
constexpr auto kTwoDigits = [] {
  std::array<char, 200> text{};
  for (size_t i = 0; i < 100; ++i) {
    text[2 * i] = static_cast<char>('0' + i / 10);
    text[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return text;
}();

size_t DigitCount(uint64_t value) {
  const auto bits = static_cast<size_t>(64 - std::countl_zero(value | 1));
  const size_t about = bits * 1233 >> 12;  // log10(2) is 1233/4096
  return about + (value >= kPowersOfTen[about] ? 1 : 0) + (value == 0 ? 1 : 0);
}

}  // namespace

char* FormatInteger(int64_t value, char* at) {
  auto rest = static_cast<uint64_t>(value);
  if (value < 0) {
    *at++ = '-';
    rest = uint64_t{0} - rest;
  }
  if (rest < 10) return *at = static_cast<char>('0' + rest), at + 1;
  char* const end = at + DigitCount(rest);
  char* p = end;
  for (; rest >= 100; rest /= 100) std::memcpy(p -= 2, &kTwoDigits[2 * (rest % 100)], 2);
  if (rest >= 10) {
    std::memcpy(p - 2, &kTwoDigits[2 * rest], 2);
  } else {
    p[-1] = static_cast<char>('0' + rest);
  }
  return end;
}

// The usual kind of number. Such a one is the double nearest to m/1000, and 14 digits of it are those of m.
char* FormatShortDecimal(double value, char* at) {
  const double magnitude = std::fabs(value);
  if (!(magnitude < 1e10)) return nullptr;
  const double scaled = magnitude * 1000;
  const auto m = static_cast<int64_t>(scaled);
  if (static_cast<double>(m) != scaled || static_cast<double>(m) / 1000 != magnitude) return nullptr;
  if (std::signbit(value)) *at++ = '-';
  at = FormatInteger(m / 1000, at);
  *at++ = '.';
  const auto decimals = static_cast<int>(m % 1000);
  *at++ = static_cast<char>('0' + decimals / 100);
  if (decimals % 100 == 0) return at;
  *at++ = static_cast<char>('0' + decimals / 10 % 10);
  if (decimals % 10 != 0) *at++ = static_cast<char>('0' + decimals % 10);
  return at;
}

std::string_view FormatNumber(double value, std::span<char, kNumberBufferSize> buffer) {
  if (const char* written = FormatShortDecimal(value, buffer.data())) return {buffer.data(), static_cast<size_t>(written - buffer.data())};
  // Leaves room for ".0"; 14 digits, signs, point and exponent take at most 21.
  char* const begin = buffer.data();
  char* end =
      std::to_chars(begin, begin + kNumberBufferSize - 2, value, std::chars_format::general, 14)
          .ptr;
  const std::string_view written(begin, static_cast<size_t>(end - begin));
  if (written.find_first_not_of("-0123456789") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  return {begin, static_cast<size_t>(end - begin)};
}

std::string FormatNumber(double value) {
  char buffer[kNumberBufferSize];
  return std::string(FormatNumber(value, buffer));
}

}  // namespace perilune::lang
