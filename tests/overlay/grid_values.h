// The values that the overlay grid gives its functions, and a text that tells apart whatever they may leave.

#ifndef PERILUNE_TESTS_OVERLAY_GRID_VALUES_H_
#define PERILUNE_TESTS_OVERLAY_GRID_VALUES_H_

#include <cstddef>
#include <string>

#include "absl/types/span.h"
#include "runtime/isolate.h"
#include "runtime/native.h"
#include "runtime/value.h"

namespace perilune::vm::overlay {

// Puts what values need into the isolate's globals.
void PrepareValues(Isolate& vm);

// The i-th argument value; tables are new ones.
inline constexpr size_t kArgumentValues = 29;
Value ArgumentValue(Isolate& vm, size_t i);

// fill(table, selector): makes the table like the selected one of the argument values.
NativeResult Fill(NativeFrame& f);

// Appends the value to `text`: numbers bit by bit, tables by what is in them, functions by their places in `known`.
void AppendValue(const Value& v, absl::Span<const Value> known, std::string* text);

}  // namespace perilune::vm::overlay

#endif  // PERILUNE_TESTS_OVERLAY_GRID_VALUES_H_
