// Names in the sense of Lua's grammar.

#ifndef PERILUNE_REPL_LUA_NAMES_H_
#define PERILUNE_REPL_LUA_NAMES_H_

#include <string_view>
#include <vector>

namespace perilune::vm::repl {

// May `text` stand where Lua wants a name? Reserved words may not.
bool IsName(std::string_view text);
// Is `c` part of a name?
bool IsNameByte(char c);
// The reserved words.
const std::vector<std::string_view>& ReservedWords();

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_LUA_NAMES_H_
