// Opening the standard library, and how its parts register what they offer.

#include "runtime/library.h"

#include "runtime/isolate.h"
#include "runtime/lib_common.h"
#include "runtime/native.h"
#include "runtime/table.h"

namespace perilune::vm {

void SetField(Isolate& vm, Table* table, std::string_view name, const Value& v) {
  table->SetString(vm.heap(), vm.NewString(name), v);
}

Value GetField(Isolate& vm, const Table* table, std::string_view name) {
  return table->GetString(vm.NewString(name));
}

void AddFunctions(Isolate& vm, Table* library, const NativeEntry* entries) {
  for (const NativeEntry* e = entries; e->name != nullptr; ++e) {
    NativeFunction* f = vm.NewNative(e->name, e->fn, {}, e->fast);
    f->intrinsic = e->intrinsic;
    SetField(vm, library, e->name, Value::Of(f));
  }
}

void NewTypeMetatable(Isolate& vm, std::string_view name, const NativeEntry* metamethods, const NativeEntry* methods) {
  Table* metatable = vm.NewTable();
  AddFunctions(vm, metatable, metamethods);
  Table* index = vm.NewTable();
  AddFunctions(vm, index, methods);
  SetField(vm, metatable, "__index", Value::Of(index));
  SetField(vm, metatable, "__name", Value::Of(vm.NewString(name)));
  SetField(vm, vm.registry(), name, Value::Of(metatable));
}

Table* LoadedModules(Isolate& vm) {
  const Value loaded = GetField(vm, vm.registry(), "_LOADED");
  if (loaded.IsTable()) return loaded.table();
  Table* fresh = vm.NewTable();
  SetField(vm, vm.registry(), "_LOADED", Value::Of(fresh));
  return fresh;
}

Table* NewLibrary(Isolate& vm, const char* name, const NativeEntry* entries) {
  uint32_t count = 0;
  while (entries[count].name != nullptr) ++count;
  Table* library = vm.TryNewTable(0, count);  // so small that it is not refused
  AddFunctions(vm, library, entries);
  SetField(vm, vm.globals(), name, Value::Of(library));
  SetField(vm, LoadedModules(vm), name, Value::Of(library));
  return library;
}

void OpenLibraries(Isolate& vm) {
  OpenBase(vm);
  OpenPackage(vm);
  OpenCoroutine(vm);
  OpenString(vm);
  OpenUtf8(vm);
  OpenTable(vm);
  OpenMath(vm);
  OpenIo(vm);
  OpenOs(vm);
  OpenDebug(vm);
  OpenRe(vm);
}

}  // namespace perilune::vm
