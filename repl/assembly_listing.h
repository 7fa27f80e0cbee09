// Machine code of a function together with the bytecode and the source that it comes from.

#ifndef PERILUNE_REPL_ASSEMBLY_LISTING_H_
#define PERILUNE_REPL_ASSEMBLY_LISTING_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/module.h"

namespace perilune::vm::repl {

// The AArch64 code that the compiler makes of the function, on any machine: source line, instructions of bytecode, machine code under
// each. `source` is the text of its module, or empty if it is not known.
absl::StatusOr<std::string> ListAssembly(const ProtoSlots& function, std::string_view source);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_ASSEMBLY_LISTING_H_
