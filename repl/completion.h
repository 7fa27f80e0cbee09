// What could stand at the end of an unfinished line: reserved words, global and session variables, fields of live values, commands.
//
// Values are looked at, never asked: fields are found in tables and through chains of __index tables, and no metamethod is called, so
// that completing has no effects and cannot fail.

#ifndef PERILUNE_REPL_COMPLETION_H_
#define PERILUNE_REPL_COMPLETION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "repl/session_locals.h"
#include "runtime/isolate.h"

namespace perilune::vm::repl {

struct Completions {
  size_t begin = 0;                // the text from here on is what each of these replaces
  std::vector<std::string> texts;  // sorted, each once
  bool is_file = false;            // instead, the text is the beginning of a file's name
};

// For the text in front of the cursor.
Completions Complete(Isolate& vm, const SessionLocals& locals, std::string_view text);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_COMPLETION_H_
