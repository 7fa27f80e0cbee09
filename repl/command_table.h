// The commands of interactive mode: their names and what they are for. What they do is in commands.cc.

#ifndef PERILUNE_REPL_COMMAND_TABLE_H_
#define PERILUNE_REPL_COMMAND_TABLE_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace perilune::vm::repl {

enum class Command : uint8_t { kHelp, kLoad, kTime, kTier, kBytecode, kAsm, kStats, kGc, kQuit };

struct CommandInfo {
  Command command;
  std::string_view word;      // ":help"
  std::string_view argument;  // what must follow: FILE, EXPR, FN (an expression whose value is a function); or empty
  std::string_view help;
};

absl::Span<const CommandInfo> Commands();

// The `:name` at the start of `text`, if it is a command (known or not) and not Lua; white space may stand before it. Else empty.
std::string_view CommandWord(std::string_view text);

// The command that `word`, with colon, names, or is the beginning of the name of, if no other is. Null: none.
const CommandInfo* FindCommand(std::string_view word);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_COMMAND_TABLE_H_
