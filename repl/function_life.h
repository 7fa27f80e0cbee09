// What has become of a function so far: how often it was called, what is left of its budget, when its machine code was made and how long
// each stage of that took.

#ifndef PERILUNE_REPL_FUNCTION_LIFE_H_
#define PERILUNE_REPL_FUNCTION_LIFE_H_

#include <string>

#include "runtime/isolate.h"
#include "runtime/object.h"

namespace perilune::vm::repl {

// Lines of text.
std::string DescribeLife(Isolate& vm, const LuaFunction& function);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_FUNCTION_LIFE_H_
