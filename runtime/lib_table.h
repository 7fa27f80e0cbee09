// The parts of the table library (lib_table.cc, lib_table_sort.cc): lists as its functions see
// them.

#ifndef PERILUNE_RUNTIME_LIB_TABLE_H_
#define PERILUNE_RUNTIME_LIB_TABLE_H_

#include <cstdint>

#include "runtime/lib_common.h"
#include "runtime/native.h"
#include "runtime/value.h"

namespace perilune::vm {

// What a function does with a list, and so which metamethods must stand in for a table.
enum ListOperation : uint32_t { kListRead = 1, kListWrite = 2, kListLength = 4 };

// Argument n must be a table or have the metamethods for `operations`: "table expected".
[[nodiscard]] bool CheckList(NativeFrame& f, uint32_t n, uint32_t operations);
// The length, with __len: "object length is not an integer".
[[nodiscard]] bool ListLength(NativeFrame& f, const Value& list, int64_t* out);

// A table without metamethods. May change whenever Lua code runs.
inline bool IsPlain(const Value& list) {
  return list.IsTable() && list.table()->metatable == nullptr;
}

// list[i], with metamethods.
[[nodiscard]] inline bool GetElement(Isolate& vm, const Value& list, int64_t i, Value* out) {
  if (!IsPlain(list)) return vm.Index(list, Value::Integer(i), out);
  *out = list.table()->GetInteger(i);
  return true;
}
// list[i] = v, with metamethods.
[[nodiscard]] inline bool SetElement(Isolate& vm, const Value& list, int64_t i, const Value& v) {
  if (!IsPlain(list)) return vm.SetIndex(list, Value::Integer(i), v);
  return RawSetInteger(vm, list.table(), i, v);
}

inline NativeResult RaisedUnless(bool ok) { return ok ? NativeResult{0} : kRaised; }

NativeResult TableSort(NativeFrame& f);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_TABLE_H_
