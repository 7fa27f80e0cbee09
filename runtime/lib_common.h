// What the parts of the standard library share.

#ifndef PERILUNE_RUNTIME_LIB_COMMON_H_
#define PERILUNE_RUNTIME_LIB_COMMON_H_

#include <cstdint>
#include <cstdio>
#include <limits>
#include <string_view>

#include "runtime/isolate.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"
#include "runtime/value.h"

namespace perilune::vm {

// Longest string, and most values, that library functions make at once (as in the reference, whose
// limit is an int).
inline constexpr size_t kMaxResult = std::numeric_limits<int32_t>::max();

// table[name] = v, without metamethods.
void SetField(Isolate& vm, Table* table, std::string_view name, const Value& v);
// table[name], without metamethods.
Value GetField(Isolate& vm, const Table* table, std::string_view name);

// A library's table, entered in the globals and in the table of loaded modules.
Table* NewLibrary(Isolate& vm, const char* name, const NativeEntry* entries);
// A metatable for a library's userdata, entered in the registry as `name`, which is also its __name; its __index is a table of the methods.
void NewTypeMetatable(Isolate& vm, std::string_view name, const NativeEntry* metamethods, const NativeEntry* methods);
// The table of loaded modules (package.loaded), which lives in the registry as "_LOADED".
Table* LoadedModules(Isolate& vm);

// raw table[i] = v.
[[nodiscard]] inline bool RawSetInteger(Isolate& vm, Table* t, int64_t i, const Value& v) {
  const uint64_t slot = static_cast<uint64_t>(i) - 1;
  if (slot >= t->array_size) return vm.RawSet(t, Value::Integer(i), v);
  t->array[slot] = v;
  return true;
}

// A value that numbers and strings convert to: "lua_isstring".
inline bool IsStringOrNumber(const Value& v) { return v.IsString() || v.IsNumber(); }

// Writes to the standard output, through the C library so that it interleaves with io.write.
inline void WriteOut(std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_COMMON_H_
