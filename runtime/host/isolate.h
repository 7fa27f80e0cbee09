// An Isolate is one Lua state: heap, globals, stacks. Making one costs microseconds; a host may have thousands.
//
//   perilune::Engine engine;
//   absl::StatusOr<perilune::Module> module = engine.LoadFile("rules.lua");
//   …
//   perilune::Isolate isolate(engine);                               // in each thread
//   isolate.Bind("log", [](std::string_view text) { … });
//   absl::Status status = isolate.Run(*module);
//   absl::StatusOr<bool> allowed = isolate.Call<bool>("allow", user, 42);
//
// Threads: an isolate is used by one thread at a time, and so is all that belongs to it: values, tables, functions. Only Interrupt() may be called
// from any thread. Machine code runs on the stack of the calling thread, which must be one the system made (no user-level stacks).
//
// Errors are absl::Status:
//   kUnknown            a Lua error. message(): the error as text, with position. Traceback(status): where it happened. The error as a value:
//                       Isolate::error().
//   kInvalidArgument    a value did not fit the C++ type asked for, or a syntax error
//   kCancelled          Interrupt()
//   kDeadlineExceeded   the deadline
//   kResourceExhausted  memory or stack: the Lua errors "not enough memory", "stack overflow", "C stack overflow" (200 nested calls of natives,
//                       metamethods, coroutines), which a script may catch; or the budget of instructions
// A script that is stopped (by Interrupt, deadline or budget) runs no more code: it cannot catch that, and its to-be-closed variables stay unclosed. The
// isolate is usable afterwards.

#ifndef PERILUNE_RUNTIME_HOST_ISOLATE_H_
#define PERILUNE_RUNTIME_HOST_ISOLATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "runtime/host/bind.h"
#include "runtime/host/convert.h"
#include "runtime/host/engine.h"
#include "runtime/host/table.h"
#include "runtime/host/value.h"
#include "runtime/isolate.h"
#include "runtime/library.h"

namespace perilune {

template <typename T>
class Class;

// What a script can reach.
struct Libraries {
  bool base = true;       // print, pairs, pcall, …
  bool load = true;       // of base: load, loadfile, dofile
  bool package = true;    // require
  bool coroutine = true;
  bool string = true;
  bool table = true;
  bool utf8 = true;
  bool math = true;
  bool io = true;
  bool os = true;
  bool debug = true;
  bool re = true;         // docs/re.md: `require "re"`; without `package`, a global `re`

  static Libraries All() { return {}; }
  // For code one does not trust: nothing that reaches files, processes, the environment, the time, other modules, the collector's settings or the insides
  // of functions. What remains of the outside is standard output (print) and standard error (warn), which the host may bind to functions of its own.
  // Limits are set apart.
  static Libraries Untrusted() {
    Libraries l;
    l.load = l.package = l.io = l.os = l.debug = false;
    return l;
  }
};

// Limits of the `re` library.
using RegexLimits = vm::ReLimits;

struct IsolateOptions {
  Libraries libraries = Libraries::All();

  // ---- Limits. 0: none, but what the machine has.
  // Bytes that the isolate may hold. Beyond them a script gets the Lua error "not enough memory".
  size_t max_memory = 0;
  // Time that a call from the host may take, those that it makes in turn included.
  absl::Duration deadline = absl::InfiniteDuration();
  // Instructions of Lua functions (bytecode), and steps of library functions' loops, that a call from the host may take: the same number on every machine.
  // Counting costs: an isolate with a budget is interpreted, and that at about half the speed. To contain scripts at full speed, set a deadline.
  uint64_t max_instructions = 0;
  // Values of 16 bytes on the stack of a coroutine: about 10 for a call of a small function. Beyond them a script gets the Lua error "stack overflow". At
  // most, and by default, 2,000,000.
  uint32_t max_stack = 0;
  RegexLimits regex = {};

  // ---- Heap.
  // The collector begins when the heap has grown to this percentage of what the last collection left, as with collectgarbage("setpause").
  uint32_t gc_pause_percent = 200;
};

struct IsolateStats {
  size_t memory_in_use = 0;      // bytes
  uint64_t collections = 0;      // since the isolate began
  uint64_t instructions = 0;     // of the last call from the host, if there is a budget of them
  size_t coroutines = 0;         // that have a stack, the main one included
};

class Isolate {
 public:
  explicit Isolate(Engine& engine, const IsolateOptions& options = {});
  ~Isolate();
  Isolate(const Isolate&) = delete;
  Isolate& operator=(const Isolate&) = delete;

