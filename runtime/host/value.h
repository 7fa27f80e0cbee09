// Values of Lua as the host holds them.
//
// A Value is a handle: what it refers to stays alive as long as it does. Handles belong to one isolate, are used by the thread that uses the isolate,
// and must not be used after it has ended (destroying them then is fine). Copying one costs a few instructions; numbers and booleans need no handle
// and belong to no isolate.
//
// Conversions are exact: an int64_t comes back as it went in, and no string is taken for a number. See convert.h for the types.

#ifndef PERILUNE_RUNTIME_HOST_VALUE_H_
#define PERILUNE_RUNTIME_HOST_VALUE_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/handles.h"
#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune {

class Isolate;
class Table;
class Function;

enum class Type : uint8_t { kNil, kBoolean, kInteger, kFloat, kString, kTable, kFunction, kUserdata, kThread };

class Value {
 public:
  Value() : raw_(vm::Value::Nil()) {}
  Value(std::nullptr_t) : Value() {}                              // NOLINT: nil
  template <std::same_as<bool> T>
  Value(T b) : raw_(vm::Value::Boolean(b)) {}                     // NOLINT
  // Any integer type whose values all fit int64_t.
  template <std::integral T>
    requires(!std::same_as<T, bool> && (sizeof(T) < sizeof(int64_t) || std::is_signed_v<T>))
  Value(T i) : raw_(vm::Value::Integer(i)) {}                     // NOLINT
  template <std::floating_point T>
  Value(T d) : raw_(vm::Value::Float(static_cast<double>(d))) {}  // NOLINT

  Value(const Value& other);
  Value(Value&& other) noexcept : raw_(other.raw_), vm_(other.vm_), handles_(std::exchange(other.handles_, nullptr)), index_(other.index_) {
    other.raw_ = vm::Value::Nil();
  }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    std::swap(raw_, other.raw_);
    std::swap(vm_, other.vm_);
    std::swap(handles_, other.handles_);
    std::swap(index_, other.index_);
    return *this;
  }
  ~Value();

  Type type() const;
  const char* type_name() const { return vm::TypeName(raw_.tag); }  // as Lua's `type`
  bool is_nil() const { return raw_.IsNil(); }
  bool is_boolean() const { return raw_.IsBoolean(); }
  bool is_integer() const { return raw_.IsInteger(); }
  bool is_number() const { return raw_.IsNumber(); }
  bool is_string() const { return raw_.IsString(); }
  bool is_table() const { return raw_.IsTable(); }
  bool is_function() const { return raw_.IsFunction(); }
  bool is_userdata() const { return raw_.IsUserdata(); }
  // What `if` makes of it.
  explicit operator bool() const { return raw_.IsTruthy(); }

  // The value as a C++ type. kInvalidArgument: "string expected, got nil".
  template <typename T>
  absl::StatusOr<T> As() const;
  // The bytes of a string, valid while a handle to it lives. Requires is_string().
  std::string_view string_view() const;

  // Raw equality, as Lua's `rawequal`.
  friend bool operator==(const Value& a, const Value& b) { return vm::RawEquals(a.raw_, b.raw_); }

  // As Lua's `tostring` without metamethods; a string is quoted. For logs.
  std::string DebugString() const;

  // ---- For the parts of this interface.
  Value(vm::Isolate* isolate, const vm::Value& raw);  // null if the value belongs to none
  const vm::Value& raw() const { return raw_; }
  vm::Isolate* isolate() const { return vm_; }  // null for values that belong to none

 private:
  vm::Value raw_;
  vm::Isolate* vm_ = nullptr;
  vm::HandleTable* handles_ = nullptr;  // null: nothing to keep alive
  uint32_t index_ = 0;
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_VALUE_H_
