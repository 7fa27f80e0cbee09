// What --dump prints of a chunk instead of running it.

#ifndef PERILUNE_REPL_DUMP_H_
#define PERILUNE_REPL_DUMP_H_

#include <string>

#include "absl/status/statusor.h"
#include "repl/options.h"
#include "runtime/script_source.h"

namespace perilune::vm::repl {

// Syntax tree, bytecode or machine code of all functions of the chunk. Works on every machine,
// because the code is not run.
absl::StatusOr<std::string> DumpChunk(Dump dump, const ScriptSource& source);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_DUMP_H_
