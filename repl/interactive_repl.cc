#include "repl/interactive_repl.h"

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "repl/command_table.h"
#include "repl/commands.h"
#include "repl/completion.h"
#include "repl/console.h"
#include "repl/editor.h"
#include "repl/evaluator.h"
#include "repl/history.h"
#include "repl/interrupt.h"
#include "repl/prompt.h"

namespace perilune::vm::repl {
namespace {

class InteractiveRepl {
 public:
  InteractiveRepl(Session& session, jit::BaselineTier* tier)
      : session_(session),
        evaluator_(session, console_),
        commands_(evaluator_, console_, tier),
        editor_({.is_incomplete = [this](std::string_view text) { return CommandWord(text).empty() && evaluator_.IsIncomplete(text); },
                 .complete = [this](std::string_view text) { return Complete(evaluator_.vm(), evaluator_.locals(), text); }}),
        history_(HistoryPath()) {}

  void Run() {
    const IgnoreInterruptsScope ignore;
    console_.Print("Type :help for commands and keys.\n");
    Report(history_.Load());
    for (const std::string& entry : history_.entries()) editor_.AddHistory(entry);
    std::string input;
    for (;;) {
      console_.StartLine();
      switch (editor_.Read(Prompt(session_, PromptKind::kFirst), Prompt(session_, PromptKind::kContinuation), &input)) {
        case Editor::Outcome::kEnd:
          return;
        case Editor::Outcome::kInterrupted:
          break;
        case Editor::Outcome::kInput:
          Report(history_.Add(input));
          if (!Execute(input)) return;
      }
    }
  }

 private:
  // False: the session is to end.
  bool Execute(std::string_view input) {
    if (input.find_first_not_of(" \t\n") == std::string_view::npos) return true;
    const std::string_view command = CommandWord(input);
    if (!command.empty()) return commands_.Run(input, command);
    evaluator_.Evaluate(input);
    return true;
  }

  // Once is enough to say that there is no history.
  void Report(const absl::Status& status) {
    if (status.ok() || reported_) return;
    reported_ = true;
    console_.PrintError(status.message());
  }

  Session& session_;
  const Console console_;
  Evaluator evaluator_;
  CommandRunner commands_;
  Editor editor_;
  History history_;
  bool reported_ = false;
};

}  // namespace

void RunInteractiveRepl(Session& session, jit::BaselineTier* tier) { InteractiveRepl(session, tier).Run(); }

}  // namespace perilune::vm::repl
