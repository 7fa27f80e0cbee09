// The mathematical library. Random numbers come from xoshiro256** (Blackman, Vigna: Scrambled
// Linear Pseudorandom Number Generators), seeded and projected to intervals as in the reference, so
// that a seed gives the same numbers there and here.

#include <bit>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <limits>
#include <new>
#include <numbers>
#include <random>

#include "runtime/arithmetic.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/number_text.h"

namespace perilune::vm {
namespace {

NativeResult ReturnInteger(NativeFrame& f, int64_t i) { return f.Return(Value::Integer(i)); }
NativeResult ReturnFloat(NativeFrame& f, double d) { return f.Return(Value::Float(d)); }

// A float with an integral value, as an integer if it fits.
Value IntegralValue(double d) {
  int64_t i;
  return FloatToInteger(d, &i) ? Value::Integer(i) : Value::Float(d);
}

// ---- Functions of one float.

double Radians(double x) { return x * (std::numbers::pi / 180.0); }
double Degrees(double x) { return x * (180.0 / std::numbers::pi); }

template <double (*kFunction)(double)>
NativeResult OfFloat(NativeFrame& f) {
  double x;
  if (!f.CheckNumber(1, &x)) return kRaised;
  return ReturnFloat(f, kFunction(x));
}
template <double (*kFunction)(double)>
int32_t FastOfFloat(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsNumber()) return kDeclined;
  return FastReturn(args, Value::Float(kFunction(args[0].AsDouble())));
}
double Sqrt(double x) { return std::sqrt(x); }
double Sin(double x) { return std::sin(x); }
double Cos(double x) { return std::cos(x); }
double Tan(double x) { return std::tan(x); }
double Asin(double x) { return std::asin(x); }
double Acos(double x) { return std::acos(x); }
double Exp(double x) { return std::exp(x); }

NativeResult Atan(NativeFrame& f) {
  double y, x;
  if (!f.CheckNumber(1, &y) || !f.OptNumber(2, 1, &x)) return kRaised;
  return ReturnFloat(f, std::atan2(y, x));
}

NativeResult Log(NativeFrame& f) {
  double x, base;
  if (!f.CheckNumber(1, &x)) return kRaised;
  if (f.IsNoneOrNil(2)) return ReturnFloat(f, std::log(x));
  if (!f.CheckNumber(2, &base)) return kRaised;
  if (base == 2) return ReturnFloat(f, std::log2(x));
  if (base == 10) return ReturnFloat(f, std::log10(x));
  return ReturnFloat(f, std::log(x) / std::log(base));
}

template <double (*kFunction)(double, double)>
int32_t FastOfFloats(Isolate*, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsNumber() || !args[1].IsNumber()) return kDeclined;
  return FastReturn(args, Value::Float(kFunction(args[0].AsDouble(), args[1].AsDouble())));
}
double Atan2(double y, double x) { return std::atan2(y, x); }

int32_t FastLog(Isolate*, Value* args, uint64_t count) {
  if (count != 1 || !args[0].IsNumber()) return kDeclined;
  return FastReturn(args, Value::Float(std::log(args[0].AsDouble())));
}

// ---- Functions that Lua 5.3 deprecated and the reference still has unless it is built without them.

double Sinh(double x) { return std::sinh(x); }
double Cosh(double x) { return std::cosh(x); }
double Tanh(double x) { return std::tanh(x); }
double Log10(double x) { return std::log10(x); }
double Power(double x, double y) { return std::pow(x, y); }

NativeResult Pow(NativeFrame& f) {
  double x, y;
  if (!f.CheckNumber(1, &x) || !f.CheckNumber(2, &y)) return kRaised;
  return ReturnFloat(f, std::pow(x, y));
}

NativeResult Frexp(NativeFrame& f) {
  double x;
  if (!f.CheckNumber(1, &x)) return kRaised;
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  return f.Return(Value::Float(mantissa), Value::Integer(exponent));
}

NativeResult Ldexp(NativeFrame& f) {
  double x;
  int64_t exponent;
  if (!f.CheckNumber(1, &x) || !f.CheckInteger(2, &exponent)) return kRaised;
  return ReturnFloat(f, std::ldexp(x, static_cast<int>(exponent)));
}

// ---- Integers and rounding.

