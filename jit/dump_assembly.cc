#include "jit/dump_assembly.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "jit/baseline_compiler.h"
#include "jit/code_comment.h"
#include "jit/disassembler.h"
#include "jit/stubs.h"
#include "lang/diagnostic.h"

namespace perilune::vm::jit {
namespace {

// What a word behind the code is.
std::string LiteralText(const ProtoSlots& function, uint64_t value) {
  const auto first = reinterpret_cast<uint64_t>(function.call_sites.get());
  constexpr uint64_t kSlot = sizeof(function.call_sites[0]);
  if (value - first < function.proto->call_site_count * kSlot) return absl::StrCat("slot of call site ", (value - first) / kSlot);
  return absl::StrFormat(".quad 0x%016x", value);
}

}  // namespace

absl::StatusOr<std::string> DumpAssembly(const ProtoSlots& function) {
  BaselineCompiler compiler;
  const StubAddresses stubs = StubAddresses::Symbolic();
  absl::StatusOr<CompiledCode> code = compiler.Compile(function, stubs, {.comments = true});
  if (!code.ok()) return code.status();
  absl::StatusOr<std::unique_ptr<Disassembler>> disassembler = Disassembler::Create();
  if (!disassembler.ok()) return disassembler.status();
  std::vector<CodeComment> targets;
  for (const Assembler::ExternalBranch& branch : compiler.external_branches()) {
    targets.push_back({branch.at, stubs.NameOf(branch.target)});
  }
  const lang::Proto& proto = *function.proto;
  std::string text = absl::StrCat("; function ", lang::ChunkId(*proto.source), ":", proto.line_defined, ", ", proto.code.size(), " words of bytecode, ",
                                  code->words.size() * sizeof(uint32_t), " bytes of machine code\n");
  absl::StrAppend(&text, (*disassembler)->Disassemble(code->words.subspan(0, code->literals / 4), 0, compiler.comments(), targets));
  for (size_t at = code->literals / 4; at + 1 < code->words.size(); at += 2) {
    const uint64_t value = code->words[at] | uint64_t{code->words[at + 1]} << 32;
    absl::StrAppendFormat(&text, "%04x  %s\n", at * 4, LiteralText(function, value));
  }
  return text;
}

}  // namespace perilune::vm::jit
