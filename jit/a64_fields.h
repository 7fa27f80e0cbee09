// A64 operand fields: how one operand becomes bits of an instruction word.
//
// A field is a type with
//
//   Arg          the operand type a caller passes
//   kMask        the bits of the word it may set
//   Put(a, ok)   those bits for operand a; clears ok if a has no encoding
//
// A row of a64_rows.def is a base word and a list of fields, and EncodeRow()
// folds them. Rows whose fields overlap one another or the base word do not
// compile, so a mistyped row is mostly caught before any test runs.
//
// Names: XD, XN, XM, XA are X registers at bits 0, 5, 16 and 10 (also the
// second register of a pair); W, D, S alike. A suffix P ("pointer", XDP, XNP)
// takes sp in place of xzr. Memory fields end in log2 of the access size.

#ifndef PERILUNE_JIT_A64_FIELDS_H_
#define PERILUNE_JIT_A64_FIELDS_H_

#include <bit>
#include <cstdint>

#include "jit/a64_operands.h"

namespace perilune::vm::jit {

// The result of encoding: `word` has no meaning unless `ok`.
struct Encoding {
  uint32_t word;
  bool ok;
};

// Bits N, immr, imms (from bit 10 up) of a logical immediate, if `value` is
// one: a rotated run of ones, repeated in elements of 2..64 bits. `width` is 32
// or 64; a 32-bit value must have a zero upper half.
constexpr Encoding EncodeBitmask(uint64_t value, uint32_t width) {
  if (width == 32) {
    if (value >> 32 != 0) return {0, false};
    value |= value << 32;
  }
  if (value == 0 || ~value == 0) return {0, false};
  // The bits where runs of ones begin, and those behind their ends; both from
  // the lowest beginning up.
  const uint64_t behind = std::rotl(value, 1);
  const int start = std::countr_zero(value & ~behind);
  const uint64_t starts = std::rotr(value & ~behind, start);
  const uint64_t ends = std::rotr(~value & behind, start);
  // If all runs are alike: how far each is from the next, and its length.
  const int size = std::countr_zero(starts & (starts - 1));
  const int ones = std::countr_zero(ends);
  if (std::rotr(starts, size) != starts || std::rotl(starts, ones) != ends) {
    return {0, false};
  }
  const auto bits = static_cast<uint32_t>(size);
  const uint32_t immr = (bits - static_cast<uint32_t>(start)) & (bits - 1);
  const uint32_t imms =
      (~(bits * 2 - 1) & 0x3f) | (static_cast<uint32_t>(ones) - 1);
  const uint32_t n = bits == 64 ? 1 : 0;
  return {n << 22 | immr << 16 | imms << 10, true};
}

// Bits imm8 (from bit 13 up) of an fmov immediate: +-n/16 * 2^r with n in
// 16..31 and r in -3..4.
constexpr Encoding EncodeFloat8(double value) {
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  const uint64_t exponent = (bits >> 52) & 0x7ff;
  const bool ok = (bits & 0x0000'ffff'ffff'ffff) == 0 && exponent >= 0x3fc &&
                  exponent <= 0x403;
  const uint64_t imm8 = (bits >> 63) << 7 | (exponent >= 0x400 ? 0u : 1u) << 6 |
                        (exponent & 3) << 4 | ((bits >> 48) & 0xf);
  return {static_cast<uint32_t>(imm8) << 13, ok};
}

namespace a64 {

template <typename R, uint32_t kAt>
struct RegisterField {
  using Arg = R;
  static constexpr uint32_t kMask = 0x1fu << kAt;
  static constexpr uint32_t Put(Arg r, bool&) { return r.code << kAt; }
};
using XD = RegisterField<X, 0>;
using XN = RegisterField<X, 5>;
using XM = RegisterField<X, 16>;
using XA = RegisterField<X, 10>;
using WD = RegisterField<W, 0>;
using WN = RegisterField<W, 5>;
using WM = RegisterField<W, 16>;
using WA = RegisterField<W, 10>;
using DD = RegisterField<D, 0>;
using DN = RegisterField<D, 5>;
using DM = RegisterField<D, 16>;
using DA = RegisterField<D, 10>;
using SD = RegisterField<S, 0>;
using SN = RegisterField<S, 5>;
using QD = RegisterField<Q, 0>;
using QA = RegisterField<Q, 10>;

// The same register as first and second source (ror by a constant is extr).
template <typename R>
struct TwiceField {
  using Arg = R;
  static constexpr uint32_t kMask = 0x1fu << 5 | 0x1fu << 16;
  static constexpr uint32_t Put(Arg r, bool&) {
    return r.code << 5 | r.code << 16;
  }
};
using XNM = TwiceField<X>;
using WNM = TwiceField<W>;

template <uint32_t kAt>
struct PointerField {
  using Arg = XOrSp;
  static constexpr uint32_t kMask = 0x1fu << kAt;
  static constexpr uint32_t Put(Arg r, bool& ok) {
    ok &= r.valid;
    return r.code << kAt;
  }
};
using XDP = PointerField<0>;
using XNP = PointerField<5>;

// A W register where 31 would be wsp, which generated code never uses.
template <uint32_t kAt>
struct NonzeroField {
  using Arg = W;
  static constexpr uint32_t kMask = 0x1fu << kAt;
  static constexpr uint32_t Put(Arg r, bool& ok) {
    ok &= r.code != 31;
    return r.code << kAt;
  }
};
using WDP = NonzeroField<0>;
using WNP = NonzeroField<5>;

template <typename R, uint32_t kLimit, bool kRor>
struct ShiftField {
  using Arg = R;
  static constexpr uint32_t kMask = 3u << 22 | 0x1fu << 16 | 0x3fu << 10;
  static constexpr uint32_t Put(Arg s, bool& ok) {
    ok &= s.amount < kLimit && (kRor || s.kind != ShiftKind::kRor);
    return static_cast<uint32_t>(s.kind) << 22 | s.code << 16 | s.amount << 10;
  }
};
using XMArith = ShiftField<XShift, 64, false>;
using XMLogic = ShiftField<XShift, 64, true>;
using WMArith = ShiftField<WShift, 32, false>;
using WMLogic = ShiftField<WShift, 32, true>;

struct Extended {
  using Arg = Extend;
  static constexpr uint32_t kMask = 0x1fu << 16 | 7u << 13 | 7u << 10;
  static constexpr uint32_t Put(Arg e, bool& ok) {
    ok &= e.amount <= 4;
    return e.code << 16 | static_cast<uint32_t>(e.kind) << 13 | e.amount << 10;
  }
};

// 0..4095, or a multiple of 4096 below 2^24.
struct AddImm {
  using Arg = int64_t;
  static constexpr uint32_t kMask = 0x1fffu << 10;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    const uint64_t v = static_cast<uint64_t>(a);
    const bool high = v > 0xfff;
    ok &= !high || (v & ~uint64_t{0xfff000}) == 0;
    return high ? 1u << 22 | static_cast<uint32_t>(v >> 12) << 10
                : static_cast<uint32_t>(v) << 10;
  }
};

template <uint32_t kWidth>
struct BitmaskField {
  using Arg = uint64_t;
  static constexpr uint32_t kMask = (kWidth == 64 ? 0x1fffu : 0xfffu) << 10;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    const Encoding e = EncodeBitmask(a, kWidth);
    ok &= e.ok;
    return e.word;
  }
};
using XBitmask = BitmaskField<64>;
using WBitmask = BitmaskField<32>;

// An unsigned number below kLimit in kBits bits at kAt.
template <uint32_t kAt, uint32_t kBits, uint64_t kLimit = (1u << kBits)>
struct NumberField {
  using Arg = uint32_t;
  static constexpr uint32_t kMask = ((1u << kBits) - 1) << kAt;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= a < kLimit;
    return a << kAt;
  }
};
using Imm16 = NumberField<5, 16>;   // movz, movk, movn, brk
using Udf16 = NumberField<0, 16>;   // udf
using Hint7 = NumberField<5, 7>;    // hint
using Imm5 = NumberField<16, 5>;    // ccmp
using Nzcv = NumberField<0, 4>;     // ccmp, fccmp
using ImmR64 = NumberField<16, 6>;  // bitfields
using ImmS64 = NumberField<10, 6>;  // bitfields, ror
using ImmR32 = NumberField<16, 5>;
using ImmS32 = NumberField<10, 5>;

