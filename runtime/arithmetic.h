// Arithmetic on numbers as manual §3.4.1-3.4.3 defines it: what the semantic functions, the interpreter's handlers and the library share.

#ifndef PERILUNE_RUNTIME_ARITHMETIC_H_
#define PERILUNE_RUNTIME_ARITHMETIC_H_

#include <cmath>
#include <cstdint>

#include "runtime/table.h"
#include "runtime/value.h"

namespace perilune::vm {

inline int64_t WrapAdd(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }
inline int64_t WrapSub(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b)); }
inline int64_t WrapMul(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b)); }

// Quotient rounded towards minus infinity; b is not 0.
inline int64_t FloorDiv(int64_t a, int64_t b) {
  if (b == -1) return WrapSub(0, a);
  const int64_t q = a / b;
  return (a % b != 0 && (a ^ b) < 0) ? q - 1 : q;
}
inline int64_t FloorMod(int64_t a, int64_t b) {
  if (b == -1) return 0;
  const int64_t r = a % b;
  return (r != 0 && (r ^ b) < 0) ? r + b : r;
}
inline double FloorMod(double a, double b) {
  const double r = std::fmod(a, b);
  return (r > 0 && b < 0) || (r < 0 && b > 0) ? r + b : r;  // not r * b < 0, which may be too small for a float
}
inline double Power(double a, double b) { return b == 2 ? a * a : std::pow(a, b); }

// Logical shift; a negative distance shifts the other way, 64 or more give 0.
inline int64_t ShiftLeft(int64_t a, int64_t by) {
  const uint64_t u = static_cast<uint64_t>(a);
  if (by <= -64 || by >= 64) return 0;
  return static_cast<int64_t>(by >= 0 ? u << by : u >> -by);
}
inline int64_t ShiftRight(int64_t a, int64_t by) { return ShiftLeft(a, WrapSub(0, by)); }

// The integer a number stands for exactly (luaV_tointegerns without strings).
inline bool NumberToInteger(const Value& v, int64_t* out) {
  if (v.IsInteger()) return *out = v.integer, true;
  return v.IsFloat() && FloatToInteger(v.number, out);
}

// Exact comparisons of integers with floats.
bool IntLessFloat(int64_t i, double f);
bool IntLessEqualFloat(int64_t i, double f);
bool FloatLessInt(double f, int64_t i);
bool FloatLessEqualInt(double f, int64_t i);
// Both operands are numbers.
bool NumberLess(const Value& a, const Value& b);
bool NumberLessEqual(const Value& a, const Value& b);

// Prepares an integer loop (luaV forlimit): *skip when it does not run at all; otherwise *count is the number of repetitions after the first.
// `limit` may be a float. False: limit is not a number.
bool PrepareIntegerLoop(int64_t init, const Value& limit, int64_t step, bool* skip, uint64_t* count);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_ARITHMETIC_H_