NativeResult Floor(NativeFrame& f) {
  Value v;
  if (!f.CheckNumberValue(1, &v)) return kRaised;
  return f.Return(v.IsInteger() ? v : IntegralValue(std::floor(v.number)));
}

NativeResult Ceil(NativeFrame& f) {
  Value v;
  if (!f.CheckNumberValue(1, &v)) return kRaised;
  return f.Return(v.IsInteger() ? v : IntegralValue(std::ceil(v.number)));
}

NativeResult Abs(NativeFrame& f) {
  const Value v = f[1];
  if (v.IsInteger()) return ReturnInteger(f, v.integer < 0 ? WrapSub(0, v.integer) : v.integer);
  double x;
  if (!f.CheckNumber(1, &x)) return kRaised;  // a string is taken for a float, whatever it contains
  return ReturnFloat(f, std::fabs(x));
}

NativeResult Fmod(NativeFrame& f) {
  if (f[1].IsInteger() && f[2].IsInteger()) {
    const int64_t a = f[1].integer, b = f[2].integer;
    if (b == 0) return f.ArgError(2, "zero");
    return ReturnInteger(f, b == -1 ? 0 : a % b);  // the remainder by -1 would overflow
  }
  double a, b;
  if (!f.CheckNumber(2, &b) || !f.CheckNumber(1, &a)) return kRaised;  // in the reference's order
  return ReturnFloat(f, std::fmod(a, b));
}

NativeResult Modf(NativeFrame& f) {
  Value v;
  if (!f.CheckNumberValue(1, &v)) return kRaised;
  if (v.IsInteger()) return f.Return(v, Value::Float(0));
  const double x = v.number;
  const double whole = x < 0 ? std::ceil(x) : std::floor(x);
  return f.Return(IntegralValue(whole),
                  Value::Float(x == whole ? 0 : x - whole));  // infinities have no fraction
}

NativeResult ToInteger(NativeFrame& f) {
  Value v = f[1];
  if (v.IsString()) {
    if (const auto number = TextToNumber(v.string()->view())) v = *number;
  }
  int64_t i;
  if (NumberToInteger(v, &i)) return ReturnInteger(f, i);
  if (!f.CheckAny(1)) return kRaised;
  return f.Return(Value::Nil());
}

NativeResult Ult(NativeFrame& f) {
  int64_t a, b;
  if (!f.CheckInteger(1, &a) || !f.CheckInteger(2, &b)) return kRaised;
  return f.Return(Value::Boolean(static_cast<uint64_t>(a) < static_cast<uint64_t>(b)));
}

NativeResult Type(NativeFrame& f) {
  const Value v = f[1];
  if (v.IsInteger()) return f.Return("integer");
  if (v.IsFloat()) return f.Return("float");
  if (!f.CheckAny(1)) return kRaised;
  return f.Return(Value::Nil());
}

// ---- The same, fast (object.h): numbers only.

template <double (*kRound)(double)>
int32_t FastRound(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsNumber()) return kDeclined;
  return FastReturn(args, args[0].IsInteger() ? args[0] : IntegralValue(kRound(args[0].number)));
}
double RoundDown(double x) { return std::floor(x); }
double RoundUp(double x) { return std::ceil(x); }

int32_t FastAbs(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsNumber()) return kDeclined;
  const Value v = args[0];
  if (v.IsFloat()) return FastReturn(args, Value::Float(std::fabs(v.number)));
  return FastReturn(args, v.integer < 0 ? Value::Integer(WrapSub(0, v.integer)) : v);
}

int32_t FastFmod(Isolate*, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsNumber() || !args[1].IsNumber()) return kDeclined;
  if (!args[0].IsInteger() || !args[1].IsInteger())
    return FastReturn(args, Value::Float(std::fmod(args[0].AsDouble(), args[1].AsDouble())));
  const int64_t a = args[0].integer, b = args[1].integer;
  if (b == 0) return kDeclined;
  return FastReturn(args, Value::Integer(b == -1 ? 0 : a % b));
}

int32_t FastToInteger(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsNumber()) return kDeclined;
  int64_t i;
  return FastReturn(args, NumberToInteger(args[0], &i) ? Value::Integer(i) : Value::Nil());
}

int32_t FastUlt(Isolate*, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsInteger() || !args[1].IsInteger()) return kDeclined;
  return FastReturn(args, Value::Boolean(args[0].bits < args[1].bits));
}

