#include "lang/compile.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lang/ast.h"
#include "lang/diagnostic.h"
#include "lang/function_compiler.h"
#include "lang/parser.h"
#include "lang/proto.h"
#include "lang/verifier.h"

namespace perilune::lang {

absl::StatusOr<std::shared_ptr<const Proto>> Compile(std::string_view source,
                                                     std::string_view chunk_name,
                                                     StopFlag stop) {
  absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, chunk_name, stop);
  if (!ast.ok()) return ast.status();
  return CompileAst(**ast, stop);
}

absl::StatusOr<std::shared_ptr<const Proto>> CompileForSession(std::string_view source,
                                                               std::string_view chunk_name,
                                                               SessionScope* session,
                                                               StopFlag stop) {
  absl::StatusOr<std::unique_ptr<Ast>> ast = ParseForSession(source, chunk_name, session, stop);
  if (!ast.ok()) return ast.status();
  return CompileAst(**ast, stop);
}

absl::StatusOr<std::shared_ptr<const Proto>> CompileAst(const Ast& ast, StopFlag stop) {
  Compilation compilation;
  compilation.stop = stop;
  compilation.source = std::make_shared<const std::string>(ast.chunk_name);
  std::shared_ptr<const Proto> proto = FunctionCompiler(*ast.main, nullptr, &compilation).Compile();
  if (compilation.error.has_value()) {
    return absl::InvalidArgumentError(
        AddPosition(ast.chunk_name, compilation.error->line, compilation.error->message));
  }
#ifndef NDEBUG
  if (absl::Status status = Verify(*proto); !status.ok()) return status;
#endif
  return proto;
}

}  // namespace perilune::lang