// The halfword of movz, movk, movn, given as a shift by 0, 16, 32, 48.
template <uint32_t kWidth>
struct HalfField {
  using Arg = uint32_t;
  static constexpr uint32_t kMask = (kWidth == 64 ? 3u : 1u) << 21;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= a % 16 == 0 && a < kWidth;
    return a / 16 << 21;
  }
};
using XHalf = HalfField<64>;
using WHalf = HalfField<32>;

// lsl by a constant: ubfm with immr = -n, imms = width - 1 - n.
template <uint32_t kWidth>
struct LslField {
  using Arg = uint32_t;
  static constexpr uint32_t kMask = (kWidth - 1) << 16 | (kWidth - 1) << 10;
  static constexpr uint32_t Put(Arg n, bool& ok) {
    ok &= n < kWidth;
    return ((0u - n) & (kWidth - 1)) << 16 | ((kWidth - 1 - n) & (kWidth - 1))
                                                 << 10;
  }
};
using XLsl = LslField<64>;
using WLsl = LslField<32>;

template <uint32_t kAt>
struct CondField {
  using Arg = Cond;
  static constexpr uint32_t kMask = 0xfu << kAt;
  static constexpr uint32_t Put(Arg c, bool&) {
    return static_cast<uint32_t>(c) << kAt;
  }
};
using Cond0 = CondField<0>;
using Cond12 = CondField<12>;

