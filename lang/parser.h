// The parser: source text to a syntax tree with names resolved, in one pass.

#ifndef PERILUNE_LANG_PARSER_H_
#define PERILUNE_LANG_PARSER_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "lang/ast.h"
#include "lang/session_variables.h"
#include "lang/stop_flag.h"

namespace perilune::lang {

// Parses a chunk. `chunk_name` is as given to load: "@file", "=name" or the source text; it names
// the chunk in messages (see ChunkId). The result refers to neither argument's memory. Errors are
// InvalidArgument, with the message of the reference implementation, such as
//   file.lua:3: 'end' expected (to close 'if' at line 1) near <eof>
// Ends with an error soon after `stop` is set.
absl::StatusOr<std::unique_ptr<Ast>> Parse(std::string_view source, std::string_view chunk_name,
                                           StopFlag stop = {});

// Parses a chunk of a session (session_variables.h); fills in session->upvalues.
absl::StatusOr<std::unique_ptr<Ast>> ParseForSession(std::string_view source,
                                                     std::string_view chunk_name,
                                                     SessionScope* session, StopFlag stop = {});

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_PARSER_H_
