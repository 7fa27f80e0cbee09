// Names for functions, which have none in Lua: what the code around them stores them in.

#ifndef PERILUNE_REPL_FUNCTION_NAMES_H_
#define PERILUNE_REPL_FUNCTION_NAMES_H_

#include <string>
#include <vector>

#include "lang/proto.h"

namespace perilune::vm::repl {

// A name for each function of a chunk, a parent before its children, as in Module::functions():
// "main chunk", "f", "Account.deposit", "Account:deposit" if its first parameter is `self`, or
// "anonymous".
std::vector<std::string> FunctionNames(const lang::Proto& main);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_FUNCTION_NAMES_H_
