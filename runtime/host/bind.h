// C++ callables as Lua functions.
//
//   isolate.Bind("clamp", [](double x, double low, double high) { return std::clamp(x, low, high); });
//   isolate.Bind("open", [&](perilune::Isolate&, std::string_view path, std::optional<int> mode) -> absl::StatusOr<std::shared_ptr<File>> { … });
//
// Parameters: the types of convert.h. A parameter of type Isolate& is the calling isolate, one of type Arguments takes all arguments that are left;
// neither counts as an argument. An optional may be absent. Results: void, one of these types, a std::tuple of them, or absl::Status or
// absl::StatusOr of one of these; a status that is not OK is raised as a Lua error with the position of the caller. Arguments that do not fit are Lua
// errors in Lua's words: "bad argument #1 to 'clamp' (number expected, got string)".
//
// A bound function runs on the isolate's thread, may call Lua, and must not throw C++ exceptions. A callable that is bound in several isolates may run on
// several threads at once. Coroutines cannot yield across it.

#ifndef PERILUNE_RUNTIME_HOST_BIND_H_
#define PERILUNE_RUNTIME_HOST_BIND_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/host/convert.h"
#include "runtime/host/value.h"
#include "runtime/native.h"

namespace perilune {

class Isolate;

// The arguments that no other parameter took.
using Arguments = std::vector<Value>;

namespace detail {

// What a bound function holds, in a userdata that is its first upvalue.
struct BoundState {
  std::string name;
};

template <typename F>
struct Bound : BoundState {
  F f;
};

// A parameter: what holds its value during the call, how to read it from the arguments from *n on, and how to pass it.
template <typename P>
struct Parameter {
  using Plain = std::remove_cvref_t<P>;
  Plain held{};
  bool Read(vm::NativeFrame& frame, uint32_t* n) {
    const uint32_t at = (*n)++;
    return !Refused(frame, at, Codec<Plain>::From(&frame.vm, frame[at], &held), NameOf<Plain>(&frame.vm));
  }
  Plain&& Pass() { return std::move(held); }

