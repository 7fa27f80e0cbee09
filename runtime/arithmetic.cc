#include "runtime/arithmetic.h"

#include <limits>

namespace perilune::vm {
namespace {

// Whether the integer converts to a double without rounding.
bool FitsDouble(int64_t i) {
  constexpr int64_t kLimit = int64_t{1} << 53;
  return i >= -kLimit && i <= kLimit;
}

// An integer limit for comparing `i op f`: the float rounded by `round`, if that is an int64.
bool RoundToInteger(double f, double (*round)(double), int64_t* out) { return FloatToInteger(round(f), out); }

double Floor(double d) { return std::floor(d); }
double Ceil(double d) { return std::ceil(d); }

}  // namespace

bool IntLessFloat(int64_t i, double f) {
  if (FitsDouble(i)) return static_cast<double>(i) < f;
  int64_t n;  // i < f <=> i < ceil(f)
  if (RoundToInteger(f, Ceil, &n)) return i < n;
  return f > 0;  // beyond all integers; NaN answers false
}

bool IntLessEqualFloat(int64_t i, double f) {
  if (FitsDouble(i)) return static_cast<double>(i) <= f;
  int64_t n;  // i <= f <=> i <= floor(f)
  if (RoundToInteger(f, Floor, &n)) return i <= n;
  return f > 0;
}

bool FloatLessInt(double f, int64_t i) {
  if (FitsDouble(i)) return f < static_cast<double>(i);
  int64_t n;  // f < i <=> floor(f) < i
  if (RoundToInteger(f, Floor, &n)) return n < i;
  return f < 0;
}

bool FloatLessEqualInt(double f, int64_t i) {
  if (FitsDouble(i)) return f <= static_cast<double>(i);
  int64_t n;  // f <= i <=> ceil(f) <= i
  if (RoundToInteger(f, Ceil, &n)) return n <= i;
  return f < 0;
}

bool NumberLess(const Value& a, const Value& b) {
  if (a.IsInteger()) return b.IsInteger() ? a.integer < b.integer : IntLessFloat(a.integer, b.number);
  return b.IsFloat() ? a.number < b.number : FloatLessInt(a.number, b.integer);
}

bool NumberLessEqual(const Value& a, const Value& b) {
  if (a.IsInteger()) return b.IsInteger() ? a.integer <= b.integer : IntLessEqualFloat(a.integer, b.number);
  return b.IsFloat() ? a.number <= b.number : FloatLessEqualInt(a.number, b.integer);
}

bool PrepareIntegerLoop(int64_t init, const Value& limit_value, int64_t step, bool* skip, uint64_t* count) {
  int64_t limit;
  if (limit_value.IsInteger()) {
    limit = limit_value.integer;
  } else if (limit_value.IsFloat()) {
    const double f = limit_value.number;
    if (!RoundToInteger(f, step < 0 ? Ceil : Floor, &limit)) {
      // Beyond all integers (or NaN, which runs no loop): clip.
      if (!(f > 0) && !(f < 0)) return *skip = true, true;
      if (f > 0) {
        if (step < 0) return *skip = true, true;
        limit = std::numeric_limits<int64_t>::max();
      } else {
        if (step > 0) return *skip = true, true;
        limit = std::numeric_limits<int64_t>::min();
      }
    }
  } else {
    return false;
  }
  *skip = step > 0 ? init > limit : init < limit;
  if (*skip) return true;
  const uint64_t first = static_cast<uint64_t>(init), last = static_cast<uint64_t>(limit);
  if (step > 0) {
    *count = (last - first) / static_cast<uint64_t>(step);
  } else {
    // -(step + 1) + 1 avoids overflow for the least integer.
    *count = (first - last) / (static_cast<uint64_t>(-(step + 1)) + 1);
  }
  return true;
}

}  // namespace perilune::vm