  // ---- Running. R... are the types of the results: none: absl::Status; one: absl::StatusOr<R>; more: absl::StatusOr<std::tuple<R...>>. A result that
  // the function did not give is nil; those asked for none are dropped. std::vector<Value> as the only one takes them all.
  template <typename... R, typename... A>
  auto Run(const Module& module, A&&... args) {
    return CallRaw<R...>(MainFunction(module), std::forward<A>(args)...);
  }
  // Compiles and runs a chunk.
  template <typename... R, typename... A>
  auto RunString(std::string_view source, std::string_view name = "=(host)", A&&... args) {
    using Result = decltype(CallRaw<R...>(vm::Value(), std::forward<A>(args)...));
    absl::StatusOr<Module> module = engine_.Load(source, name);
    if (!module.ok()) return Result(module.status());
    return CallRaw<R...>(MainFunction(*module), std::forward<A>(args)...);
  }
  // Calls a global function, or a field of a global table: "allow", "rules.allow".
  template <typename... R, typename... A>
  auto Call(std::string_view name, A&&... args) {
    using Result = decltype(CallRaw<R...>(vm::Value(), std::forward<A>(args)...));
    absl::StatusOr<Value> function = Global(name);
    if (!function.ok()) return Result(function.status());
    return CallRaw<R...>(function->raw(), std::forward<A>(args)...);
  }
  template <typename... R, typename... A>
  auto Call(const Function& function, A&&... args) {
    return CallRaw<R...>(function.value().raw(), std::forward<A>(args)...);
  }
  // Any value: one with __call too.
  template <typename... R, typename... A>
  auto Call(const Value& function, A&&... args) {
    return CallRaw<R...>(function.raw(), std::forward<A>(args)...);
  }

  // ---- Values.
  Table globals() { return Table(Value(&vm_, vm::Value::Of(vm_.globals()))); }
  // A global, or a field of a global table: "rules.allow". With metamethods, which may fail.
  absl::StatusOr<Value> Global(std::string_view name);
  Table NewTable() { return Table(Value(&vm_, vm::Value::Of(vm_.NewTable()))); }
  // kResourceExhausted if memory does not suffice, as for all that makes values.
  template <typename T>
  absl::StatusOr<Value> NewValue(T&& t) {
    vm::Value v;
    if (!detail::CodecFor<T>::To(vm_, std::forward<T>(t), &v)) return TakeError();
    return Value(&vm_, v);
  }

  // ---- Binding. A callable becomes a Lua function (bind.h says what its parameters and results may be); `name` appears in messages.
  template <typename F>
  Function NewFunction(std::string name, F f) {
    return Function(Value(&vm_, detail::NewBoundFunction(vm_, std::move(name), std::move(f))));
  }
  // The same, as a global.
  template <typename F>
  void Bind(std::string name, F f) {
    const vm::Value function = detail::NewBoundFunction(vm_, name, std::move(f));
    vm_.globals()->SetString(vm_.heap(), vm_.NewString(name), function);
  }
  // Begins the binding of a class: class.h.
  template <typename T>
  class Class<T> Class(std::string name);

  // ---- Control.
  // Stops what runs, or else the next call, which ends with kCancelled. Any thread; loops in machine code notice at once.
  void Interrupt() { vm_.RequestStop(vm::StopReason::kInterrupt); }
  // Of the next call from the host on.
  void set_deadline(absl::Duration per_call) { options_.deadline = per_call; }
  void set_max_instructions(uint64_t per_call) { options_.max_instructions = per_call; }
  // The Lua value of the last error that a call answered.
  const Value& error() const { return error_; }
  // A full cycle, and the finalizers that are due, within the limits of a call.
  absl::Status CollectGarbage();
  size_t memory_in_use() { return vm_.heap().bytes_in_use(); }
  IsolateStats stats();

  Engine& engine() const { return engine_; }
  vm::Isolate& impl() { return vm_; }

 private:
  friend class Table;
  friend class Function;

  template <typename... R, typename... A>
  auto CallRaw(const vm::Value& function, A&&... args);
  // Everything that may run Lua code goes through here: runs `call` within the limits, unless it is inside of a call that has them already. False: an
  // error, which is TakeError's to answer.
  bool RunLimited(absl::FunctionRef<bool()> call);
  static vm::NativeResult NoteError(vm::NativeFrame& frame);
  // The results are left on the Lua stack, `*count` of them, beginning at what Results() points to, until PopResults().
  absl::Status CallValues(const vm::Value& function, absl::Span<const vm::Value> args, uint32_t* count);
  const vm::Value* Results(uint32_t count) const { return vm_.top - count; }
  void PopResults(uint32_t count) { vm_.top -= count; }
  vm::Value MainFunction(const Module& module);
  // The status of a Lua error, or of a stop, that a call into the machine ended with.
  absl::Status TakeError();

  friend detail::ClassRegistry& detail::ClassesOf(vm::Isolate& vm);