// cset and its kin hold the inverse of the condition they are written with.
struct NotCond12 {
  using Arg = Cond;
  static constexpr uint32_t kMask = 0xfu << 12;
  static constexpr uint32_t Put(Arg c, bool& ok) {
    ok &= c != Cond::kAl;
    return (static_cast<uint32_t>(c) ^ 1) << 12;
  }
};

struct Float8 {
  using Arg = double;
  static constexpr uint32_t kMask = 0xffu << 13;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    const Encoding e = EncodeFloat8(a);
    ok &= e.ok;
    return e.word;
  }
};

// fcmp with zero has no bits for its operand.
struct FloatZero {
  using Arg = double;
  static constexpr uint32_t kMask = 0;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= std::bit_cast<uint64_t>(a) == 0;
    return 0;
  }
};

// The tested bit of tbz and tbnz.
template <uint32_t kWidth>
struct BitField {
  using Arg = uint32_t;
  static constexpr uint32_t kMask = (kWidth == 64 ? 1u << 31 : 0) | 0x1fu << 19;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= a < kWidth;
    return (a >> 5) << 31 | (a & 0x1f) << 19;
  }
};
using XBit = BitField<64>;
using WBit = BitField<32>;

// A word offset from this instruction, given in bytes.
template <uint32_t kAt, uint32_t kBits>
struct RelativeField {
  using Arg = int64_t;
  static constexpr uint32_t kMask = ((1u << kBits) - 1) << kAt;
  static constexpr int64_t kReach = int64_t{4} << (kBits - 1);
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= a % 4 == 0 && a >= -kReach && a < kReach;
    return (static_cast<uint32_t>(a / 4) & ((1u << kBits) - 1)) << kAt;
  }
};
using Rel26 = RelativeField<0, 26>;
using Rel19 = RelativeField<5, 19>;
using Rel14 = RelativeField<5, 14>;

// adr (kPage = 1) and adrp (kPage = 4096, a multiple of which is given).
template <int64_t kPage>
struct AdrField {
  using Arg = int64_t;
  static constexpr uint32_t kMask = 3u << 29 | 0x7ffffu << 5;
  static constexpr int64_t kReach = kPage << 20;
  static constexpr uint32_t Put(Arg a, bool& ok) {
    ok &= a % kPage == 0 && a >= -kReach && a < kReach;
    const uint32_t v = static_cast<uint32_t>(a / kPage);
    return (v & 3) << 29 | ((v >> 2) & 0x7ffff) << 5;
  }
};
using RelAdr = AdrField<1>;
using RelPage = AdrField<4096>;

// [base], for ldar and its kin.
struct MemBase {
  using Arg = MemImm;
  static constexpr uint32_t kMask = 0x1fu << 5;
  static constexpr uint32_t Put(Arg m, bool& ok) {
    ok &= m.offset == 0 && m.base.valid;
    return m.base.code << 5;
  }
};

