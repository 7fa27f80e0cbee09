// Colours for Lua text, from the runtime's own lexer.

#ifndef PERILUNE_REPL_HIGHLIGHTER_H_
#define PERILUNE_REPL_HIGHLIGHTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perilune::vm::repl {

enum class Style : uint8_t { kKeyword, kConstant, kNumber, kString, kComment, kCommand, kError };

struct Color {
  std::string_view sgr;   // the parameter of the escape sequence that makes a terminal show it: "94"
  const char* name = "";  // the editor's
};
Color ColorOf(Style style);

// A run of bytes to be shown in a style.
struct StyledSpan {
  size_t begin;
  size_t size;
  Style style;

  bool operator==(const StyledSpan&) const = default;
};

// The spans of a text, in order and apart from each other; what is between them is plain. A text that begins with `:` and a letter is a
// command. Works on text that is no valid Lua: strings and comments may lack their ends, what is no token is an error.
std::vector<StyledSpan> Highlight(std::string_view text);

// `text` with escape sequences around its spans.
std::string Colored(std::string_view text);
// The same in one style.
std::string Colored(std::string_view text, Style style);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_HIGHLIGHTER_H_
