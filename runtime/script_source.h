// Where scripts come from: files and standard input.

#ifndef PERILUNE_RUNTIME_SCRIPT_SOURCE_H_
#define PERILUNE_RUNTIME_SCRIPT_SOURCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace perilune::vm {

// A chunk's text, and its name as for load.
struct ScriptSource {
  std::string name;
  std::string text;
};

// Reads a file, or standard input for a null `path`. A byte order mark is dropped, and so is a
// first line that starts with '#', but not its end, so that lines keep their numbers. Errors are
// worded as the reference's, "cannot open x.lua: No such file or directory", with the code of errno.
absl::StatusOr<ScriptSource> ReadScript(const char* path);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_SCRIPT_SOURCE_H_
