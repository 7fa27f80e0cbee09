// Source text, or a binary chunk, to a function of an isolate.

#ifndef PERILUNE_RUNTIME_LOAD_H_
#define PERILUNE_RUNTIME_LOAD_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/isolate.h"
#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm {

// Compiles `source`, or reads it if it is a binary chunk; an error is its message, worded as the reference's. `chunk_name` as for Lua's load: "=name",
// "@file" or source text. Ends with an error soon after the isolate is to stop.
absl::StatusOr<LuaFunction*> Load(Isolate& vm, std::string_view source, std::string_view chunk_name, const Value& env);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LOAD_H_
