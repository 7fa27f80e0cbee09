// The parts of the basic library, which is spread over lib_base.cc and lib_load.cc.

#ifndef PERILUNE_RUNTIME_LIB_BASE_H_
#define PERILUNE_RUNTIME_LIB_BASE_H_

#include <string>
#include <string_view>

#include "runtime/native.h"

namespace perilune::vm {

NativeResult BaseNext(NativeFrame& f);

// Compiles a file, or the standard input when `name` is null, if `mode` allows its kind ("b", "t"
// or "bt"). False: *message says why not.
bool CompileFile(Isolate& vm, const char* name, std::string_view mode, const Value& env,
                 LuaFunction** function, std::string* message);

NativeResult BaseLoad(NativeFrame& f);
NativeResult BaseLoadFile(NativeFrame& f);
NativeResult BaseDoFile(NativeFrame& f);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_BASE_H_
