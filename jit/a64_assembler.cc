// Labels, growth and the expanding half of the assembler. The single
// instructions are generated in the header.

#include "jit/a64_assembler.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace perilune::vm::jit {
namespace {

// Enough for most functions; grows by doubling and is then kept.
constexpr size_t kInitialWords = 4096;

// Code beyond this could not branch across itself.
constexpr uint32_t kMaxWords = a64::Rel26::kReach / 4;

// How the distances of a64_fields.h, by LabelField, stand in an instruction: in
// words, in those bits from bit `shift` up. Distances here are in bytes, modulo
// 2^32.
struct DistanceField {
  uint32_t bits, shift;
  uint32_t half = (bits / 2 + 1) * 4;  // of what they reach, to both sides

  constexpr bool Reaches(uint32_t distance) const {
    return distance + half <= half * 2 - 4;
  }
  constexpr uint32_t Put(uint32_t distance) const {
    return (distance >> 2 & bits) << shift;
  }
  template <typename Field>
  constexpr bool Is() const {
    bool ok = Field::kReach == 4 * (int64_t{bits / 2} + 1);
    for (const int32_t distance : {4, -4, static_cast<int32_t>(bits / 2 * 4)}) {
      ok &= Put(static_cast<uint32_t>(distance)) == Field::Put(distance, ok);
    }
    return ok;
  }
};
constexpr DistanceField kDistanceFields[] = {
    {(1u << 26) - 1, 0}, {(1u << 19) - 1, 5}, {(1u << 14) - 1, 5}};
static_assert(kDistanceFields[0].Is<a64::Rel26>());
static_assert(kDistanceFields[1].Is<a64::Rel19>());
static_assert(kDistanceFields[1].Is<a64::RelAdr>());
static_assert(kDistanceFields[2].Is<a64::Rel14>());

uint32_t Half(uint64_t value, uint32_t index) {
  return static_cast<uint32_t>(value >> (16 * index)) & 0xffff;
}

// Splits |value| into two add immediates if it is below 2^24.
bool IsTwoAdds(uint64_t magnitude) { return magnitude < (1u << 24); }

uint64_t Magnitude(int64_t value) {
  return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value)
                   : static_cast<uint64_t>(value);
}

bool IsAddImm(uint64_t magnitude) {
  return magnitude < 4096 || (IsTwoAdds(magnitude) && (magnitude & 0xfff) == 0);
}

// A bitmask that a constant can start from, and how many instructions it takes
// in all: orr of the bitmask and a movk for each halfword that differs.
struct BitmaskStart {
  uint64_t bitmask;
  uint32_t length;
};

