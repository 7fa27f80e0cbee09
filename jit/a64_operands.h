// A64 operands: strong types for registers, shifts, extends and addresses.
//
// [DOC] Operand types
// Each operand of the assembler has a type of its own, so that overload
// resolution picks the instruction form and the wrong register class does not
// compile:
//
//   X, W, D, S, Q   a register; code 31 of X and W is the zero register
//   Sp, XOrSp       the stack pointer; what accepts it says so in its type
//   XShift, WShift  Lsl(X(2), 3): a register shifted by a constant
//   Extend          Sxtw(W(2), 3): a narrower register, extended, then shifted
//   MemImm          Mem(X(1), 16)             [x1, #16]
//   MemReg          Mem(X(1), Lsl(X(2), 3))   [x1, x2, lsl #3]
//   MemPre/MemPost  PreIndex(sp, -16)         [sp, #-16]!
//
// Nothing here knows an instruction; fields (a64_fields.h) check ranges, and
// rows (a64_rows.def) say which fields make an instruction.
//
// All types are literal types: words can be computed at compile time.

#ifndef PERILUNE_JIT_A64_OPERANDS_H_
#define PERILUNE_JIT_A64_OPERANDS_H_

#include <cassert>
#include <cstdint>

namespace perilune::vm::jit {

struct W;

// A 64-bit general register; X(31) is xzr, never sp.
struct X {
  explicit constexpr X(uint32_t n) : code(n) { assert(n < 32); }
  constexpr W w() const;
  friend constexpr bool operator==(X, X) = default;
  uint32_t code;
};

// The low half of a general register; W(31) is wzr, never wsp.
struct W {
  explicit constexpr W(uint32_t n) : code(n) { assert(n < 32); }
  constexpr X x() const { return X(code); }
  friend constexpr bool operator==(W, W) = default;
  uint32_t code;
};

constexpr W X::w() const { return W(code); }

// A floating-point register as a double.
struct D {
  explicit constexpr D(uint32_t n) : code(n) { assert(n < 32); }
  friend constexpr bool operator==(D, D) = default;
  uint32_t code;
};

// A floating-point register as a single.
struct S {
  explicit constexpr S(uint32_t n) : code(n) { assert(n < 32); }
  friend constexpr bool operator==(S, S) = default;
  uint32_t code;
};

// A 16-byte vector register; here it only moves whole values.
struct Q {
  explicit constexpr Q(uint32_t n) : code(n) { assert(n < 32); }
  friend constexpr bool operator==(Q, Q) = default;
  uint32_t code;
};

struct Sp {};

inline constexpr X xzr{31};
inline constexpr W wzr{31};
inline constexpr X lr{30};
inline constexpr Sp sp{};

// Where code 31 means sp. xzr converts but does not encode.
struct XOrSp {
  // NOLINTNEXTLINE(google-explicit-constructor): that is its purpose.
  constexpr XOrSp(X r) : code(r.code), valid(r.code != 31) {}
  // NOLINTNEXTLINE(google-explicit-constructor): that is its purpose.
  constexpr XOrSp(Sp) : code(31), valid(true) {}
  uint32_t code;
  bool valid;
};

enum class Cond : uint8_t {
  kEq,
  kNe,  // equal, not equal
  kHs,
  kLo,  // unsigned >=, <
  kMi,
  kPl,  // negative (float: less), positive or zero
  kVs,
  kVc,  // overflow (float: unordered), none
  kHi,
  kLs,  // unsigned >, <= (float: kLs is less or equal)
  kGe,
  kLt,  // signed >=, <
  kGt,
  kLe,  // signed >, <=
  kAl
};

// The condition that holds exactly when `c` does not. Never of kAl.
constexpr Cond Invert(Cond c) {
  assert(c != Cond::kAl);
  return static_cast<Cond>(static_cast<uint8_t>(c) ^ 1);
}

enum class ShiftKind : uint8_t { kLsl, kLsr, kAsr, kRor };

struct XShift {
  // NOLINTNEXTLINE(google-explicit-constructor): a plain register is "lsl #0".
  constexpr XShift(X r) : code(r.code) {}
  constexpr XShift(X r, ShiftKind k, uint32_t n)
      : code(r.code), kind(k), amount(n) {}
  uint32_t code;
  ShiftKind kind = ShiftKind::kLsl;
  uint32_t amount = 0;
};

struct WShift {
  // NOLINTNEXTLINE(google-explicit-constructor): a plain register is "lsl #0".
  constexpr WShift(W r) : code(r.code) {}
  constexpr WShift(W r, ShiftKind k, uint32_t n)
      : code(r.code), kind(k), amount(n) {}
  uint32_t code;
  ShiftKind kind = ShiftKind::kLsl;
  uint32_t amount = 0;
};

// Numbered as in the instruction's "option" field.
enum class ExtendKind : uint8_t {
  kUxtb,
  kUxth,
  kUxtw,
  kUxtx,
  kSxtb,
  kSxth,
  kSxtw,
  kSxtx
};

struct Extend {
  uint32_t code;
  ExtendKind kind;
  uint32_t amount;
};

constexpr XShift Lsl(X r, uint32_t n) { return {r, ShiftKind::kLsl, n}; }
constexpr XShift Lsr(X r, uint32_t n) { return {r, ShiftKind::kLsr, n}; }
constexpr XShift Asr(X r, uint32_t n) { return {r, ShiftKind::kAsr, n}; }
constexpr XShift Ror(X r, uint32_t n) { return {r, ShiftKind::kRor, n}; }
constexpr WShift Lsl(W r, uint32_t n) { return {r, ShiftKind::kLsl, n}; }
constexpr WShift Lsr(W r, uint32_t n) { return {r, ShiftKind::kLsr, n}; }
constexpr WShift Asr(W r, uint32_t n) { return {r, ShiftKind::kAsr, n}; }
constexpr WShift Ror(W r, uint32_t n) { return {r, ShiftKind::kRor, n}; }

constexpr Extend Uxtb(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kUxtb, n};
}
constexpr Extend Uxth(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kUxth, n};
}
constexpr Extend Uxtw(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kUxtw, n};
}
constexpr Extend Uxtx(X r, uint32_t n = 0) {
  return {r.code, ExtendKind::kUxtx, n};
}
constexpr Extend Sxtb(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kSxtb, n};
}
constexpr Extend Sxth(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kSxth, n};
}
constexpr Extend Sxtw(W r, uint32_t n = 0) {
  return {r.code, ExtendKind::kSxtw, n};
}

