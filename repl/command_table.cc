#include "repl/command_table.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace perilune::vm::repl {
namespace {

constexpr CommandInfo kCommands[] = {
    {Command::kHelp, ":help", "", "print this text"},
    {Command::kLoad, ":load", "FILE", "run a file in this session; its locals are its own"},
    {Command::kTime, ":time", "EXPR", "run EXPR (or statements) and print how long it took"},
    {Command::kTier, ":tier", "FN", "print the life of the function that FN is: calls, budget, compilation"},
    {Command::kBytecode, ":bytecode", "FN", "print its bytecode"},
    {Command::kAsm, ":asm", "FN", "print its source lines, bytecode and AArch64 machine code"},
    {Command::kStats, ":stats", "", "print statistics of all functions and of the engine"},
    {Command::kGc, ":gc", "", "collect garbage; print the memory in use before and after"},
    {Command::kQuit, ":quit", "", "end the session, as Ctrl-D does"},
};

}  // namespace

absl::Span<const CommandInfo> Commands() { return kCommands; }

std::string_view CommandWord(std::string_view text) {
  const std::string_view command = absl::StripLeadingAsciiWhitespace(text);
  if (command.size() < 2 || command[0] != ':' || !absl::ascii_isalpha(static_cast<unsigned char>(command[1]))) return "";
  const auto* end = std::find_if_not(command.begin() + 1, command.end(), [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
  return command.substr(0, static_cast<size_t>(end - command.begin()));
}

const CommandInfo* FindCommand(std::string_view word) {
  const CommandInfo* found = nullptr;
  for (const CommandInfo& command : kCommands) {
    if (command.word == word) return &command;
    if (!absl::StartsWith(command.word, word)) continue;
    if (found != nullptr) return nullptr;
    found = &command;
  }
  return found;
}

}  // namespace perilune::vm::repl