  static bool Refused(vm::NativeFrame& frame, uint32_t n, const Mismatch& mismatch, const char* name) {
    if (!mismatch) return false;
    if (mismatch.type) {
      frame.TypeError(n, name);
    } else {
      frame.ArgError(n, mismatch.text);
    }
    return true;
  }
};

template <typename T>
concept IsClass = Bindable<T> && requires { requires std::is_same_v<typename Codec<T>::Class, T>; };

// An object of a bound class by reference.
template <typename P>
  requires(std::is_lvalue_reference_v<P> && !std::is_same_v<std::remove_cvref_t<P>, Isolate> && IsClass<std::remove_cvref_t<P>>)
struct Parameter<P> {
  using Plain = std::remove_cvref_t<P>;
  Plain* held = nullptr;
  bool Read(vm::NativeFrame& frame, uint32_t* n) {
    const uint32_t at = (*n)++;
    const ObjectBox* box = ObjectBoxOf(frame[at], TypeIdOf<Plain>());
    if (box == nullptr) {
      frame.TypeError(at, ClassName(&frame.vm, TypeIdOf<Plain>()));
      return false;
    }
    held = static_cast<Plain*>(box->object.get());
    return true;
  }
  P Pass() { return *held; }
};

template <typename P>
  requires std::is_same_v<std::remove_cvref_t<P>, Isolate>
struct Parameter<P> {
  static_assert(std::is_lvalue_reference_v<P>, "take Isolate&");
  Isolate* held = nullptr;
  bool Read(vm::NativeFrame& frame, uint32_t*) {
    held = static_cast<Isolate*>(frame.vm.host);
    return true;
  }
  Isolate& Pass() { return *held; }
};

template <typename P>
  requires std::is_same_v<std::remove_cvref_t<P>, Arguments>
struct Parameter<P> {
  Arguments held;
  bool Read(vm::NativeFrame& frame, uint32_t* n) {
    for (; *n <= frame.count; ++*n) held.emplace_back(&frame.vm, frame[*n]);
    return true;
  }
  Arguments&& Pass() { return std::move(held); }
};

// ---- Results.

template <typename T>
struct IsTuple : std::false_type {};
template <typename... T>
struct IsTuple<std::tuple<T...>> : std::true_type {};
template <typename T>
struct IsStatusOr : std::false_type {};
template <typename T>
struct IsStatusOr<absl::StatusOr<T>> : std::true_type {};

vm::NativeResult RaiseStatus(vm::NativeFrame& frame, const absl::Status& status);

template <typename T>
vm::NativeResult ReturnResult(vm::NativeFrame& frame, T&& result) {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (std::is_same_v<Plain, absl::Status>) {
    return result.ok() ? frame.Return() : RaiseStatus(frame, result);
  } else if constexpr (IsStatusOr<Plain>::value) {
    if (!result.ok()) return RaiseStatus(frame, result.status());
    return ReturnResult(frame, *std::forward<T>(result));
  } else if constexpr (IsTuple<Plain>::value) {
    static_assert(std::tuple_size_v<Plain> <= vm::kMinNativeStack);
    const auto push = [&](auto&& part) {
      vm::Value v;
      if (!CodecFor<decltype(part)>::To(frame.vm, std::forward<decltype(part)>(part), &v)) return false;
      frame.Push(v);
      return true;
    };
    if (!std::apply([&](auto&&... part) { return (push(std::forward<decltype(part)>(part)) && ...); }, std::forward<T>(result))) return vm::kRaised;
    return frame.ReturnPushed(std::tuple_size_v<Plain>);
  } else {
    vm::Value v;
    return CodecFor<T>::To(frame.vm, std::forward<T>(result), &v) ? frame.Return(v) : vm::kRaised;
  }
}

// ---- Calls.

template <typename F, typename R, typename... P>
vm::NativeResult Invoke(vm::NativeFrame& frame) {
  auto* bound = reinterpret_cast<Bound<F>*>(frame.callee()->upvalues[0].userdata()->payload);
  std::tuple<Parameter<P>...> parameters;
  uint32_t n = 1;
  if (!std::apply([&](auto&... p) { return (p.Read(frame, &n) && ...); }, parameters)) return vm::kRaised;
  const auto call = [&]() -> decltype(auto) {
    const vm::BlockingScope outside(frame.vm);  // it may take its time
    return std::apply([&](auto&... p) -> decltype(auto) { return std::invoke(bound->f, static_cast<P>(p.Pass())...); }, parameters);
  };
  if constexpr (std::is_void_v<R>) {
    call();
    return frame.Return();
  } else {
    return ReturnResult(frame, call());
  }
}

// The parameters and the result of a callable: NativeFn is the function that calls it.
template <typename F, typename Signature>
struct Signed;
template <typename F, typename R, typename... P>
struct Signed<F, R(P...)> {
  static constexpr vm::NativeFn kInvoke = &Invoke<F, R, P...>;
};

template <typename T>
struct SignatureOf : SignatureOf<decltype(&T::operator())> {};  // lambdas and function objects
template <typename R, typename... P>
struct SignatureOf<R (*)(P...)> {
  using type = R(P...);
};
template <typename R, typename C, typename... P>
struct SignatureOf<R (C::*)(P...)> {
  using type = R(P...);
};
template <typename R, typename C, typename... P>
struct SignatureOf<R (C::*)(P...) const> {
  using type = R(P...);
};
template <typename R, typename... P>
struct SignatureOf<R (*)(P...) noexcept> : SignatureOf<R (*)(P...)> {};
template <typename R, typename C, typename... P>
struct SignatureOf<R (C::*)(P...) noexcept> : SignatureOf<R (C::*)(P...)> {};
template <typename R, typename C, typename... P>
struct SignatureOf<R (C::*)(P...) const noexcept> : SignatureOf<R (C::*)(P...) const> {};

// A native function that calls `fn`, whose state is a copy of `bound`.
template <typename B>
vm::Value NewNativeWithState(vm::Isolate& vm, vm::NativeFn fn, B bound) {
  vm::Userdata* state = vm.NewUserdata(sizeof(B), nullptr, [](void* payload) { static_cast<B*>(payload)->~B(); });
  static_assert(alignof(B) <= 16);
  auto* stored = new (state->payload) B(std::move(bound));
  const vm::Value upvalue = vm::Value::Of(state);
  return vm::Value::Of(vm.NewNative(stored->name.c_str(), fn, {&upvalue, 1}));
}

template <typename Signature, typename F>
vm::Value NewSignedFunction(vm::Isolate& vm, std::string name, F f) {
  return NewNativeWithState(vm, Signed<F, Signature>::kInvoke, Bound<F>{{std::move(name)}, std::move(f)});
}

template <typename F>
vm::Value NewBoundFunction(vm::Isolate& vm, std::string name, F f) {
  return NewSignedFunction<typename SignatureOf<F>::type>(vm, std::move(name), std::move(f));
}

// A member function of T or of a base of T, as a function whose first parameter is the object.
template <typename T, typename R, typename C, typename... P>
vm::Value MethodFunction(vm::Isolate& vm, std::string name, R (C::*method)(P...)) {
  return NewBoundFunction(vm, std::move(name), [method](T& object, P... p) -> R { return (object.*method)(std::forward<P>(p)...); });
}
template <typename T, typename R, typename C, typename... P>
vm::Value MethodFunction(vm::Isolate& vm, std::string name, R (C::*method)(P...) const) {
  return NewBoundFunction(vm, std::move(name), [method](const T& object, P... p) -> R { return (object.*method)(std::forward<P>(p)...); });
}
template <typename T, typename R, typename C, typename... P>
vm::Value MethodFunction(vm::Isolate& vm, std::string name, R (C::*method)(P...) noexcept) {
  return MethodFunction<T>(vm, std::move(name), static_cast<R (C::*)(P...)>(method));
}
template <typename T, typename R, typename C, typename... P>
vm::Value MethodFunction(vm::Isolate& vm, std::string name, R (C::*method)(P...) const noexcept) {
  return MethodFunction<T>(vm, std::move(name), static_cast<R (C::*)(P...) const>(method));
}

}  // namespace detail
}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_BIND_H_
