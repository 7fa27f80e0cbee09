// A64 encoder: a pure function from operands to one instruction word, for each
// row of a64_rows.def.
//
//   static_assert(Encoder::add(X(0), X(1), X(2)).word == 0x8b020020);
//
// Label operands are distances in bytes here. The result says whether the
// operands have an encoding; nothing is ever truncated silently.
//
// Everything is constexpr and inlines to a few shifts; with constant operands,
// to one constant. The assembler (a64_assembler.h) is a thin layer over this.

#ifndef PERILUNE_JIT_A64_ENCODER_H_
#define PERILUNE_JIT_A64_ENCODER_H_

#include <cstdint>

#include "jit/a64_fields.h"
#include "jit/a64_operands.h"

namespace perilune::vm::jit {

struct Encoder {
#define A64_ROW0(name, text, base) \
  static constexpr Encoding name() { return a64::EncodeRow<base>(); }
#define A64_ROW1(name, text, base, f0)              \
  static constexpr Encoding name(a64::f0::Arg a0) { \
    return a64::EncodeRow<base, a64::f0>(a0);       \
  }
#define A64_ROW2(name, text, base, f0, f1)                           \
  static constexpr Encoding name(a64::f0::Arg a0, a64::f1::Arg a1) { \
    return a64::EncodeRow<base, a64::f0, a64::f1>(a0, a1);           \
  }
#define A64_ROW3(name, text, base, f0, f1, f2)                          \
  static constexpr Encoding name(a64::f0::Arg a0, a64::f1::Arg a1,      \
                                 a64::f2::Arg a2) {                     \
    return a64::EncodeRow<base, a64::f0, a64::f1, a64::f2>(a0, a1, a2); \
  }
#define A64_ROW4(name, text, base, f0, f1, f2, f3)                           \
  static constexpr Encoding name(a64::f0::Arg a0, a64::f1::Arg a1,           \
                                 a64::f2::Arg a2, a64::f3::Arg a3) {         \
    return a64::EncodeRow<base, a64::f0, a64::f1, a64::f2, a64::f3>(a0, a1,  \
                                                                    a2, a3); \
  }
#include "jit/a64_rows.def"
};

// One word of each family, from the architecture's own encoding diagrams. The
// test beside the assembler checks every row against an independent assembler.
static_assert(Encoder::add(X(0), X(1), X(2)).word == 0x8b020020);
static_assert(Encoder::sub(sp, sp, 16).word == 0xd10043ff);
static_assert(Encoder::and_(X(3), X(4), 0xff).word == 0x92401c83);
static_assert(Encoder::movz(X(0), 0x1234, 16).word == 0xd2a24680);
static_assert(Encoder::ldr(X(0), Mem(sp, 8)).word == 0xf94007e0);
static_assert(Encoder::ldp(X(29), lr, PostIndex(sp, 16)).word == 0xa8c17bfd);
static_assert(Encoder::ret().word == 0xd65f03c0);
static_assert(Encoder::udf(0).word == 0, "zeroed code memory must trap");
static_assert(!Encoder::add(X(0), xzr, 1).ok, "31 is sp here, not xzr");
static_assert(!Encoder::ldr(X(1), PostIndex(X(1), 8)).ok);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_A64_ENCODER_H_
