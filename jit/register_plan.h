// Which register holds what in machine code. The first six are those of every handler (runtime/handler.h), so entering and leaving machine code
// moves nothing.
//
//   x20 vm   x21 base   x22 position word at returns   x23 k   x24 dispatch (kept for the interpreter)   x25 word: counts
//   x26      return address of a stub across a C++ call
//   x8..x17  scratch within an op          d0..d7  scratch within an op          x0..x7  arguments of C++ calls
//   x0..x7, d16..d23 copies of words of the frame within a block                 x19, x27, x28, d8..d15 their homes in innermost loops (residents.h)
//
// At a call site's exact entry (CallTarget::exact): x30 resume address, x10 position word; the entry stores both as the frame link.

#ifndef PERILUNE_JIT_REGISTER_PLAN_H_
#define PERILUNE_JIT_REGISTER_PLAN_H_

#include "jit/a64_operands.h"

namespace perilune::vm::jit {

inline constexpr X kVm{20};
inline constexpr X kBase{21};
inline constexpr X kPosition{22};
inline constexpr X kK{23};
inline constexpr X kDispatch{24};
inline constexpr X kWord{25};
inline constexpr X kResume{26};
inline constexpr X kLink{10};       // position word for an exact entry
inline constexpr W kPcIndex{9};     // argument of most stubs: index of the instruction

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_REGISTER_PLAN_H_
