// C++ classes in Lua: userdata with methods and properties.
//
//   isolate.Class<Account>("Account")
//       .Constructor<std::string, int64_t>()                    // Account("Ada", 10), or Account.new("Ada", 10)
//       .Method("deposit", &Account::Deposit)                   // a:deposit(5)
//       .Method("transfer", [](Account& from, Account& to, int64_t n) -> absl::Status { … })
//       .Property("balance", &Account::balance)                 // a.balance, read-only
//       .Property("owner", &Account::owner, &Account::set_owner)
//       .Property("limit", &Account::limit)                     // a data member: read and write
//       .Metamethod("__add", [](const Account& a, const Account& b) { … });
//
// An object reaches Lua as a result or argument: by value (a copy of its own), as std::shared_ptr (shared with the host), or as T* (the host keeps
// it alive for as long as Lua may use it). The same object may have several userdata; they are equal. The destructor runs when the collector
// frees the last of them, or with the isolate.
//
// Threads: a Class, and what it binds, is used by the thread that uses the isolate. An object that isolates on several threads share (shared_ptr, T*)
// must be safe for that itself.
//
// Reading a name that is neither method nor property gives nil; assigning to one is an error.

#ifndef PERILUNE_RUNTIME_HOST_CLASS_H_
#define PERILUNE_RUNTIME_HOST_CLASS_H_

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "runtime/host/bind.h"
#include "runtime/host/isolate.h"
#include "runtime/host/object_box.h"
#include "runtime/host/table.h"

namespace perilune {
namespace detail {

// The tables behind a class, made and found by name.
struct ClassTables {
  Table metatable, methods, getters, setters;
};
ClassTables NewClassTables(vm::Isolate& vm, const void* type_id, const std::string& name);
// Makes the global `name`, a table that can be called, with `constructor` as its field `new`.
void SetConstructor(vm::Isolate& vm, const std::string& name, const vm::Value& constructor);

}  // namespace detail

template <typename T>
class Class {
  static_assert(detail::IsClass<T>, "this type has a conversion of its own (convert.h)");

 public:
  Class(vm::Isolate& vm, std::string name) : vm_(vm), name_(std::move(name)), tables_(detail::NewClassTables(vm, detail::TypeIdOf<T>(), name_)) {}

  template <typename... P>
  Class& Constructor() {
    return Constructor([](P... p) { return std::make_shared<T>(std::forward<P>(p)...); });
  }
  // A callable that returns T, std::shared_ptr<T>, or absl::StatusOr of either.
  template <typename F>
    requires requires { typename detail::SignatureOf<F>::type; }
  Class& Constructor(F f) {
    detail::SetConstructor(vm_, name_, detail::NewBoundFunction(vm_, name_, std::move(f)));
    return *this;
  }

  // A member function, or a callable whose first parameter is T& or const T&.
  template <typename F>
  Class& Method(std::string_view name, F f) {
    Put(tables_.methods, name, std::move(f));
    return *this;
  }
  template <typename F>
  Class& Metamethod(std::string_view event, F f) {
    Put(tables_.metatable, event, std::move(f));
    return *this;
  }

  // Read-only: a getter. Of a pointer to a data member: read and write, unless it is const.
  template <typename G>
  Class& Property(std::string_view name, G getter) {
    if constexpr (std::is_member_object_pointer_v<G>) {
      using M = std::remove_reference_t<decltype(std::declval<T&>().*getter)>;
      Put(tables_.getters, name, [getter](const T& object) -> std::remove_const_t<M> { return object.*getter; });
      if constexpr (!std::is_const_v<M>) {
        Put(tables_.setters, name, [getter](T& object, M value) { object.*getter = std::move(value); });
      }
    } else {
      Put(tables_.getters, name, std::move(getter));
    }
    return *this;
  }
  template <typename G, typename S>
  Class& Property(std::string_view name, G getter, S setter) {
    Put(tables_.getters, name, std::move(getter));
    Put(tables_.setters, name, std::move(setter));
    return *this;
  }

 private:
  template <typename F>
  void Put(const Table& table, std::string_view name, F f) {
    vm::Value function;
    if constexpr (std::is_member_function_pointer_v<F>) {
      // Its parameters with the object before them. A method of a base class takes objects of T.
      function = detail::MethodFunction<T>(vm_, std::string(name), f);
    } else {
      function = detail::NewBoundFunction(vm_, std::string(name), std::move(f));
    }
    table.value().raw().table()->SetString(vm_.heap(), vm_.NewString(name), function);
  }

  vm::Isolate& vm_;
  const std::string name_;
  const detail::ClassTables tables_;
};

template <typename T>
class Class<T> Isolate::Class(std::string name) {
  return perilune::Class<T>(vm_, std::move(name));
}

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_CLASS_H_