int32_t FastType(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  if (!args[0].IsNumber()) return FastReturn(args, Value::Nil());
  return FastReturn(vm, args, args[0].IsInteger() ? "integer" : "float");
}

template <bool kMax>
int32_t FastExtreme(Isolate*, Value* args, uint64_t count) {
  if (count == 0) return kDeclined;
  const Value* best = args;
  for (const Value* v = args; v != args + count; ++v) {
    if (!v->IsNumber()) return kDeclined;
    if (kMax ? NumberLess(*best, *v) : NumberLess(*v, *best)) best = v;
  }
  return FastReturn(args, *best);
}

// ---- Extremes: by the operator <, so also of strings or objects, as in the reference.

template <bool kMax>
NativeResult Extreme(NativeFrame& f) {
  if (f.count == 0) return f.ArgError(1, "value expected");
  uint32_t best = 1;
  for (uint32_t n = 2; n <= f.count; ++n) {
    const Value a = f[best], b = f[n];
    bool less;
    if (a.IsNumber() && b.IsNumber()) {
      less = kMax ? NumberLess(a, b) : NumberLess(b, a);
    } else if (!f.vm.LessThan(kMax ? a : b, kMax ? b : a, &less)) {
      return kRaised;
    }
    if (less) best = n;
  }
  return f.Return(f[best]);
}

// ---- Random numbers.

struct RandomState {
  uint64_t s[4];

  uint64_t Next() {
    const uint64_t s1 = s[1];
    const uint64_t s2 = s[2] ^ s[0];
    const uint64_t s3 = s[3] ^ s1;
    const uint64_t result = std::rotl(s1 * 5, 7) * 9;
    s[0] ^= s3;
    s[1] = s1 ^ s2;
    s[2] = s2 ^ (s1 << 17);
    s[3] = std::rotl(s3, 45);
    return result;
  }
  void Seed(uint64_t n1, uint64_t n2) {
    s[0] = n1;
    s[1] = 0xff;  // avoids an all-zero state
    s[2] = n2;
    s[3] = 0;
    for (int i = 0; i < 16; ++i) Next();  // spread the seed
  }
  // A number in [0, limit] from the random number `random`: retries within the smallest 2^b - 1
  // that is not below the limit.
  uint64_t Project(uint64_t random, uint64_t limit) {
    if ((limit & (limit + 1)) == 0) return random & limit;
    const uint64_t mask = ~uint64_t{0} >> std::countl_zero(limit);
    while ((random &= mask) > limit) random = Next();
    return random;
  }
};
constexpr char kRandomStateType = 0;

RandomState& StateOf(const NativeFunction* callee) {
  return *std::launder(reinterpret_cast<RandomState*>(callee->upvalues[0].userdata()->payload));
}
RandomState& StateOf(NativeFrame& f) { return StateOf(f.callee()); }
double UnitFloat(uint64_t random) { return static_cast<double>(random >> 11) * 0x1p-53; }

NativeResult Random(NativeFrame& f) {
  RandomState& state = StateOf(f);
  const uint64_t random = state.Next();
  int64_t low = 1, high;
  switch (f.count) {
    case 0:
      return ReturnFloat(f, UnitFloat(random));
    case 1:
      if (!f.CheckInteger(1, &high)) return kRaised;
      if (high == 0) return ReturnInteger(f, static_cast<int64_t>(random));  // all bits
      break;
    case 2:
      if (!f.CheckInteger(1, &low) || !f.CheckInteger(2, &high)) return kRaised;
      break;
    default:
      return f.Error("wrong number of arguments");
  }
  if (low > high) return f.ArgError(1, "interval is empty");
  const uint64_t offset =
      state.Project(random, static_cast<uint64_t>(high) - static_cast<uint64_t>(low));
  return ReturnInteger(f, static_cast<int64_t>(offset + static_cast<uint64_t>(low)));
}

int32_t FastRandom(Isolate*, Value* args, uint64_t count) {
  RandomState& state = StateOf(FunctionOf(args).native_function());
  if (count == 0) return FastReturn(args, Value::Float(UnitFloat(state.Next())));
  const Value low = count == 1 ? Value::Integer(1) : args[0], high = args[count - 1];
  if (count > 2 || !low.IsInteger() || !high.IsInteger() || low.integer > high.integer) return kDeclined;
  const uint64_t offset = state.Project(state.Next(), high.bits - low.bits);
  return FastReturn(args, Value::Integer(static_cast<int64_t>(offset + low.bits)));
}

