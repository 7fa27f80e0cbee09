#include "lang/number.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "gtest/gtest.h"

namespace perilune::lang {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

struct IntegerCase {
  std::string_view text;
  int64_t value;
};

TEST(ParseNumberTest, Integers) {
  constexpr IntegerCase kCases[] = {
      {"0", 0},
      {"-0", 0},
      {"007", 7},
      {"+12", 12},
      {"  -34\t\n\v\f\r", -34},
      {"9223372036854775807", kMax},
      {"-9223372036854775808", kMin},
      {"0x10", 16},
      {"-0XfF", -255},
      {"0x7fffffffffffffff", kMax},
      {"0xffffffffffffffff", -1},
      {"0x1ffffffffffffffff", -1},
      {"-0xffffffffffffffff", 1},
      {"0x8000000000000000", kMin},
      {"00000000000000000000000000000001", 1},
  };
  for (const IntegerCase& test : kCases) {
    const std::optional<Number> number = ParseNumber(test.text);
    ASSERT_TRUE(number.has_value()) << test.text;
    ASSERT_TRUE(std::holds_alternative<int64_t>(*number)) << test.text;
    EXPECT_EQ(std::get<int64_t>(*number), test.value) << test.text;
  }
}

struct FloatCase {
  std::string_view text;
  double value;
};

TEST(ParseNumberTest, Floats) {
  constexpr FloatCase kCases[] = {
      {"0.0", 0.0},
      {".5", 0.5},
      {"5.", 5.0},
      {"1e3", 1000.0},
      {"1E+3", 1000.0},
      {"-1e-3", -0.001},
      {" 3.25 ", 3.25},
      {"9223372036854775808", 9223372036854775808.0},
      {"-9223372036854775809", -9223372036854775808.0},
      {"1e308", 1e308},
      {"1e309", kInf},
      {"-1e309", -kInf},
      {"1e-400", 0.0},
      {"5e-324", 5e-324},
      {"2e-324", 0.0},
      {"3e-324", 5e-324},
      {"1e999999999999999999999", kInf},
      {"1e-999999999999999999999", 0.0},
      {"0x.8", 0.5},
      {"0xA.", 10.0},
      {"0x1p4", 16.0},
      {"0x1P+4", 16.0},
      {"-0x.1p-4", -0x.1p-4},
      {"0x1p-1074", 5e-324},
      {"0x1p-1075", 0.0},
      {"0x1.8p-1075", 5e-324},
      {"0x1p1024", kInf},
      {"0x1.fffffffffffff8p1023", kInf},
      {"0x1.00000000000008p0", 1.0},
      {"0x1.000000000000081p0", 1.0000000000000002},
      {"0x0p99999999999999999999", 0.0},
      {"0xep1", 28.0},
      {"179769313486231580793e289", kInf},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
  };
  for (const FloatCase& test : kCases) {
    const std::optional<Number> number = ParseNumber(test.text);
    ASSERT_TRUE(number.has_value()) << test.text;
    ASSERT_TRUE(std::holds_alternative<double>(*number)) << test.text;
    EXPECT_EQ(std::get<double>(*number), test.value) << test.text;
  }
}

TEST(ParseNumberTest, NegativeZeroKeepsItsSign) {
  EXPECT_TRUE(std::signbit(std::get<double>(*ParseNumber("-0.0"))));
  EXPECT_TRUE(std::signbit(std::get<double>(*ParseNumber("-0x0p0"))));
}

TEST(ParseNumberTest, RejectsEverythingElse) {
  constexpr std::string_view kCases[] = {
      "",
      " ",
      "+",
      "-",
      ".",
      "- 1",
      "+-1",
      "--1",
      "1 2",
      "1x",
      "0x",
      "0x.",
      "0xg",
      "0x 1",
      "0x-1",
      "0x+1",
      "1e",
      "1e+",
      "0x1p",
      "0x1p+",
      "0xp1",
      "e1",
      "1.2.3",
      "inf",
      "-inf",
      "nan",
      "infinity",
      "0xinf",
      "0xnan",
      "1n",
      "1,5",
      "1_000",
      "x10",
      "1e1.5",
      "0x1p1.5",
      "0x1pa",
      "--0x1",
      "0b101",
      "1e5f",
      "nan(1)",
      "\xc2\xa0"
      "1",
  };
  for (const std::string_view text : kCases) {
    EXPECT_FALSE(ParseNumber(text).has_value()) << text;
  }
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(ParseNumber("1\0"sv).has_value());
  EXPECT_FALSE(ParseNumber("\0"
                           "1"sv)
                   .has_value());
}

// The C library rounds correctly too, and reads the same numerals.
TEST(ParseNumberTest, AgreesWithStrtod) {
  std::mt19937_64 random(1);
  constexpr std::string_view kDecimal = "0123456789";
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  for (int i = 0; i < 100'000; ++i) {
    const bool hex = random() % 2 == 0;
    const std::string_view digits = hex ? kHex : kDecimal;
    std::string text = hex ? "0x" : "";
    for (size_t n = 1 + random() % 30; n > 0; --n) text += digits[random() % digits.size()];
    text += '.';
    for (size_t n = random() % 30; n > 0; --n) text += digits[random() % digits.size()];
    if (random() % 2 == 0) {
      text += hex ? 'p' : 'e';
      text += std::to_string(static_cast<int>(random() % 2400) - 1200);
    }
    const std::optional<Number> number = ParseNumber(text);
    ASSERT_TRUE(number.has_value()) << text;
    ASSERT_EQ(std::get<double>(*number), std::strtod(text.c_str(), nullptr)) << text;
  }
}

// What the reference prints: "%.14g", and ".0" where that looks like an integer.
std::string Reference(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.14g", value);
  std::string s = text;
  if (s.find_first_not_of("-0123456789") == std::string::npos) s += ".0";
  return s;
}

TEST(FormatNumberTest, DecimalsAreThoseOfPrintf) {
  for (int64_t m = -3000; m <= 3000; ++m) {
    for (const double scale : {1.0, 0.5, 10.0, 1000.0, 3.0, 8.0, 0.001, 1e-5, 1e-7}) {
      for (const double offset : {0.0, 1e6, 123456789.0, 9999999999.0, 1e10, -1e10}) {
        const double value = static_cast<double>(m) / scale + offset;
        for (const double v : {value, std::nextafter(value, 1e300), std::nextafter(value, -1e300)}) EXPECT_EQ(FormatNumber(v), Reference(v));
      }
    }
  }
}

TEST(FormatNumberTest, KnownValues) {
  EXPECT_EQ(FormatNumber(0.0), "0.0");
  EXPECT_EQ(FormatNumber(-0.0), "-0.0");
  EXPECT_EQ(FormatNumber(1.0), "1.0");
  EXPECT_EQ(FormatNumber(-1.5), "-1.5");
  EXPECT_EQ(FormatNumber(0.1), "0.1");
  EXPECT_EQ(FormatNumber(1e14), "1e+14");
  EXPECT_EQ(FormatNumber(1e13), "10000000000000.0");
  EXPECT_EQ(FormatNumber(1e100), "1e+100");
  EXPECT_EQ(FormatNumber(9223372036854775808.0), "9.2233720368548e+18");
  EXPECT_EQ(FormatNumber(3.14159265358979), "3.1415926535898");
  EXPECT_EQ(FormatNumber(1e-5), "1e-05");
  EXPECT_EQ(FormatNumber(kInf), "inf");
  EXPECT_EQ(FormatNumber(-kInf), "-inf");
  EXPECT_EQ(FormatNumber(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(FormatNumber(-std::numeric_limits<double>::quiet_NaN()), "-nan");
}

TEST(FormatNumberTest, AgreesWithPrintf) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const double value = i % 2 == 0 ? std::bit_cast<double>(random())
                                    : static_cast<double>(random() % 1'000'000) / 1000;
    ASSERT_EQ(FormatNumber(value), Reference(value));
  }
}

}  // namespace
}  // namespace perilune::lang
