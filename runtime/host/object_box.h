// Userdata that holds a C++ object of a bound class (class.h).

#ifndef PERILUNE_RUNTIME_HOST_OBJECT_BOX_H_
#define PERILUNE_RUNTIME_HOST_OBJECT_BOX_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "runtime/host/value.h"

namespace perilune::detail {

struct ObjectBox {
  std::shared_ptr<void> object;  // never null
};

// The bound classes of an isolate.
struct ClassInfo {
  std::string name;
  Value metatable;
};
using ClassRegistry = absl::flat_hash_map<const void*, ClassInfo>;
ClassRegistry& ClassesOf(vm::Isolate& vm);

// A class is known by an address.
template <typename T>
const void* TypeIdOf() {
  static constexpr char id = 0;
  return &id;
}

vm::Value NewObjectBox(vm::Isolate& vm, const void* type_id, std::shared_ptr<void> object);
// Null if `v` is no object of that class.
const ObjectBox* ObjectBoxOf(const vm::Value& v, const void* type_id);
// The name that Isolate::Class gave it, or "object". `vm` may be null.
const char* ClassName(vm::Isolate* vm, const void* type_id);

}  // namespace perilune::detail

#endif  // PERILUNE_RUNTIME_HOST_OBJECT_BOX_H_
