// What -v and --version print.

#ifndef PERILUNE_REPL_VERSION_H_
#define PERILUNE_REPL_VERSION_H_

#include <string>
#include <string_view>

#include "jit/baseline_tier.h"

namespace perilune::vm::repl {

inline constexpr std::string_view kVersionLine = "Perilune 0.1.0 (Lua 5.4)\n";

// The version, and what this machine and build offer: processor, machine code and how it is
// synchronised, memory for it.
std::string VerboseVersion(const jit::BaselineTierOptions& options);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_VERSION_H_
