// What has become of a function so far: how often it was called, what is left of its budget, its machine code.

#ifndef PERILUNE_REPL_FUNCTION_LIFE_H_
#define PERILUNE_REPL_FUNCTION_LIFE_H_

#include <string>

#include "jit/baseline_tier.h"
#include "runtime/isolate.h"
#include "runtime/object.h"

namespace perilune::vm::repl {

// Lines of text. `tier` is null where everything is interpreted.
std::string DescribeLife(Isolate& vm, const LuaFunction& function, const jit::BaselineTier* tier);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_FUNCTION_LIFE_H_