// [base, #imm12 << kLog2]
template <uint32_t kLog2>
struct MemU {
  using Arg = MemImm;
  static constexpr uint32_t kMask = 0xfffu << 10 | 0x1fu << 5;
  static constexpr uint32_t Put(Arg m, bool& ok) {
    ok &= (m.offset & ~(int64_t{0xfff} << kLog2)) == 0 && m.base.valid;
    return static_cast<uint32_t>(m.offset) << (10 - kLog2) | m.base.code << 5;
  }
};

// A signed 9-bit byte offset: ldur (MemImm), and pre- and post-index.
template <typename M>
struct MemS9 {
  using Arg = M;
  static constexpr uint32_t kMask = 0x1ffu << 12 | 0x1fu << 5;
  static constexpr uint32_t Put(Arg m, bool& ok) {
    ok &= m.offset >= -256 && m.offset < 256 && m.base.valid;
    return (static_cast<uint32_t>(m.offset) & 0x1ff) << 12 | m.base.code << 5;
  }
};
using MemS = MemS9<MemImm>;
using MemB = MemS9<MemPre>;   // b: changed before
using MemA = MemS9<MemPost>;  // a: changed after

// [base, index, extend #amount]
template <uint32_t kLog2>
struct MemR {
  using Arg = MemReg;
  static constexpr uint32_t kMask =
      0x1fu << 16 | 7u << 13 | 1u << 12 | 0x1fu << 5;
  static constexpr uint32_t Put(Arg m, bool& ok) {
    ok &= m.valid && m.base.valid && (m.amount == 0 || m.amount == kLog2);
    return m.index << 16 | static_cast<uint32_t>(m.kind) << 13 |
           (m.amount != 0 ? 1u : 0u) << 12 | m.base.code << 5;
  }
};

// [base, #imm7 << kLog2] of pairs, in its three forms.
template <typename M, uint32_t kLog2>
struct MemPair {
  using Arg = M;
  static constexpr uint32_t kMask = 0x7fu << 15 | 0x1fu << 5;
  static constexpr uint32_t Put(Arg m, bool& ok) {
    const int64_t biased = m.offset + (int64_t{64} << kLog2);
    ok &= (biased & ~(int64_t{0x7f} << kLog2)) == 0 && m.base.valid;
    return (static_cast<uint32_t>(m.offset) << (15 - kLog2) & 0x7fu << 15) |
           m.base.code << 5;
  }
};
template <uint32_t kLog2>
using PairO = MemPair<MemImm, kLog2>;
template <uint32_t kLog2>
using PairB = MemPair<MemPre, kLog2>;
template <uint32_t kLog2>
using PairA = MemPair<MemPost, kLog2>;

// What no single field can see. The architecture leaves these to chance
// (CONSTRAINED UNPREDICTABLE): a general register that is transferred and also
// written back as base, and a load of one register twice in a pair. Which of it
// concerns a row is known from its base word, where its fields have no bits.
template <uint32_t kBase>
constexpr bool IsWellDefined(uint32_t word) {
  const uint32_t t = word & 0x1f;
  const uint32_t n = (word >> 5) & 0x1f;
  constexpr bool kVector = (kBase & 1u << 26) != 0;
  if constexpr ((kBase & 0x3a00'0000) == 0x2800'0000) {
    const uint32_t t2 = (word >> 10) & 0x1f;
    constexpr bool kLoad = (kBase & 1u << 22) != 0;
    constexpr bool kWriteback = (kBase & 1u << 23) != 0;
    if (kLoad && t == t2) return false;
    return kVector || !kWriteback || n == 31 || (n != t && n != t2);
  }
  if constexpr ((kBase & 0x3b20'0400) == 0x3800'0400) {  // pre- and post-index
    return kVector || n == 31 || n != t;
  }
  return true;
}

// Are the base and all masks pairwise disjoint?
template <uint32_t kBase, typename... F>
constexpr bool FieldsAreDisjoint() {
  uint32_t seen = kBase;
  bool disjoint = true;
  ((disjoint = disjoint && (seen & F::kMask) == 0, seen |= F::kMask), ...);
  return disjoint;
}

template <uint32_t kBase, typename... F>
constexpr Encoding EncodeRow(typename F::Arg... args) {
  static_assert(FieldsAreDisjoint<kBase, F...>(), "a row's fields overlap");
  bool ok = true;
  const uint32_t word = (kBase | ... | F::Put(args, ok));
  return {word, ok && IsWellDefined<kBase>(word)};
}

}  // namespace a64
}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_A64_FIELDS_H_
