// Source text to bytecode: the front end's one door.

#ifndef PERILUNE_LANG_COMPILE_H_
#define PERILUNE_LANG_COMPILE_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "lang/ast.h"
#include "lang/proto.h"
#include "lang/session_variables.h"
#include "lang/stop_flag.h"

namespace perilune::lang {

// Compiles a chunk to its main function. `chunk_name` is as given to load: "@file", "=name" or the
// source text. An error is InvalidArgument with the reference implementation's message, such as
// "file.lua:3: unexpected symbol near 'x'". Ends with an error soon after `stop` is set.
absl::StatusOr<std::shared_ptr<const Proto>> Compile(std::string_view source,
                                                     std::string_view chunk_name,
                                                     StopFlag stop = {});

// The same for a chunk of a session (session_variables.h); fills in session->upvalues.
absl::StatusOr<std::shared_ptr<const Proto>> CompileForSession(std::string_view source,
                                                               std::string_view chunk_name,
                                                               SessionScope* session,
                                                               StopFlag stop = {});

// The part of it behind the parser.
absl::StatusOr<std::shared_ptr<const Proto>> CompileAst(const Ast& ast, StopFlag stop = {});

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_COMPILE_H_
