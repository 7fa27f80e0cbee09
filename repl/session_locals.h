// The local variables of an interactive session: those that the lines entered so far have declared, and that later lines see.
//
// The mechanism stands in lang/session_variables.h. Here the variables live: each in the upvalue that the closures of its line share,
// so a function made on an earlier line and the lines after it see one variable. A new declaration of a name hides the one before;
// what has captured that one keeps it.

#ifndef PERILUNE_REPL_SESSION_LOCALS_H_
#define PERILUNE_REPL_SESSION_LOCALS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lang/session_variables.h"
#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune::vm::repl {

// Confined to the isolate's thread.
class SessionLocals {
 public:
  explicit SessionLocals(Isolate& vm) : vm_(vm) {}
  ~SessionLocals();
  SessionLocals(const SessionLocals&) = delete;
  SessionLocals& operator=(const SessionLocals&) = delete;

  // A chunk that sees the variables. Must be given to Adopt() once it has run, before anything else is compiled.
  struct Chunk {
    LuaFunction* main = nullptr;
    std::vector<lang::SessionUpvalue> upvalues;
  };
  // As Isolate::Load.
  absl::StatusOr<Chunk> Compile(std::string_view text, std::string_view chunk_name);
  // Takes over what the chunk has declared, as far as it has run. `chunk.main` must have been kept alive by the caller.
  void Adopt(const Chunk& chunk);

  std::vector<std::string> names() const;
  // The value of the visible variable `name`; false if there is none.
  bool Get(std::string_view name, Value* value) const;

 private:
  // Where a variable lives: in an upvalue of a closure, which `handle` keeps alive.
  struct Cell {
    const LuaFunction* closure = nullptr;
    uint32_t upvalue = 0;
    uint32_t handle = 0;
  };

  void Hide(std::string_view name);

  Isolate& vm_;
  std::vector<lang::SessionVariable> variables_;
  std::vector<Cell> cells_;  // of each variable; unused for constants
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_SESSION_LOCALS_H_