// [base, #offset]; the offset is in bytes whatever the access size.
struct MemImm {
  XOrSp base;
  int64_t offset;
};

// [base, index, lsl|uxtw|sxtw #amount]; amount is 0 or log2 of the size.
// Another shift than lsl has no encoding and arrives as !valid.
struct MemReg {
  XOrSp base;
  uint32_t index;
  ExtendKind kind;  // kUxtx is written "lsl"
  uint32_t amount;
  bool valid;
};

// [base, #offset]!  and  [base], #offset
struct MemPre {
  XOrSp base;
  int64_t offset;
};
struct MemPost {
  XOrSp base;
  int64_t offset;
};

constexpr MemImm Mem(XOrSp base, int64_t offset = 0) { return {base, offset}; }
constexpr MemReg Mem(XOrSp base, XShift index) {
  return {base, index.code, ExtendKind::kUxtx, index.amount,
          index.kind == ShiftKind::kLsl};
}
constexpr MemReg Mem(XOrSp base, X index) { return Mem(base, XShift(index)); }
constexpr MemReg Mem(XOrSp base, Extend index) {
  return {base, index.code, index.kind, index.amount,
          (static_cast<uint32_t>(index.kind) & 2) != 0};
}
constexpr MemPre PreIndex(XOrSp base, int64_t offset) { return {base, offset}; }
constexpr MemPost PostIndex(XOrSp base, int64_t offset) {
  return {base, offset};
}

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_A64_OPERANDS_H_
