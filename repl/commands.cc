#include "repl/commands.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lang/bytecode_printer.h"
#include "repl/assembly_listing.h"
#include "repl/function_life.h"
#include "repl/stats_report.h"
#include "repl/suggestion.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/module.h"

namespace perilune::vm::repl {
namespace {

constexpr std::string_view kKeys = R"(
Keys
  Enter             run the input, or go on to another line while it is incomplete
  Up, Down          earlier and later inputs; Ctrl-R searches in them
  Tab               complete a name, or the field of a value: string.fo, obj:me
  Ctrl-J            another line in any case
  Ctrl-C            clear the input; interrupt what is running
  Ctrl-D            end the session, when the input is empty
  F1                all other keys

Anything else is Lua. Results of expressions are printed, and local variables
live on from line to line.
)";

std::string UnknownCommand(std::string_view word) {
  std::vector<std::string_view> names;
  for (const CommandInfo& command : Commands()) names.push_back(command.word);
  const std::string_view nearest = NearestName(word, names);
  if (nearest.empty()) return absl::StrCat("unknown command '", word, "' (see :help)");
  return absl::StrCat("unknown command '", word, "' (did you mean '", nearest, "'?)");
}

// A file's name as the editor completes it: in quotes, or with backslashes in front of odd characters; or just as it is.
std::string FileName(std::string_view argument) {
  const char quote = argument[0];
  if (argument.size() > 1 && (quote == '"' || quote == '\'') && argument.back() == quote) {
    return std::string(argument.substr(1, argument.size() - 2));
  }
  std::string name;
  for (size_t i = 0; i < argument.size(); ++i) {
    if (argument[i] == '\\' && i + 1 < argument.size()) ++i;
    name.push_back(argument[i]);
  }
  return name;
}

std::string Duration(std::chrono::nanoseconds time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  return ms < 1000 ? absl::StrFormat("%.3f ms", ms) : absl::StrFormat("%.3f s", ms / 1000);
}

}  // namespace

bool CommandRunner::Run(std::string_view line, std::string_view word) {
  const CommandInfo* command = FindCommand(word);
  const std::string_view argument = absl::StripAsciiWhitespace(line.substr(static_cast<size_t>(word.data() + word.size() - line.data())));
  if (command == nullptr) {
    console_.PrintError(UnknownCommand(word));
    return true;
  }
  if (argument.empty() != command->argument.empty()) {
    console_.PrintError(argument.empty() ? absl::StrCat("usage: ", command->word, " ", command->argument)
                                         : absl::StrCat("usage: ", command->word));
    return true;
  }
  const LuaFunction* function = command->argument == "FN" ? FunctionOf(argument) : nullptr;
  if (command->argument == "FN" && function == nullptr) return true;
  switch (command->command) {
    case Command::kHelp:
      Help();
      break;
    case Command::kLoad:
      Load(argument);
      break;
    case Command::kTime:
      Time(argument);
      break;
    case Command::kTier:
      Tier(*function);
      break;
    case Command::kBytecode:
      Bytecode(*function);
      break;
    case Command::kAsm:
      Assembly(*function);
      break;
    case Command::kStats:
      Stats();
      break;
    case Command::kGc:
      CollectGarbage();
      break;
    case Command::kQuit:
      return false;
  }
  return true;
}

void CommandRunner::Help() {
  std::string text = "Commands\n";
  for (const CommandInfo& command : Commands()) {
    absl::StrAppendFormat(&text, "  %-17s %s\n", absl::StrCat(command.word, " ", command.argument), command.help);
  }
  console_.Print(absl::StrCat(text, kKeys));
}

void CommandRunner::Load(std::string_view argument) { evaluator_.RunFile(FileName(argument)); }

void CommandRunner::Time(std::string_view argument) {
  const auto start = std::chrono::steady_clock::now();
  evaluator_.Evaluate(argument);
  console_.Print(absl::StrCat("time: ", Duration(std::chrono::steady_clock::now() - start), "\n"));
}

const LuaFunction* CommandRunner::FunctionOf(std::string_view expression) {
  Value value;
  if (!evaluator_.EvaluateExpression(expression, &value)) return nullptr;
  if (value.IsLuaFunction()) return value.lua_function();
  console_.PrintError(value.IsNativeFunction()
                          ? absl::StrCat("'", expression, "' is a function of the runtime: it has no bytecode")
                          : absl::StrCat("'", expression, "' is no function but a ", TypeName(value.tag), " value"));
  return nullptr;
}

void CommandRunner::Tier(const LuaFunction& function) { console_.Print(DescribeLife(evaluator_.vm(), function)); }

void CommandRunner::Bytecode(const LuaFunction& function) { console_.Print(lang::PrintBytecode(*function.slots->proto)); }

void CommandRunner::Assembly(const LuaFunction& function) {
  const absl::StatusOr<std::string> listing = ListAssembly(*function.slots, evaluator_.SourceOf(*function.slots->module));
  if (listing.ok()) {
    console_.Print(*listing);
  } else {
    console_.PrintError(listing.status().message());
  }
}

void CommandRunner::Stats() {
  Isolate& vm = evaluator_.vm();
  vm.CountCalls();
  if (tier_ != nullptr) tier_->Drain();
  console_.Print(FormatStats(CollectStats(vm.engine(), vm.engine().Modules(), tier_)));
}

void CommandRunner::CollectGarbage() {
  Isolate& vm = evaluator_.vm();
  const size_t before = vm.heap().bytes_in_use();
  const auto start = std::chrono::steady_clock::now();
  vm.CollectGarbage();
  const auto time = std::chrono::steady_clock::now() - start;
  const auto kib = [](size_t bytes) { return static_cast<double>(bytes) / 1024; };
  console_.Print(absl::StrFormat("%.1f KiB in use, %.1f KiB before; %s\n", kib(vm.heap().bytes_in_use()), kib(before), Duration(time)));
}

}  // namespace perilune::vm::repl
