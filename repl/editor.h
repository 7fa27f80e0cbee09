// The line editor: isocline, told about Lua. The only file that knows isocline is editor.cc.
//
// Enter ends the input when it is complete and otherwise starts a line inside of it, so that all lines of a chunk can still be edited,
// and one step back in the history brings back the whole of it. There is one editor per process.

#ifndef PERILUNE_REPL_EDITOR_H_
#define PERILUNE_REPL_EDITOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "repl/completion.h"

namespace perilune::vm::repl {

class Editor {
 public:
  struct Callbacks {
    std::function<bool(std::string_view)> is_incomplete;
    std::function<Completions(std::string_view)> complete;
  };

  explicit Editor(Callbacks callbacks);
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  // An entry for the keys that go back and forth; the newest last.
  void AddHistory(const std::string& entry);

  enum class Outcome : uint8_t { kInput, kInterrupted, kEnd };
  // Reads one input, of one or more lines.
  Outcome Read(std::string_view prompt, std::string_view continuation_prompt, std::string* input);

  // Called by isocline.
  const Callbacks& callbacks() const { return callbacks_; }

 private:
  const Callbacks callbacks_;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_EDITOR_H_
