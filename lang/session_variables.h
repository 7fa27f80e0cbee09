// How the chunks of an interactive session share their local variables.
//
// A chunk of a session is compiled as if it stood inside the chunks before it: a name that is no variable of its own can be one of
// theirs. Such a variable is an upvalue of the chunk's main function, behind _ENV. What the chunk itself declares at its top level
// stays an ordinary local variable, in a register; right behind each declaration stands a hidden closure that has the variables
// declared as its upvalues, and that is stored in an upvalue of the main function, made for it:
//
//   local a, b = 1, 2      is compiled as      local a, b = 1, 2
//   print(a + c)                               (locals) = function() <a, b> end
//                                              print(a + <upvalue c>)
//
// So whoever runs chunks finds, after each, the closures whose upvalues are the variables to go on with, also after an error (those
// declared by then) and however often a declaration was passed. A variable to be closed ends with its chunk. One whose value
// is known when compiling has no cell; its value is handed on.

#ifndef PERILUNE_LANG_SESSION_VARIABLES_H_
#define PERILUNE_LANG_SESSION_VARIABLES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lang/ast.h"
#include "lang/proto.h"

namespace perilune::lang {

struct SessionVariable {
  std::string name;
  Attrib attrib = Attrib::kRegular;
  Constant value = {};  // of a kCompileTimeConstant

  bool has_cell() const { return attrib != Attrib::kCompileTimeConstant; }
};

// What an upvalue of a session chunk's main function stands for: one of the variables given to the compiler, or a declaration.
struct SessionUpvalue {
  std::optional<size_t> variable = std::nullopt;  // its index among those given
  std::vector<SessionVariable> declared = {};     // those that has_cell() are in this order the upvalues of the closure stored here
};

// What the compiler is given and gives back for a chunk of a session.
struct SessionScope {
  std::vector<SessionVariable> variables;  // to be seen by the chunk; of equal names the last one
  std::vector<SessionUpvalue> upvalues;    // result: of the main function, behind _ENV
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_SESSION_VARIABLES_H_
