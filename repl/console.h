// What interactive mode writes to its terminal.

#ifndef PERILUNE_REPL_CONSOLE_H_
#define PERILUNE_REPL_CONSOLE_H_

#include <cstddef>
#include <string_view>

namespace perilune::vm::repl {

// May this process edit lines here: are standard input and output a terminal that can move its cursor (TERM is set and not `dumb`)?
bool CanEditLines();

// Colours are wanted unless the variable NO_COLOR is set and not empty (no-color.org).
bool WantsColors();

class Console {
 public:
  Console() : colors_(WantsColors()) {}

  // Columns of the terminal.
  size_t width() const;

  // Lua text, with colours, and a line end.
  void PrintLua(std::string_view text) const;
  // Text as it is.
  void Print(std::string_view text) const;
  // An error message, and a line end; on standard error.
  void PrintError(std::string_view message) const;

  // Makes the cursor stand at the start of a line, without losing what a script wrote there: that is marked with a reversed `%`.
  void StartLine() const;

 private:
  const bool colors_;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_CONSOLE_H_
