// Prints bytecode for people and golden tests.
//
//   function <input:1-3> 1 parameter, 4 registers, 1 call site, 0 loops
//     local R0 a [0, 9)
//     upvalue U0 _ENV = parent's U0
//        0 [2] LtK       lhs=R0 rhs=1 when=0 target=6
//        2 [2] GetTabUp  dst=R1 env=U0 key="print"  ; _ENV
//        3 [2] Move      dst=R3 src=R0
//        4 [2] Call      func=R1 args=1 results=0 site=0
//
// Each instruction has its pc (the index of its first word), source line, op and operands by name:
// R registers, U upvalues, F nested functions, constants by value. Targets are the pc they lead to,
// counts of values are the number of values or `top`. Nested functions follow the one around them.

#ifndef PERILUNE_LANG_BYTECODE_PRINTER_H_
#define PERILUNE_LANG_BYTECODE_PRINTER_H_

#include <cstddef>
#include <string>

#include "lang/proto.h"

namespace perilune::lang {

// A function and all functions inside. The Proto must be one that Verify accepts.
std::string PrintBytecode(const Proto& proto);

// One instruction without pc, line and end of line: `Lt lhs=R0 rhs=R1 when=1 target=5`.
std::string PrintInstruction(const Proto& proto, size_t pc);

// A constant as in Lua source; long strings are cut.
std::string PrintConstant(const Constant& constant);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_BYTECODE_PRINTER_H_
