#include "runtime/host/bind.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "runtime/host/class.h"
#include "runtime/host/object_box.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::detail {

// ---- Conversions.

absl::Status ConversionError(const vm::Value& v, const char* name, const Mismatch& mismatch) {
  if (!mismatch.type) return absl::InvalidArgumentError(mismatch.text);
  return absl::InvalidArgumentError(absl::StrCat(name, " expected, got ", vm::TypeName(v.tag)));
}

vm::NativeResult RaiseStatus(vm::NativeFrame& frame, const absl::Status& status) {
  // A Lua error from further in goes on as it is.
  if (frame.vm.stopping) return vm::kRaised;
  return frame.Error(status.message());
}

// ---- Objects.

vm::Value NewObjectBox(vm::Isolate& vm, const void* type_id, std::shared_ptr<void> object) {
  vm::Userdata* userdata = vm.NewUserdata(sizeof(ObjectBox), type_id, [](void* payload) { static_cast<ObjectBox*>(payload)->~ObjectBox(); });
  new (userdata->payload) ObjectBox{std::move(object)};
  const vm::Value v = vm::Value::Of(userdata);
  const ClassRegistry& classes = ClassesOf(vm);
  if (auto it = classes.find(type_id); it != classes.end()) vm.SetMetatable(v, it->second.metatable.raw().table());
  return v;
}

const ObjectBox* ObjectBoxOf(const vm::Value& v, const void* type_id) {
  if (!v.IsUserdata() || v.userdata()->type_id != type_id) return nullptr;
  return reinterpret_cast<const ObjectBox*>(v.userdata()->payload);
}

const char* ClassName(vm::Isolate* vm, const void* type_id) {
  if (vm != nullptr) {
    const ClassRegistry& classes = ClassesOf(*vm);
    if (auto it = classes.find(type_id); it != classes.end()) return it->second.name.c_str();
  }
  return "object";
}

// ---- Classes. The functions behind __index and __newindex have as upvalues the methods (or nil) and the getters or setters.

namespace {

vm::NativeResult IndexObject(vm::NativeFrame& frame) {
  const vm::NativeFunction* callee = frame.callee();
  const vm::Value method = callee->upvalues[0].table()->Get(frame[2]);
  if (!method.IsNil()) return frame.Return(method);
  const vm::Value getter = callee->upvalues[1].table()->Get(frame[2]);
  if (getter.IsNil()) return frame.Return(vm::Value::Nil());
  const vm::Value object = frame[1];
  frame.Push(getter);
  frame.Push(object);
  return frame.Call(1, 1);
}

vm::NativeResult SetObjectField(vm::NativeFrame& frame) {
  const vm::NativeFunction* callee = frame.callee();
  const vm::Value key = frame[2];
  const vm::Value setter = callee->upvalues[0].table()->Get(key);
  if (setter.IsNil()) {
    const bool readable = !callee->upvalues[1].table()->Get(key).IsNil();
    vm::String* name;
    if (!frame.vm.ToDisplayString(key, &name)) return vm::kRaised;
    return frame.Error(absl::StrCat(readable ? "property '" : "no property '", name->view(), readable ? "' is read-only" : "' to assign to"));
  }
  const vm::Value object = frame[1], value = frame[3];
  frame.Push(setter);
  frame.Push(object);
  frame.Push(value);
  return frame.Call(2, 0);
}

vm::NativeResult SameObject(vm::NativeFrame& frame) {
  const vm::Value a = frame[1], b = frame[2];
  const bool same = a.IsUserdata() && b.IsUserdata() && a.userdata()->type_id == b.userdata()->type_id &&
                    reinterpret_cast<const ObjectBox*>(a.userdata()->payload)->object == reinterpret_cast<const ObjectBox*>(b.userdata()->payload)->object;
  return frame.Return(vm::Value::Boolean(same));
}

// Name(...) is Name.new(...).
vm::NativeResult CallConstructor(vm::NativeFrame& frame) {
  const uint32_t args = frame.count - 1;
  if (!frame.CheckStack(args + 1, "too many arguments")) return vm::kRaised;
  frame.Push(frame.callee()->upvalues[0]);
  for (uint32_t i = 2; i <= args + 1; ++i) frame.Push(frame[i]);
  return frame.Call(static_cast<uint16_t>(args), 1);
}

void SetField(vm::Isolate& vm, vm::Table* table, std::string_view name, const vm::Value& v) { table->SetString(vm.heap(), vm.NewString(name), v); }

}  // namespace

ClassTables NewClassTables(vm::Isolate& vm, const void* type_id, const std::string& name) {
  const auto table = [&vm] { return Table(Value(&vm, vm::Value::Of(vm.NewTable()))); };
  ClassTables tables{table(), table(), table(), table()};
  const auto raw = [](const Table& t) { return t.value().raw(); };
  vm::Table* meta = raw(tables.metatable).table();
  const vm::Value index[] = {raw(tables.methods), raw(tables.getters)};
  const vm::Value new_index[] = {raw(tables.setters), raw(tables.getters)};
  SetField(vm, meta, "__name", vm::Value::Of(vm.NewString(name)));
  SetField(vm, meta, "__index", vm::Value::Of(vm.NewNative("__index", &IndexObject, index)));
  SetField(vm, meta, "__newindex", vm::Value::Of(vm.NewNative("__newindex", &SetObjectField, new_index)));
  SetField(vm, meta, "__eq", vm::Value::Of(vm.NewNative("__eq", &SameObject)));
  SetField(vm, meta, "__metatable", vm::Value::Boolean(false));  // scripts must not give it to other values
  ClassesOf(vm)[type_id] = ClassInfo{name, tables.metatable.value()};
  return tables;
}

void SetConstructor(vm::Isolate& vm, const std::string& name, const vm::Value& constructor) {
  vm::Table* constructors = vm.NewTable();
  SetField(vm, constructors, "new", constructor);
  vm::Table* meta = vm.NewTable();
  SetField(vm, meta, "__call", vm::Value::Of(vm.NewNative("__call", &CallConstructor, {&constructor, 1})));
  vm.SetMetatable(vm::Value::Of(constructors), meta);
  SetField(vm, vm.globals(), name, vm::Value::Of(constructors));
}

}  // namespace perilune::detail
