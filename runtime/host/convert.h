// How C++ types and Lua values become each other: arguments and results of calls and of bound functions, fields of tables.
//
//   C++                            Lua
//   bool                           boolean
//   integers                       number with an integer value in the type's range
//   float, double                  number
//   std::string, std::string_view  string (a view lives as long as the argument it came from: until the bound function returns)
//   const char*                    string (to Lua only)
//   Value, Table, Function         any value, table, function
//   std::optional<T>               T, or nil
//   std::vector<T>                 table with the elements 1..n
//   std::map, absl maps <K, V>     table with these entries
//   T&, T*, std::shared_ptr<T>     object of a class bound with Isolate::Class<T> (class.h); a null pointer is nil
//   T of such a class, by value    a copy, moved into an object of its own
//
// Nothing is coerced: a number is no string and "10" no number. To have more types, specialise Convert.

#ifndef PERILUNE_RUNTIME_HOST_CONVERT_H_
#define PERILUNE_RUNTIME_HOST_CONVERT_H_

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/host/object_box.h"
#include "runtime/host/table.h"
#include "runtime/host/value.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune {

// Specialise for a type T of your own:
//   static Value To(Isolate& isolate, const T& t);
//   static std::optional<T> From(const Value& v);      // nullopt: not one
//   static constexpr const char* kName = "point";      // for "point expected, got nil"
template <typename T>
struct Convert;

