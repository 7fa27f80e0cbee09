// The one calling convention of everything that runs Lua code: interpreter handlers, shared stubs, machine code entries.
//
// [DOC] Register plan (AArch64; preserve_none passes the first arguments in x20..x25, which ordinary C++ calls preserve)
//
//            x20   x21    x22              x23         x24        x25
//            vm    base   pc               k           dispatch   word
//   op handler       frame  instruction      constants   table      instruction word
//   function entry   frame  -                of callee   table      number of arguments; frame link stored
//   return           see below               -           table      number of results
//
// A handler ends by jumping to the next one (musttail); the native stack does not grow. Machine code is entered and left by the same jumps.
// Return convention: the results stand from base[-2] on (base: of the returning frame), pc holds the frame link's position word (which the
// results overwrote), word the number of results; control goes to the link's resume address (frame_layout.h).

#ifndef PERILUNE_RUNTIME_HANDLER_H_
#define PERILUNE_RUNTIME_HANDLER_H_

#include <cstdint>

#include "lang/proto.h"
#include "runtime/value.h"

#if defined(PERILUNE_NO_PRESERVE_NONE)
#define PERILUNE_HANDLER_CC
#else
#define PERILUNE_HANDLER_CC __attribute__((preserve_none))
#endif
#define PERILUNE_MUSTTAIL [[clang::musttail]]

namespace perilune::vm {

class Isolate;

using Handler = PERILUNE_HANDLER_CC void (*)(Isolate* vm, Value* base, const lang::Word* pc, Value* k, const void* dispatch,
                                             uint64_t word);

// The parameter list of every handler.
#define PERILUNE_HANDLER_PARAMS                                                                                 \
  [[maybe_unused]] ::perilune::vm::Isolate *vm, [[maybe_unused]] ::perilune::vm::Value *base,                          \
      [[maybe_unused]] const ::perilune::lang::Word *pc, [[maybe_unused]] ::perilune::vm::Value *k,                \
      [[maybe_unused]] const void *dispatch, [[maybe_unused]] uint64_t word

// What a semantic function answers. `target` null: go on with the next instruction, or, for a branching op, at its target when `base` is not
// null. Otherwise control goes to `target` with `base`, and vm->next_k, next_word, next_pc as its other arguments: a frame was
// pushed, an error unwound to its handler, or a coroutine switched.
struct Transfer {
  Handler target;
  Value* base;
};
inline constexpr Transfer kNext{nullptr, nullptr};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_HANDLER_H_
