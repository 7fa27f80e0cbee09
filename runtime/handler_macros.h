// How handlers end. For the .cc files that define handlers, only.

#ifndef PERILUNE_RUNTIME_HANDLER_MACROS_H_
#define PERILUNE_RUNTIME_HANDLER_MACROS_H_

#include "runtime/handler.h"

// Before a handler: its loops that copy values stay loops, so that it needs no native frame.
#define NO_CALLS __attribute__((no_builtin("memcpy", "memmove", "memset")))

#define HANDLER(name) PERILUNE_HANDLER_CC void name(PERILUNE_HANDLER_PARAMS)

// Jumps to another handler with the current registers.
#define TAIL(handler) PERILUNE_MUSTTAIL return handler(vm, base, pc, k, dispatch, word)

// Executes the instruction at pc.
#define DISPATCH()                                         \
  do {                                                     \
    word = *pc;                                            \
    TAIL((static_cast<const Handler*>(dispatch)[word & 0xff])); \
  } while (false)

// Goes on with the instruction `words` further.
#define NEXT(words) \
  do {              \
    pc += (words);  \
    DISPATCH();     \
  } while (false)

// Follows a Transfer whose target is not null.
#define FOLLOW(transfer)        \
  do {                          \
    const Transfer to = transfer; \
    base = to.base;             \
    pc = vm->next_pc;           \
    k = vm->next_k;             \
    word = vm->next_word;       \
    TAIL(to.target);            \
  } while (false)

#endif  // PERILUNE_RUNTIME_HANDLER_MACROS_H_
