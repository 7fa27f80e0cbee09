#include "repl/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "repl/highlighter.h"

namespace perilune::vm::repl {
namespace {

void Write(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

}  // namespace

bool CanEditLines() {
  const char* term = std::getenv("TERM");
  return term != nullptr && *term != '\0' && std::string_view(term) != "dumb" && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

bool WantsColors() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

size_t Console::width() const {
  constexpr size_t kFallback = 80;
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kFallback;
}

void Console::PrintLua(std::string_view text) const { Print(absl::StrCat(colors_ ? Colored(text) : text, "\n")); }

void Console::Print(std::string_view text) const { Write(stdout, text); }

void Console::PrintError(std::string_view message) const {
  std::fflush(stdout);
  Write(stderr, absl::StrCat(colors_ ? Colored(message, Style::kError) : message, "\n"));
}

// The mark and the spaces fill a line exactly. From the first column they end in it, and are erased; from another they wrap into the next.
void Console::StartLine() const { Print(absl::StrCat("\x1B[7m%\x1B[0m", std::string(width() - 1, ' '), "\r\x1B[K")); }

}  // namespace perilune::vm::repl