// The shortest below `limit` instructions; its length is `limit` if there is
// none.
BitmaskStart NearestBitmask(uint64_t value, uint32_t limit) {
  BitmaskStart best = {0, limit};
  auto consider = [&](uint64_t candidate) {
    uint32_t length = 1;
    for (uint32_t i = 0; i < 4; ++i) {
      length += Half(candidate, i) != Half(value, i);
    }
    if (length >= best.length || !EncodeBitmask(candidate, 64).ok) return;
    best = {candidate, length};
  };
  consider(value);
  // All others need a movk at least.
  if (best.length == 1 || limit <= 2) return best;
  constexpr uint64_t kEachHalf = 0x0001'0001'0001'0001;
  constexpr uint64_t kEachWord = 0x0000'0001'0000'0001;
  consider((value & 0xffff'ffff) * kEachWord);
  consider((value >> 32) * kEachWord);
  for (uint32_t i = 0; i < 4; ++i) {
    consider(Half(value, i) * kEachHalf);
    // One halfword is the odd one out among a run or a repetition.
    const uint64_t rest = value & ~(uint64_t{0xffff} << (16 * i));
    for (const uint64_t fill : {0u, 0xffffu, Half(value, (i + 2) % 4)}) {
      consider(rest | fill << (16 * i));
    }
  }
  return best;
}

}  // namespace

Assembler::Assembler()
    : words_(std::make_unique<uint32_t[]>(kInitialWords)),
      cursor_(words_.get()),
      limit_(words_.get() + kInitialWords - kRoom) {
  Reserve();
}

void Assembler::Reset(Branches branches) {
  cursor_ = words_.get();
  linked_end_ = branches == Branches::kFar ? 0 : kLinkedEnd;
  unresolved_ = 0;
  fixups_.clear();
  externals_.clear();
  comments_.clear();
  bad_operand_ = {};
  error_ = absl::OkStatus();
  Reserve();
}

void Assembler::Grow() {
  CheckRoom();
  const size_t used = offset() / sizeof(uint32_t);
  if (used > kMaxWords - kRoom) {
    // Start over in place: the error is kept, the words no longer matter, but
    // for the lists of labels.
    Fail(absl::OutOfRangeError("code is larger than a branch can cross"));
    cursor_ = words_.get() + kLinkedEnd / sizeof(uint32_t);
    return;
  }
  const size_t capacity = std::min<size_t>(used * 2, kMaxWords);
  auto grown = std::make_unique<uint32_t[]>(capacity);
  std::memcpy(grown.get(), words_.get(), used * sizeof(uint32_t));
  if (bad_operand_.of != nullptr) {
    bad_operand_.at = grown.get() + (bad_operand_.at - words_.get());
  }
  words_ = std::move(grown);
  cursor_ = words_.get() + used;
  limit_ = words_.get() + capacity - kRoom;
}

void Assembler::CheckRoom() const {
  if (ABSL_PREDICT_FALSE(cursor_ > limit_ + kRoom)) std::abort();
}

void Assembler::Fail(absl::Status status) {
  if (ok()) error_ = std::move(status);
}

absl::StatusOr<absl::Span<const uint32_t>> Assembler::Finish() {
  CheckRoom();
  if (unresolved_ != 0) {
    Fail(absl::InvalidArgumentError(absl::StrCat(
        unresolved_, " references to labels that were not bound")));
  }
  if (error_.ok() && bad_operand_.of != nullptr) {
    const auto at = static_cast<size_t>(bad_operand_.at - words_.get());
    error_ = absl::InvalidArgumentError(
        absl::StrCat("operand of ", bad_operand_.of, " at offset ",
                     at * sizeof(uint32_t), " has no encoding"));
  }
  if (!error_.ok()) return error_;
  return absl::MakeConstSpan(words_.get(), cursor_);
}

absl::Status Assembler::Link(uintptr_t address) {
  for (const ExternalBranch& branch : externals_) {
    const int64_t distance =
        static_cast<int64_t>(branch.target - (address + branch.at));
    bool ok = true;
    const uint32_t bits = a64::Rel26::Put(distance, ok);
    if (!ok) {
      return absl::OutOfRangeError(
          absl::StrCat("branch at offset ", branch.at,
                       " does not reach address ", absl::Hex(branch.target)));
    }
    uint32_t& word = WordAt(branch.at);
    word = (word & ~a64::Rel26::kMask) | bits;
  }
  return absl::OkStatus();
}

void Assembler::FailBoundTwice(const Label& label) {
  Fail(absl::InvalidArgumentError(absl::StrCat(
      "label bound twice, at ", label.offset(), " and ", offset())));
}

void Assembler::FailReach(uint32_t at, uint32_t target) {
  Fail(absl::OutOfRangeError(
      absl::StrCat("instruction at offset ", at, " does not reach ", target)));
}

inline void Assembler::ResolveLinks(uint32_t place, uint32_t target) {
  while (place != 0) {
    uint32_t& word = WordAt(place - 4);
    const uint32_t old = word;
    word = (old & ~a64::Rel19::kMask) + ((target + 4 - place) << kLinkShift);
    place = (old & a64::Rel19::kMask) >> kLinkShift;
    --unresolved_;
  }
}

void Assembler::BindUsed(Label& label) {
  const uint32_t target = offset(), place = label.place_;
  if (ABSL_PREDICT_FALSE(label.bound())) return FailBoundTwice(label);
  if (ABSL_PREDICT_FALSE(target >= kLinkedEnd)) return BindInLargeCode(label);
  label.place_ = target | Label::kBound | Label::kUsed;
  ResolveLinks(place, target);
  if (label.fixups_ != 0) ResolveFixups(label.fixups_, target);
}

// The same, where linked words may not reach the label.
void Assembler::BindInLargeCode(Label& label) {
  const uint32_t target = offset(), newest = label.place_;
  for (uint32_t place = newest; place != 0;) {
    const uint32_t at = place - 4;
    if (target - at >= a64::Rel19::kReach) FailReach(at, target);
    place = (WordAt(at) & a64::Rel19::kMask) >> kLinkShift;
  }
  label.place_ = target | Label::kBound | Label::kUsed;
  ResolveLinks(newest, target);
  if (label.fixups_ != 0) ResolveFixups(label.fixups_, target);
}

void Assembler::ResolveFixups(uint32_t newest, uint32_t target) {
  for (uint32_t i = newest; i != 0;) {
    const Fixup fixup = fixups_[i - 1];
    const uint32_t at = fixup.at & ~3u;
    const DistanceField& field = kDistanceFields[fixup.at & 3];
    if (ABSL_PREDICT_FALSE(!field.Reaches(target - at))) FailReach(at, target);
    WordAt(at) |= field.Put(target - at);
    --unresolved_;
    i = fixup.next;
  }
}

// Forward branches are as Reset was told, backward ones know.
void Assembler::EmitReference(uint32_t word, uint32_t inverse, LabelField field,
                              Label& label) {
  const uint32_t at = offset();
  const DistanceField& reach = kDistanceFields[static_cast<size_t>(field)];
  const uint32_t distance = label.offset() - at;
  const bool far = label.bound() ? !reach.Reaches(distance) : linked_end_ == 0;
  if (ABSL_PREDICT_FALSE(far) && inverse != kNoInverse) {
    return EmitFarBranch(inverse, field, label);
  }
  if (label.bound()) {
    if (ABSL_PREDICT_FALSE(far)) FailReach(at, label.offset());
    return EmitWord(word | reach.Put(distance));
  }
  fixups_.push_back({at | static_cast<uint32_t>(field), label.fixups_});
  label.fixups_ = fixups_.size();
  ++unresolved_;
  EmitWord(word);
}

void Assembler::EmitFarBranch(uint32_t inverse, LabelField field,
                              Label& label) {
  Label around;
  EmitReference(inverse, kNoInverse, field, around);
  b(label);
  Bind(around);
}

void Assembler::Align(uint32_t bytes) {
  while (offset() % bytes != 0) nop();
}

void Assembler::Data64(uint64_t value) {
  EmitWord(static_cast<uint32_t>(value));
  EmitWord(static_cast<uint32_t>(value >> 32));
}

// Bitfield aliases. An extraction is (immr, imms) = (lsb, lsb + width - 1), an
// insertion (-lsb mod size, width - 1).

void Assembler::Bitfield(Encoding e, uint32_t lsb, uint32_t width,
                         uint32_t size, const char* name) {
  e.ok = e.ok && width >= 1 && lsb < size && width <= size - lsb;
  Emit(e, name);
}

#define A64_EXTRACT(name, base, R, size)                                  \
  void Assembler::name(R d, R n, uint32_t lsb, uint32_t width) {          \
    Bitfield(Encoder::base(d, n, lsb, lsb + width - 1), lsb, width, size, \
             #name);                                                      \
  }
#define A64_INSERT(name, base, R, size)                                       \
  void Assembler::name(R d, R n, uint32_t lsb, uint32_t width) {              \
    Bitfield(Encoder::base(d, n, (size - lsb) % size, width - 1), lsb, width, \
             size, #name);                                                    \
  }
A64_EXTRACT(ubfx, ubfm, X, 64)
A64_EXTRACT(ubfx, ubfm, W, 32)
A64_EXTRACT(sbfx, sbfm, X, 64)
A64_EXTRACT(sbfx, sbfm, W, 32)
A64_EXTRACT(bfxil, bfm, X, 64)
A64_EXTRACT(bfxil, bfm, W, 32)
A64_INSERT(ubfiz, ubfm, X, 64)
A64_INSERT(ubfiz, ubfm, W, 32)
A64_INSERT(sbfiz, sbfm, X, 64)
A64_INSERT(sbfiz, sbfm, W, 32)
A64_INSERT(bfi, bfm, X, 64)
A64_INSERT(bfi, bfm, W, 32)
#undef A64_EXTRACT
#undef A64_INSERT

// Constants.

void Assembler::MovWide(X d, uint64_t value) {
  if (value >> 32 == 0) {
    // The W forms zero the upper half and know more 32-bit constants.
    Mov(d.w(), static_cast<uint32_t>(value));
    return;
  }
  uint32_t zeros = 0;
  uint32_t ones = 0;
  for (uint32_t i = 0; i < 4; ++i) {
    zeros += Half(value, i) == 0;
    ones += Half(value, i) == 0xffff;
  }
  const uint32_t wide_length = 4 - std::min(3u, std::max(zeros, ones));
  if (wide_length > 1) {
    const BitmaskStart start = NearestBitmask(value, wide_length);
    if (start.length < wide_length) {
      orr(d, xzr, start.bitmask);
      for (uint32_t i = 0; i < 4; ++i) {
        if (Half(start.bitmask, i) == Half(value, i)) continue;
        movk(d, Half(value, i), 16 * i);
      }
      return;
    }
  }
  const bool inverted = ones > zeros;
  const uint32_t background = inverted ? 0xffff : 0;
  bool first = true;
  for (uint32_t i = 0; i < 4; ++i) {
    const uint32_t half = Half(value, i);
    if (half == background) continue;
    if (!first) {
      movk(d, half, 16 * i);
    } else if (inverted) {
      movn(d, half ^ 0xffff, 16 * i);
    } else {
      movz(d, half, 16 * i);
    }
    first = false;
  }
  if (first) movn(d, 0, 0);  // all ones
}

void Assembler::MovWide(W d, uint32_t value) {
  const uint32_t low = value & 0xffff;
  const uint32_t high = value >> 16;
  if (high == 0) {
    movz(d, low, 0);
  } else if (low == 0) {
    movz(d, high, 16);
  } else if (high == 0xffff) {
    movn(d, low ^ 0xffff, 0);
  } else if (low == 0xffff) {
    movn(d, high ^ 0xffff, 16);
  } else if (EncodeBitmask(value, 32).ok) {
    orr(d, wzr, value);
  } else {
    movz(d, low, 0);
    movk(d, high, 16);
  }
}

void Assembler::Mov(XOrSp d, XOrSp n) {
  if (d.code == n.code && d.valid == n.valid) return;
  const bool has_sp = (d.code == 31 && d.valid) || (n.code == 31 && n.valid);
  if (has_sp) {
    add(d, n, 0);  // fails for xzr, which this form cannot name
  } else {
    mov(X(d.code), X(n.code));
  }
}

void Assembler::Fmov(D d, double value, X scratch) {
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  if (bits == 0) {
    fmov(d, xzr);
  } else if (EncodeFloat8(value).ok) {
    fmov(d, value);
  } else {
    Mov(scratch, bits);
    fmov(d, scratch);
  }
}

// Arithmetic with any constant.

void Assembler::AddAny(XOrSp d, XOrSp n, int64_t value, X scratch) {
  const uint64_t magnitude = Magnitude(value);
  if (IsTwoAdds(magnitude)) {
    const int64_t low = static_cast<int64_t>(magnitude & 0xfff);
    const int64_t high = static_cast<int64_t>(magnitude & 0xfff000);
    const bool negative = value < 0;
    if (value == 0 && d.code == n.code && d.valid && n.valid) return;
    if (high != 0) {
      negative ? sub(d, n, high) : add(d, n, high);
      if (low == 0) return;
      n = d;
    }
    negative ? sub(d, n, low) : add(d, n, low);
    return;
  }
  Mov(scratch, static_cast<uint64_t>(value));
  add(d, n, Uxtx(scratch));
}

void Assembler::Sub(XOrSp d, XOrSp n, int64_t value, X scratch) {
  // Negation wraps for the least value, which is its own negative.
  Add(d, n, static_cast<int64_t>(uint64_t{0} - static_cast<uint64_t>(value)),
      scratch);
}

void Assembler::Cmp(X n, int64_t value, X scratch) {
  const uint64_t magnitude = Magnitude(value);
  if (!IsAddImm(magnitude)) {
    Mov(scratch, static_cast<uint64_t>(value));
    cmp(n, scratch);
  } else if (value < 0) {
    cmn(n, static_cast<int64_t>(magnitude));
  } else {
    cmp(n, value);
  }
}

#define A64_LOGIC(Name, name)                                 \
  void Assembler::Name(X d, X n, uint64_t value, X scratch) { \
    if (EncodeBitmask(value, 64).ok) {                        \
      name(d, n, value);                                      \
    } else {                                                  \
      Mov(scratch, value);                                    \
      name(d, n, scratch);                                    \
    }                                                         \
  }
A64_LOGIC(And, and_)
A64_LOGIC(Orr, orr)
A64_LOGIC(Eor, eor)
#undef A64_LOGIC

#define A64_ACCESS(Name, name, unscaled, R)          \
  void Assembler::Name(R t, MemImm m, X scratch) {   \
    if (Encoder::unscaled(t, m).ok) {                \
      unscaled(t, m);                                \
    } else {                                         \
      Mov(scratch, static_cast<uint64_t>(m.offset)); \
      name(t, Mem(m.base, scratch));                 \
    }                                                \
  }
A64_ACCESS(LdrAny, ldr, ldur, X)
A64_ACCESS(StrAny, str, stur, X)
A64_ACCESS(LdrAny, ldr, ldur, D)
A64_ACCESS(StrAny, str, stur, D)
#undef A64_ACCESS

}  // namespace perilune::vm::jit
