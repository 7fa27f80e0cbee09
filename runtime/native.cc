// The checks and errors of native functions, worded as the auxiliary library of the reference words
// them.

#include "runtime/native.h"

#include <optional>
#include <string>

#include "runtime/arithmetic.h"
#include "runtime/debug_info.h"
#include "runtime/number_text.h"

namespace perilune::vm {

NativeResult NativeFrame::Throw(const Value& v) {
  vm.Raise(v);
  return kRaised;
}

NativeResult NativeFrame::MemoryError() {
  vm.RaiseMemoryError();
  return kRaised;
}

NativeResult NativeFrame::Error(std::string_view message) {
  vm.RaiseError(message);
  return kRaised;
}

NativeResult NativeFrame::ArgError(uint32_t n, std::string_view message) {
  std::optional<CallerName> caller = NameOfRunningFunction(vm);
  std::string text;
  if (caller && caller->what == "method") {
    --n;  // self is not counted
    if (n == 0) {
      text.append("calling '")
          .append(caller->name)
          .append("' on bad self (")
          .append(message)
          .append(")");
      return Error(text);
    }
  }
  std::string name = "?";
  if (caller) {
    name = std::move(caller->name);
  } else if (std::optional<std::string> loaded = LoadedFunctionName(vm, vm.base[-2])) {
    name = *std::move(loaded);
  }
  text.append("bad argument #")
      .append(std::to_string(n))
      .append(" to '")
      .append(name)
      .append("' (")
      .append(message)
      .append(")");
  return Error(text);
}

NativeResult NativeFrame::TypeError(uint32_t n, std::string_view type_name) {
  std::string text(type_name);
  text += " expected, got ";
  const Value name = IsNone(n) ? Value::Nil() : vm.Metamethod((*this)[n], Event::kName);
  if (name.IsString()) {
    text += name.string()->view();
  } else if ((*this)[n].tag == Tag::kLightUserdata) {
    text += "light userdata";
  } else {
    text += TypeNameOf(n);
  }
  return ArgError(n, text);
}

bool NativeFrame::CheckAny(uint32_t n) {
  if (!IsNone(n)) return true;
  ArgError(n, "value expected");
  return false;
}

bool NativeFrame::CheckIntegerSlow(uint32_t n, int64_t* out) {
  Value v = (*this)[n];
  if (v.IsString()) {
    if (std::optional<Value> number = TextToNumber(v.string()->view())) v = *number;
  }
  if (NumberToInteger(v, out)) return true;
  if (v.IsNumber()) {
    ArgError(n, "number has no integer representation");
  } else {
    TypeError(n, "number");
  }
  return false;
}

bool NativeFrame::CheckNumberSlow(uint32_t n, Value* out) {
  const Value v = (*this)[n];
  if (v.IsString()) {
    if (std::optional<Value> number = TextToNumber(v.string()->view())) {
      *out = *number;
      return true;
    }
  }
  TypeError(n, "number");
  return false;
}

bool NativeFrame::CheckStringSlow(uint32_t n, std::string_view* out) {
  const Value v = (*this)[n];
  if (!v.IsNumber()) {
    TypeError(n, "string");
    return false;
  }
  char buffer[lang::kNumberBufferSize];
  String* s = vm.NewString(NumberText(v, buffer));
  SetArg(n, Value::Of(s));
  *out = s->view();
  return true;
}

bool NativeFrame::CheckTable(uint32_t n, Table** out) {
  const Value v = (*this)[n];
  if (v.IsTable()) [[likely]] {
    *out = v.table();
    return true;
  }
  TypeError(n, "table");
  return false;
}

bool NativeFrame::CheckFunction(uint32_t n) {
  if ((*this)[n].IsFunction()) return true;
  TypeError(n, "function");
  return false;
}

bool NativeFrame::CheckType(uint32_t n, Tag tag) {
  if (!IsNone(n) && (*this)[n].tag == tag) return true;
  TypeError(n, TypeName(tag));
  return false;
}

bool NativeFrame::OptInteger(uint32_t n, int64_t fallback, int64_t* out) {
  if (!IsNoneOrNil(n)) return CheckInteger(n, out);
  *out = fallback;
  return true;
}

bool NativeFrame::OptNumber(uint32_t n, double fallback, double* out) {
  if (!IsNoneOrNil(n)) return CheckNumber(n, out);
  *out = fallback;
  return true;
}

bool NativeFrame::OptString(uint32_t n, std::string_view fallback, std::string_view* out) {
  if (!IsNoneOrNil(n)) return CheckString(n, out);
  *out = fallback;
  return true;
}

bool NativeFrame::CheckOption(uint32_t n, const char* fallback, const char* const* options,
                              int* out) {
  std::string_view given;
  if (fallback != nullptr ? !OptString(n, fallback, &given) : !CheckString(n, &given)) return false;
  for (int i = 0; options[i] != nullptr; ++i) {
    if (given == options[i]) {
      *out = i;
      return true;
    }
  }
  ArgError(n, "invalid option '" + std::string(given) + "'");
  return false;
}

bool NativeFrame::CheckStack(size_t n, std::string_view message) {
  if (vm.EnsureStack(n)) [[likely]]
    return true;
  Error("stack overflow (" + std::string(message) + ")");
  return false;
}

}  // namespace perilune::vm
