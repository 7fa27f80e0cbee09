#include "repl/dump.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "jit/dump_assembly.h"
#include "lang/ast.h"
#include "lang/ast_printer.h"
#include "lang/bytecode_printer.h"
#include "lang/compile.h"
#include "lang/parser.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm::repl {
namespace {

absl::StatusOr<std::string> DumpAllAssembly(const ScriptSource& source) {
  Engine engine;
  const absl::StatusOr<std::shared_ptr<Module>> module = engine.Load(source.text, source.name);
  if (!module.ok()) return module.status();
  std::string text;
  for (const std::unique_ptr<ProtoSlots>& function : (*module)->functions()) {
    const absl::StatusOr<std::string> assembly = jit::DumpAssembly(*function);
    if (!assembly.ok()) return assembly.status();
    absl::StrAppend(&text, text.empty() ? "" : "\n", *assembly);
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> DumpChunk(Dump dump, const ScriptSource& source) {
  switch (dump) {
    case Dump::kNone:
      break;
    case Dump::kAst: {
      const absl::StatusOr<std::unique_ptr<lang::Ast>> ast = lang::Parse(source.text, source.name);
      if (!ast.ok()) return ast.status();
      return lang::PrintAst(**ast);
    }
    case Dump::kBytecode: {
      const auto proto = lang::Compile(source.text, source.name);
      if (!proto.ok()) return proto.status();
      return lang::PrintBytecode(**proto);
    }
    case Dump::kAssembly:
      return DumpAllAssembly(source);
  }
  return std::string();
}

}  // namespace perilune::vm::repl