namespace detail {

// What From() found wrong: nothing, the type, or as the text says.
struct Mismatch {
  const char* text = nullptr;
  bool type = false;
  explicit operator bool() const { return type || text != nullptr; }
};
inline constexpr Mismatch kFits{};
inline constexpr Mismatch kWrongType{nullptr, true};

template <typename T>
concept HasConvert = requires(const Value& v) {
  { Convert<T>::From(v) } -> std::same_as<std::optional<T>>;
};

// Codec<T>: kName; bool To(vm, t, vm::Value* out), false: not enough memory, an error was raised; Mismatch From(vm, value, T* out), which assigns to
// `out` if and only if it fits.
template <typename T>
struct Codec;

template <>
struct Codec<bool> {
  static constexpr const char* kName = "boolean";
  static bool To(vm::Isolate&, bool b, vm::Value* out) {
    *out = vm::Value::Boolean(b);
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, bool* out) {
    if (!v.IsBoolean()) return kWrongType;
    *out = v.IsTruthy();
    return kFits;
  }
};

template <std::integral T>
struct Codec<T> {
  static constexpr const char* kName = "number";
  // A uint64_t beyond int64_t wraps around, as integers do in Lua; it comes back as it was.
  static bool To(vm::Isolate&, T i, vm::Value* out) {
    *out = vm::Value::Integer(static_cast<int64_t>(i));
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, T* out) {
    int64_t i;
    if (v.IsInteger()) {
      i = v.integer;
    } else if (!v.IsFloat()) {
      return kWrongType;
    } else if (!vm::FloatToInteger(v.number, &i)) {
      return {"number has no integer representation"};
    }
    if constexpr (sizeof(T) < sizeof(int64_t)) {
      if (!std::in_range<T>(i)) return {"number out of range"};
    }
    *out = static_cast<T>(i);
    return kFits;
  }
};

template <std::floating_point T>
struct Codec<T> {
  static constexpr const char* kName = "number";
  static bool To(vm::Isolate&, T d, vm::Value* out) {
    *out = vm::Value::Float(static_cast<double>(d));
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, T* out) {
    if (!v.IsNumber()) return kWrongType;
    *out = static_cast<T>(v.AsDouble());
    return kFits;
  }
};

template <>
struct Codec<std::string_view> {
  static constexpr const char* kName = "string";
  static bool To(vm::Isolate& vm, std::string_view s, vm::Value* out) {
    const vm::String* string = vm.TryNewString(s);
    if (string == nullptr) return false;
    *out = vm::Value::Of(string);
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, std::string_view* out) {
    if (!v.IsString()) return kWrongType;
    *out = v.string()->view();
    return kFits;
  }
};

template <>
struct Codec<std::string> {
  static constexpr const char* kName = "string";
  static bool To(vm::Isolate& vm, std::string_view s, vm::Value* out) {
    const vm::String* string = vm.TryNewString(s);
    if (string == nullptr) return false;
    *out = vm::Value::Of(string);
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, std::string* out) {
    if (!v.IsString()) return kWrongType;
    *out = v.string()->view();
    return kFits;
  }
};

template <>
struct Codec<const char*> {
  static bool To(vm::Isolate& vm, const char* s, vm::Value* out) {
    const vm::String* string = vm.TryNewString(s);
    if (string == nullptr) return false;
    *out = vm::Value::Of(string);
    return true;
  }
};

template <>
struct Codec<std::nullptr_t> {
  static bool To(vm::Isolate&, std::nullptr_t, vm::Value* out) {
    *out = vm::Value::Nil();
    return true;
  }
};

template <>
struct Codec<Value> {
  static constexpr const char* kName = "value";
  static bool To(vm::Isolate&, const Value& v, vm::Value* out) {
    *out = v.raw();
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, Value* out) {
    *out = Value(vm, v);
    return kFits;
  }
};

template <>
struct Codec<Table> {
  static constexpr const char* kName = "table";
  static bool To(vm::Isolate&, const Table& t, vm::Value* out) {
    *out = t.value().raw();
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, Table* out) {
    if (!v.IsTable()) return kWrongType;
    *out = Table(Value(vm, v));
    return kFits;
  }
};

template <>
struct Codec<Function> {
  static constexpr const char* kName = "function";
  static bool To(vm::Isolate&, const Function& f, vm::Value* out) {
    *out = f.value().raw();
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, Function* out) {
    if (!v.IsFunction()) return kWrongType;
    *out = Function(Value(vm, v));
    return kFits;
  }
};

template <typename T>
struct Codec<std::optional<T>> {
  static constexpr const char* kName = Codec<T>::kName;
  static bool To(vm::Isolate& vm, const std::optional<T>& t, vm::Value* out) {
    if (t) return Codec<T>::To(vm, *t, out);
    *out = vm::Value::Nil();
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, std::optional<T>* out) {
    if (v.IsNil()) {
      out->reset();
      return kFits;
    }
    return Codec<T>::From(vm, v, &out->emplace());
  }
};

template <typename T>
struct Codec<std::vector<T>> {
  static constexpr const char* kName = "table";
  static bool To(vm::Isolate& vm, const std::vector<T>& elements, vm::Value* out) {
    vm::Table* table = vm.TryNewTable(static_cast<uint32_t>(elements.size()), 0);
    if (table == nullptr) return false;
    *out = vm::Value::Of(table);
    int64_t i = 0;
    for (const auto& element : elements) {
      vm::Value v;
      if (!Codec<T>::To(vm, element, &v) || !vm.RawSet(table, vm::Value::Integer(++i), v)) return false;
    }
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, std::vector<T>* out) {
    if (!v.IsTable()) return kWrongType;
    const int64_t n = v.table()->Length();
    std::vector<T> elements;
    elements.reserve(static_cast<size_t>(n));
    for (int64_t i = 1; i <= n; ++i) {
      T element{};
      if (Codec<T>::From(vm, v.table()->GetInteger(i), &element)) return {"table with an element of the wrong type"};
      elements.push_back(std::move(element));
    }
    *out = std::move(elements);
    return kFits;
  }
};

template <typename T>
concept Map = requires(T t) {
  typename T::key_type;
  typename T::mapped_type;
  t.emplace(std::declval<typename T::key_type>(), std::declval<typename T::mapped_type>());
};

template <Map T>
struct Codec<T> {
  using K = typename T::key_type;
  using V = typename T::mapped_type;
  static constexpr const char* kName = "table";
  // A NaN as a key is an error.
  static bool To(vm::Isolate& vm, const T& map, vm::Value* out) {
    vm::Table* table = vm.TryNewTable(0, static_cast<uint32_t>(map.size()));
    if (table == nullptr) return false;
    *out = vm::Value::Of(table);
    for (const auto& [key, value] : map) {
      vm::Value k, v;
      if (!Codec<K>::To(vm, key, &k) || !Codec<V>::To(vm, value, &v) || !vm.RawSet(table, k, v)) return false;
    }
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, T* out) {
    if (!v.IsTable()) return kWrongType;
    T map;
    vm::Value key = vm::Value::Nil(), next_key, next_value;
    for (bool done = false; v.table()->Next(key, &next_key, &next_value, &done) == vm::KeyError::kNone && !done; key = next_key) {
      K k{};
      V entry{};
      if (Codec<K>::From(vm, next_key, &k) || Codec<V>::From(vm, next_value, &entry)) return {"table with an entry of the wrong type"};
      map.emplace(std::move(k), std::move(entry));
    }
    *out = std::move(map);
    return kFits;
  }
};

template <typename T>
  requires HasConvert<T>
struct Codec<T> {
  static constexpr const char* kName = Convert<T>::kName;
  static bool To(vm::Isolate& vm, const T& t, vm::Value* out) {
    *out = Convert<T>::To(*static_cast<Isolate*>(vm.host), t).raw();
    return true;
  }
  static Mismatch From(vm::Isolate* vm, const vm::Value& v, T* out) {
    std::optional<T> t = Convert<T>::From(Value(vm, v));
    if (!t) return kWrongType;
    *out = *std::move(t);
    return kFits;
  }
};

// Objects of bound classes.
template <typename T>
concept Bindable = std::is_class_v<T> && !HasConvert<T> && !Map<T>;

template <typename T>
struct Codec<std::shared_ptr<T>> {
  static constexpr const char* kName = nullptr;  // the class's name
  using Class = T;
  static bool To(vm::Isolate& vm, std::shared_ptr<T> object, vm::Value* out) {
    *out = object == nullptr ? vm::Value::Nil() : NewObjectBox(vm, TypeIdOf<T>(), std::move(object));
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, std::shared_ptr<T>* out) {
    const ObjectBox* box = ObjectBoxOf(v, TypeIdOf<T>());
    if (box == nullptr) return kWrongType;
    *out = std::static_pointer_cast<T>(box->object);
    return kFits;
  }
};

template <Bindable T>
struct Codec<T*> {
  static constexpr const char* kName = nullptr;
  using Class = std::remove_const_t<T>;
  // The host keeps the object alive.
  static bool To(vm::Isolate& vm, T* object, vm::Value* out) {
    *out = object == nullptr ? vm::Value::Nil()
                             : NewObjectBox(vm, TypeIdOf<Class>(), std::shared_ptr<void>(std::shared_ptr<void>(), const_cast<Class*>(object)));
    return true;
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, T** out) {
    if (v.IsNil()) {
      *out = nullptr;
      return kFits;
    }
    const ObjectBox* box = ObjectBoxOf(v, TypeIdOf<Class>());
    if (box == nullptr) return kWrongType;
    *out = static_cast<T*>(box->object.get());
    return kFits;
  }
};

template <Bindable T>
struct Codec<T> {
  static constexpr const char* kName = nullptr;
  using Class = T;
  static bool To(vm::Isolate& vm, T object, vm::Value* out) {
    return Codec<std::shared_ptr<T>>::To(vm, std::make_shared<T>(std::move(object)), out);
  }
  static Mismatch From(vm::Isolate*, const vm::Value& v, T* out) {
    const ObjectBox* box = ObjectBoxOf(v, TypeIdOf<T>());
    if (box == nullptr) return kWrongType;
    *out = *static_cast<const T*>(box->object.get());
    return kFits;
  }
};

// The name of T in messages.
template <typename T>
const char* NameOf(vm::Isolate* vm) {
  if constexpr (Codec<T>::kName != nullptr) {
    return Codec<T>::kName;
  } else {
    return ClassName(vm, TypeIdOf<typename Codec<T>::Class>());
  }
}

// The codec of a parameter or argument type: without references, const, and array sizes.
template <typename T>
using CodecFor = Codec<std::conditional_t<std::is_array_v<std::remove_reference_t<T>>, const char*, std::remove_cvref_t<T>>>;

absl::Status ConversionError(const vm::Value& v, const char* name, const Mismatch& mismatch);

// `vm` may be null for values that belong to no isolate.
template <typename T>
absl::StatusOr<T> FromRaw(vm::Isolate* vm, const vm::Value& v) {
  static_assert(!std::is_same_v<T, std::string_view>, "nothing would keep the string alive: ask for a std::string or a Value");
  T t{};
  if (const Mismatch mismatch = Codec<T>::From(vm, v, &t)) return ConversionError(v, NameOf<T>(vm), mismatch);
  return t;
}

}  // namespace detail

template <typename T>
absl::StatusOr<T> Value::As() const {
  return detail::FromRaw<T>(vm_, raw_);
}

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_CONVERT_H_
