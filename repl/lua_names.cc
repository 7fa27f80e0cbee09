#include "repl/lua_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "lang/token.h"

namespace perilune::vm::repl {

bool IsNameByte(char c) { return c == '_' || absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool IsName(std::string_view text) {
  return !text.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(text[0])) && std::ranges::all_of(text, IsNameByte) &&
         std::ranges::find(ReservedWords(), text) == ReservedWords().end();
}

const std::vector<std::string_view>& ReservedWords() {
#define PERILUNE_WORD(name, text) text,
#define PERILUNE_OTHER(name, text)
  static const auto& words = *new std::vector<std::string_view>{PERILUNE_FOR_EACH_TOKEN(PERILUNE_WORD, PERILUNE_OTHER, PERILUNE_OTHER)};
#undef PERILUNE_OTHER
#undef PERILUNE_WORD
  return words;
}

}  // namespace perilune::vm::repl
