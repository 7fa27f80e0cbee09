#include "repl/editor.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "isocline.h"
#include "repl/console.h"
#include "repl/highlighter.h"
#include "repl/history.h"

namespace perilune::vm::repl {
namespace {

// What stands in [brackets] is markup for isocline.
std::string WithoutMarkup(std::string_view text) { return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"[", "\\["}, {"\n", " "}}); }

void OnHighlight(ic_highlight_env_t* env, const char* input, void*) {
  for (const StyledSpan& span : Highlight(input)) {
    ic_highlight(env, static_cast<long>(span.begin), static_cast<long>(span.size), ColorOf(span.style).name);
  }
}

bool OnIncompleteCheck(const char* input, void* editor) { return static_cast<Editor*>(editor)->callbacks().is_incomplete(input); }

void CompleteFile(ic_completion_env_t* env, const char* prefix) { ic_complete_filename(env, prefix, '/', nullptr, nullptr); }

void OnComplete(ic_completion_env_t* env, const char* prefix) {
  constexpr std::string_view kIndent = "  ";
  const std::string_view text = prefix;
  const std::string_view line = text.substr(text.rfind('\n') + 1);
  if (line.find_first_not_of(' ') == std::string_view::npos) {
    ic_add_completion_prim(env, kIndent.data(), nullptr, nullptr, 0, 0);
    return;
  }
  const Completions completions = static_cast<Editor*>(ic_completion_arg(env))->callbacks().complete(text);
  if (completions.is_file) return CompleteFile(env, prefix + completions.begin);
  for (const std::string& completion : completions.texts) {
    const long replaced = static_cast<long>(text.size() - completions.begin);
    if (!ic_add_completion_prim(env, completion.c_str(), nullptr, nullptr, replaced, 0)) return;
  }
}

// While it lives, a signal that ends the process first gives the terminal back as it was.
class TerminalGuard {
 public:
  TerminalGuard() {
    if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
    struct sigaction action = {};
    action.sa_handler = OnSignal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &action, &previous_[i]);
    is_active_ = true;
  }
  ~TerminalGuard() {
    for (size_t i = 0; is_active_ && i < std::size(kSignals); ++i) sigaction(kSignals[i], &previous_[i], nullptr);
  }
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;

 private:
  static constexpr int kSignals[] = {SIGHUP, SIGTERM};

  static void OnSignal(int signal) {
    constexpr std::string_view kNoBracketedPaste = "\x1B[?2004l";
    tcsetattr(STDIN_FILENO, TCSANOW, &settings);
    // The process ends, whether this succeeds or not.
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, kNoBracketedPaste.data(), kNoBracketedPaste.size());
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    raise(signal);  // which takes effect when the handler returns
  }

  static inline termios settings;  // of the terminal while there is no guard
  struct sigaction previous_[std::size(kSignals)] = {};
  bool is_active_ = false;
};

}  // namespace

Editor::Editor(Callbacks callbacks) : callbacks_(std::move(callbacks)) {
  ic_set_history(nullptr, History::kMaxEntries);  // files are history.h's
  ic_enable_color(WantsColors());
  ic_enable_beep(false);
  ic_enable_hint(false);             // completes while one types
  ic_enable_inline_help(false);
  ic_enable_brace_insertion(false);  // which pasted text would meet
  ic_enable_multiline_indent(false);
  ic_set_default_highlighter(OnHighlight, nullptr);
  ic_set_default_completer(OnComplete, this);
  ic_set_incomplete_check(OnIncompleteCheck, this);
}

void Editor::AddHistory(const std::string& entry) { ic_history_add(entry.c_str()); }

Editor::Outcome Editor::Read(std::string_view prompt, std::string_view continuation_prompt, std::string* input) {
  ic_set_prompt_marker(WithoutMarkup(prompt).c_str(), WithoutMarkup(continuation_prompt).c_str());
  const TerminalGuard guard;
  char* line = ic_readline("");
  if (line == nullptr) return ic_was_interrupted() ? Outcome::kInterrupted : Outcome::kEnd;
  *input = line;
  ic_free(line);
  return Outcome::kInput;
}

}  // namespace perilune::vm::repl
