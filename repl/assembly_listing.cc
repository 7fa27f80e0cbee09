// jit::DumpAssembly() marks where the code of an instruction begins with "; [pc] line N: Op" or, for its rare part, "; [pc] out of
// line", and what the compiler knew below, as ";     OPERANDS | STATE". Here these lines become the instruction in full, below the source line if that
// is another one, and the state.

#include "repl/assembly_listing.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "jit/dump_assembly.h"
#include "lang/bytecode_printer.h"

namespace perilune::vm::repl {
namespace {

// The pc of "; [pc] ...", and what follows it.
std::optional<size_t> PcOf(std::string_view line, std::string_view* rest) {
  if (!absl::ConsumePrefix(&line, "; [")) return std::nullopt;
  const size_t close = line.find(']');
  size_t pc;
  if (close == std::string_view::npos || !absl::SimpleAtoi(line.substr(0, close), &pc)) return std::nullopt;
  *rest = line.substr(close + 1);
  return pc;
}

}  // namespace

absl::StatusOr<std::string> ListAssembly(const ProtoSlots& function, std::string_view source) {
  const absl::StatusOr<std::string> assembly = jit::DumpAssembly(function);
  if (!assembly.ok()) return assembly.status();
  const std::vector<std::string_view> source_lines = absl::StrSplit(source, '\n');
  const lang::Proto& proto = *function.proto;
  std::string out;
  int32_t shown_line = 0;
  for (const std::string_view line : absl::StrSplit(*assembly, '\n', absl::SkipEmpty())) {
    std::string_view rest;
    const std::optional<size_t> pc = PcOf(line, &rest);
    if (std::string_view state = line; absl::ConsumePrefix(&state, ";     ")) {
      const size_t bar = state.find(" | ");
      if (bar != std::string_view::npos) absl::StrAppend(&out, "      ; ", state.substr(bar + 3), "\n");
      continue;
    }
    if (!pc || *pc >= proto.code.size()) {
      absl::StrAppend(&out, absl::StartsWith(line, ";") ? "" : "      ", line, "\n");
      continue;
    }
    const int32_t source_line = proto.lines[*pc];
    const auto index = static_cast<size_t>(source_line) - 1;
    if (source_line != shown_line && source_line > 0) {
      absl::StrAppend(&out, source_line, ": ", index < source_lines.size() && !source.empty() ? source_lines[index] : "(source unknown)", "\n");
      shown_line = source_line;
    }
    const bool is_rare = absl::StrContains(rest, "out of line");
    absl::StrAppend(&out, "  [", *pc, "] ", lang::PrintInstruction(proto, *pc), is_rare ? absl::StrCat("  ;", rest) : "", "\n");
  }
  return out;
}

}  // namespace perilune::vm::repl
