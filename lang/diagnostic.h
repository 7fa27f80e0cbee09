// Error messages with the position they speak of: "chunk:line: message". One place decides how a
// chunk is called in messages, for syntax errors, run-time errors and tracebacks alike.

#ifndef PERILUNE_LANG_DIAGNOSTIC_H_
#define PERILUNE_LANG_DIAGNOSTIC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace perilune::lang {

// Returns the printable form, at most 59 bytes, of a chunk name as given to load:
//   "=name"      name, cut at its end
//   "@file"      file, long ones as "...end/of/path"
//   other text   it is the source itself: [string "first line..."]
std::string ChunkId(std::string_view chunk_name);

// Returns "chunk:line: message".
std::string AddPosition(std::string_view chunk_name, int32_t line, std::string_view message);

// True if `status`, of a failed Parse(), says that the chunk ended too early, so that more lines
// could make it complete: what an interactive prompt wants to know.
bool IsIncompleteChunk(const absl::Status& status);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_DIAGNOSTIC_H_
