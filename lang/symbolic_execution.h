// What a register holds, in words of the source: "global 'print'", "field 'x'". Error messages and
// tracebacks name values so.
//
// Nothing is recorded for this when compiling. The code in front of an instruction is walked for
// the last one that set the register, and that one says where the value came from. The result is a
// hint: wherever a jump could have skipped the instruction that was found, there is none. Names and
// kinds are those of the reference implementation (5.4.4).

#ifndef PERILUNE_LANG_SYMBOLIC_EXECUTION_H_
#define PERILUNE_LANG_SYMBOLIC_EXECUTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {

// Both views last as long as the Proto (or for ever).
struct ValueName {
  // "local", "global", "upvalue", "field", "method", "constant"; from FunctionNameAt also
  // "metamethod" and "for iterator".
  std::string_view kind;
  std::string_view name;

  bool operator==(const ValueName&) const = default;
};

// The name of the variable in `reg` that is visible at `pc`, if any.
std::optional<std::string_view> LocalNameAt(const Proto& proto, size_t pc, int reg);

// The name of an upvalue; "?" where it was stripped.
std::string_view UpvalueName(const Proto& proto, size_t index);

// Number of the registers up to the highest that holds a local variable (hidden ones of loops too) at `pc`. Where a statement begins, nothing else
// is in use. All of them in a stripped function.
int ActiveRegisters(const Proto& proto, size_t pc);

// Where the value in `reg` came from, just before the instruction at `pc` is carried out.
std::optional<ValueName> NameOfRegister(const Proto& proto, size_t pc, int reg);

// How the function is called that the instruction at `pc` calls: what a call instruction says of
// its callee, or the event (`add`, `index`, without underscores) of an instruction that calls a
// metamethod.
std::optional<ValueName> FunctionNameAt(const Proto& proto, size_t pc);

// The metamethod's event of an op that can call one ("index"), or empty.
std::string_view MetamethodEvent(Op op);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_SYMBOLIC_EXECUTION_H_