  Engine& engine_;
  IsolateOptions options_;
  detail::ClassRegistry classes_;
  Value error_;
  // Of the error being handled; noted where it happened.
  std::string traceback_;
  std::string error_text_;
  uint64_t instructions_ = 0;
  vm::Isolate vm_;
};

// The traceback of a Lua error that a call answered; empty for other statuses.
std::string Traceback(const absl::Status& status);

// ---- Definitions.

namespace detail {

template <typename... R>
struct ResultOf {
  using type = absl::StatusOr<std::tuple<R...>>;
};
template <typename R>
struct ResultOf<R> {
  using type = absl::StatusOr<R>;
};
template <>
struct ResultOf<> {
  using type = absl::Status;
};

template <typename... R, size_t... I>
absl::StatusOr<std::tuple<R...>> TupleFrom(vm::Isolate& vm, const vm::Value* values, uint32_t count, std::index_sequence<I...>) {
  std::tuple<absl::StatusOr<R>...> parts(FromRaw<R>(&vm, I < count ? values[I] : vm::Value::Nil())...);
  absl::Status status;
  (status.Update(std::get<I>(parts).status()), ...);
  if (!status.ok()) return status;
  return std::tuple<R...>(*std::move(std::get<I>(parts))...);
}

}  // namespace detail

template <typename... R, typename... A>
auto Isolate::CallRaw(const vm::Value& function, A&&... args) {
  using Result = typename detail::ResultOf<R...>::type;
  vm::Value values[sizeof...(A) + 1];
  [[maybe_unused]] vm::Value* next = values;
  if (!(detail::CodecFor<A>::To(vm_, std::forward<A>(args), next++) && ...)) return Result(TakeError());
  uint32_t count = 0;
  absl::Status status = CallValues(function, absl::MakeConstSpan(values, sizeof...(A)), &count);
  if (!status.ok()) return Result(std::move(status));
  const vm::Value* results = Results(count);
  const auto take = [&]() -> Result {
    if constexpr (sizeof...(R) == 0) {
      return absl::OkStatus();
    } else if constexpr (std::is_same_v<std::tuple<R...>, std::tuple<std::vector<Value>>>) {
      std::vector<Value> all;
      for (uint32_t i = 0; i < count; ++i) all.emplace_back(&vm_, results[i]);
      return all;
    } else if constexpr (sizeof...(R) == 1) {
      return detail::FromRaw<R...>(&vm_, count > 0 ? results[0] : vm::Value::Nil());
    } else {
      return detail::TupleFrom<R...>(vm_, results, count, std::index_sequence_for<R...>());
    }
  };
  Result result = take();
  PopResults(count);
  return result;
}

template <typename... R, typename... A>
auto Function::Call(A&&... args) const {
  return static_cast<Isolate*>(value_.isolate()->host)->CallRaw<R...>(value_.raw(), std::forward<A>(args)...);
}

template <typename T, typename K>
absl::StatusOr<T> Table::Get(const K& key) const {
  vm::Isolate& vm = *value_.isolate();
  vm::Value k, v;
  Isolate& lua = *static_cast<Isolate*>(vm.host);
  if (!detail::CodecFor<K>::To(vm, key, &k) || !lua.RunLimited([&] { return vm.Index(value_.raw(), k, &v); })) return lua.TakeError();
  return detail::FromRaw<T>(&vm, v);
}

template <typename K, typename V>
absl::Status Table::Set(const K& key, V&& value) const {
  vm::Isolate& vm = *value_.isolate();
  vm::Value k, v;
  Isolate& lua = *static_cast<Isolate*>(vm.host);
  if (detail::CodecFor<K>::To(vm, key, &k) && detail::CodecFor<V>::To(vm, std::forward<V>(value), &v) &&
      lua.RunLimited([&] { return vm.SetIndex(value_.raw(), k, v); })) {
    return absl::OkStatus();
  }
  return lua.TakeError();
}

template <typename K>
absl::StatusOr<Value> Table::RawGet(const K& key) const {
  vm::Isolate& vm = *value_.isolate();
  vm::Value k;
  if (!detail::CodecFor<K>::To(vm, key, &k)) return static_cast<Isolate*>(vm.host)->TakeError();
  return Value(&vm, value_.raw().table()->Get(k));
}

template <typename K, typename V>
absl::Status Table::RawSet(const K& key, V&& value) const {
  vm::Isolate& vm = *value_.isolate();
  vm::Value k, v;
  if (detail::CodecFor<K>::To(vm, key, &k) && detail::CodecFor<V>::To(vm, std::forward<V>(value), &v) &&
      vm.RawSet(value_.raw().table(), k, v)) {
    return absl::OkStatus();
  }
  return static_cast<Isolate*>(vm.host)->TakeError();
}

template <typename V>
absl::Status Table::Append(V&& value) const {
  return RawSet(length() + 1, std::forward<V>(value));
}

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_ISOLATE_H_
