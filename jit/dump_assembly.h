// Machine code as text, for people and golden files.

#ifndef PERILUNE_JIT_DUMP_ASSEMBLY_H_
#define PERILUNE_JIT_DUMP_ASSEMBLY_H_

#include <string>

#include "absl/status/statusor.h"
#include "runtime/module.h"

namespace perilune::vm::jit {

// The machine code of a function: bytecode, instructions and the compiler's comments. Stubs, and what else has an address in this process, stand by name.
// Works on every machine: the code is emitted, not run.
absl::StatusOr<std::string> DumpAssembly(const ProtoSlots& function);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_DUMP_ASSEMBLY_H_
