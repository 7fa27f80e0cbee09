// What a native function sees of its call, and how it answers.
//
//   NativeResult MathMax(NativeFrame& f) {
//     double x;
//     if (!f.CheckNumber(1, &x)) return kRaised;
//     return f.Return(Value::Float(x));
//   }
//
// Arguments are numbered from 1, as in messages. A Check or Opt that answers false has raised the
// error ("bad argument #1 to 'max' (number expected, got nil)"); return kRaised. Arguments live on
// the Lua stack, which may move when Lua code is called: keep Values, not pointers to slots.

#ifndef PERILUNE_RUNTIME_NATIVE_H_
#define PERILUNE_RUNTIME_NATIVE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/isolate.h"
#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm {

// Values a native frame may push without EnsureStack.
inline constexpr uint32_t kMinNativeStack = 40;

struct NativeFrame {
  Isolate& vm;
  uint32_t count;  // number of arguments

  // Argument n, or nil when absent.
  Value operator[](uint32_t n) const { return n <= count ? vm.base[n - 1] : Value::Nil(); }
  bool IsNone(uint32_t n) const { return n > count; }
  bool IsNoneOrNil(uint32_t n) const { return n > count || vm.base[n - 1].IsNil(); }
  // "nil", "number"... or "no value" for an absent argument (luaL_typename).
  const char* TypeNameOf(uint32_t n) const {
    return IsNone(n) ? "no value" : TypeName((*this)[n].tag);
  }
  // Replaces argument n, which must be present.
  void SetArg(uint32_t n, const Value& v) { vm.base[n - 1] = v; }
  NativeFunction* callee() const { return vm.base[-2].native_function(); }

  // ---- luaL_check* and luaL_opt*. Numbers convert to strings and back as in the reference.
  [[nodiscard]] bool CheckAny(uint32_t n);  // "value expected"
  [[nodiscard]] bool CheckInteger(uint32_t n, int64_t* out) {
    if (n > count || !vm.base[n - 1].IsInteger()) return CheckIntegerSlow(n, out);
    *out = vm.base[n - 1].integer;
    return true;
  }
  [[nodiscard]] bool CheckNumber(uint32_t n, double* out) {
    Value v;
    if (!CheckNumberValue(n, &v)) return false;
    *out = v.AsDouble();
    return true;
  }
  // Keeps integer and float apart.
  [[nodiscard]] bool CheckNumberValue(uint32_t n, Value* out) {
    if (n > count || !vm.base[n - 1].IsNumber()) return CheckNumberSlow(n, out);
    *out = vm.base[n - 1];
    return true;
  }
  // The bytes live as long as the argument stays in its slot (a number argument is replaced by its
  // string).
  [[nodiscard]] bool CheckString(uint32_t n, std::string_view* out) {
    if (n > count || !vm.base[n - 1].IsString()) return CheckStringSlow(n, out);
    *out = vm.base[n - 1].string()->view();
    return true;
  }
  [[nodiscard]] bool CheckTable(uint32_t n, Table** out);
  [[nodiscard]] bool CheckFunction(uint32_t n);
  [[nodiscard]] bool CheckType(uint32_t n, Tag tag);
  [[nodiscard]] bool OptInteger(uint32_t n, int64_t fallback, int64_t* out);
  [[nodiscard]] bool OptNumber(uint32_t n, double fallback, double* out);
  [[nodiscard]] bool OptString(uint32_t n, std::string_view fallback, std::string_view* out);
  // Index of the argument in a null-terminated list: "invalid option 'x'". `fallback` may be null.
  [[nodiscard]] bool CheckOption(uint32_t n, const char* fallback, const char* const* options,
                                 int* out);
  // Makes room for n more values to push: "stack overflow (message)".
  [[nodiscard]] bool CheckStack(size_t n, std::string_view message);

  // ---- Errors.
  NativeResult ArgError(uint32_t n, std::string_view message);     // luaL_argerror
  NativeResult TypeError(uint32_t n, std::string_view type_name);  // luaL_typeerror
  NativeResult Error(std::string_view message);  // luaL_error: position of the caller prepended
  NativeResult Throw(const Value& v);
  NativeResult MemoryError();

  // ---- Results: the topmost values.
  void Push(const Value& v) { *vm.top++ = v; }
  NativeResult Return() { return {0}; }
  NativeResult Return(const Value& v) { return Push(v), NativeResult{1}; }
  NativeResult Return(const Value& a, const Value& b) { return Push(a), Push(b), NativeResult{2}; }
  NativeResult Return(const Value& a, const Value& b, const Value& c) {
    return Push(a), Push(b), Push(c), NativeResult{3};
  }
  NativeResult Return(std::string_view s) {
    const String* string = vm.TryNewString(s);
    return string == nullptr ? MemoryError() : Return(Value::Of(string));
  }
  NativeResult ReturnPushed(uint32_t n) { return {static_cast<int32_t>(n)}; }
  // Calls the function below the `args` topmost values and returns its results, adjusted to `results` (0: as they are). Unlike vm.Call, it can be
  // yielded across.
  NativeResult Call(uint16_t args, uint16_t results) { return {-2, args, results}; }

  // The parts of the checks above that are not worth inlining.
  bool CheckIntegerSlow(uint32_t n, int64_t* out);
  bool CheckNumberSlow(uint32_t n, Value* out);
  bool CheckStringSlow(uint32_t n, std::string_view* out);
};

// The end of a fast native (object.h) with one result.
inline int32_t FastReturn(Value* args, const Value& v) {
  args[-kFrameHeader] = v;
  return 1;
}
// The same with a string; long ones are not made without a look at the memory.
inline int32_t FastReturn(Isolate* vm, Value* args, std::string_view bytes) {
  constexpr size_t kMaxSize = 2000;  // small enough not to be refused (heap.h)
  if (bytes.size() > kMaxSize) return kDeclined;
  return FastReturn(args, Value::Of(vm->NewString(bytes)));
}

// A library: a null-terminated list of functions to put in a table.
struct NativeEntry {
  const char* name;
  NativeFn fn;
  FastNative fast = nullptr;
  Intrinsic intrinsic = Intrinsic::kNone;
};
void AddFunctions(Isolate& vm, Table* library, const NativeEntry* entries);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_NATIVE_H_