void SeedAtRandom(RandomState& state, uint64_t* n1, uint64_t* n2) {
  std::random_device device;
  *n1 = static_cast<uint64_t>(std::time(nullptr)) ^ (uint64_t{device()} << 32);
  *n2 = (uint64_t{device()} << 32) | device();
  state.Seed(*n1, *n2);
}

NativeResult RandomSeed(NativeFrame& f) {
  RandomState& state = StateOf(f);
  uint64_t n1, n2;
  if (f.IsNone(1)) {
    SeedAtRandom(state, &n1, &n2);
  } else {
    int64_t a, b;
    if (!f.CheckInteger(1, &a) || !f.OptInteger(2, 0, &b)) return kRaised;
    n1 = static_cast<uint64_t>(a);
    n2 = static_cast<uint64_t>(b);
    state.Seed(n1, n2);
  }
  return f.Return(Value::Integer(static_cast<int64_t>(n1)),
                  Value::Integer(static_cast<int64_t>(n2)));
}

constexpr NativeEntry kFunctions[] = {
    {"abs", Abs, FastAbs, Intrinsic::kAbs},
    {"acos", OfFloat<Acos>, FastOfFloat<Acos>},
    {"asin", OfFloat<Asin>, FastOfFloat<Asin>},
    {"atan", Atan, FastOfFloats<Atan2>},
    {"atan2", Atan},
    {"ceil", Ceil, FastRound<RoundUp>, Intrinsic::kCeil},
    {"cos", OfFloat<Cos>, FastOfFloat<Cos>},
    {"cosh", OfFloat<Cosh>, FastOfFloat<Cosh>},
    {"deg", OfFloat<Degrees>, FastOfFloat<Degrees>},
    {"exp", OfFloat<Exp>, FastOfFloat<Exp>},
    {"floor", Floor, FastRound<RoundDown>, Intrinsic::kFloor},
    {"fmod", Fmod, FastFmod},
    {"frexp", Frexp},
    {"ldexp", Ldexp},
    {"log", Log, FastLog},
    {"log10", OfFloat<Log10>, FastOfFloat<Log10>},
    {"max", Extreme<true>, FastExtreme<true>, Intrinsic::kMax},
    {"min", Extreme<false>, FastExtreme<false>, Intrinsic::kMin},
    {"modf", Modf},
    {"pow", Pow, FastOfFloats<Power>},
    {"rad", OfFloat<Radians>, FastOfFloat<Radians>},
    {"sin", OfFloat<Sin>, FastOfFloat<Sin>},
    {"sinh", OfFloat<Sinh>, FastOfFloat<Sinh>},
    {"sqrt", OfFloat<Sqrt>, FastOfFloat<Sqrt>, Intrinsic::kSqrt},
    {"tan", OfFloat<Tan>, FastOfFloat<Tan>},
    {"tanh", OfFloat<Tanh>, FastOfFloat<Tanh>},
    {"tointeger", ToInteger, FastToInteger},
    {"type", Type, FastType},
    {"ult", Ult, FastUlt},
    {nullptr, nullptr},
};

}  // namespace

void OpenMath(Isolate& vm) {
  Table* library = NewLibrary(vm, "math", kFunctions);
  SetField(vm, library, "pi", Value::Float(std::numbers::pi));
  SetField(vm, library, "huge", Value::Float(std::numeric_limits<double>::infinity()));
  SetField(vm, library, "maxinteger", Value::Integer(std::numeric_limits<int64_t>::max()));
  SetField(vm, library, "mininteger", Value::Integer(std::numeric_limits<int64_t>::min()));
  Userdata* holder = vm.NewUserdata(sizeof(RandomState), &kRandomStateType, nullptr);
  uint64_t n1, n2;
  SeedAtRandom(*new (holder->payload) RandomState, &n1, &n2);
  const Value upvalues[] = {Value::Of(holder)};
  SetField(vm, library, "random", Value::Of(vm.NewNative("random", Random, upvalues, FastRandom)));
  SetField(vm, library, "randomseed", Value::Of(vm.NewNative("randomseed", RandomSeed, upvalues)));
}

}  // namespace perilune::vm
