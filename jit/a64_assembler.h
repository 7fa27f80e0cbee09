// A64 assembler: emits instruction words into a buffer, and fixes up labels.
//
// [DOC] Assembler
//
// A method in lower case emits exactly one instruction; one with a capital may
// emit several (Mov of a wide constant, Add of any immediate, a branch to a
// label far away). The lower-case methods come from the rows of a64_rows.def:
//
//   Assembler a;
//   Label loop;
//   a.Bind(loop);
//   a.ldr(X(0), Mem(X(1), Sxtw(W(2), 3)));
//   a.subs(X(3), X(3), 1);
//   a.b(Cond::kNe, loop);
//   a.ret();
//   absl::StatusOr<absl::Span<const uint32_t>> code = a.Finish();
//
// Room. Emitting a word checks nothing: it is a store and an increment, so that
// a run of words becomes a few wide stores. The caller must Reserve() instead,
// which makes sure of kRoom words: before each part of the code of limited size
// (an instruction of bytecode, a stub), and in each turn of a loop whose length
// depends on operands. Reset() reserves, too. Debug builds assert that no more
// is emitted; others end the process if the words were too many for the buffer.
//
// Errors are sticky: an operand without encoding, a branch that does not reach
// its label, a label used but never bound. The first is kept with its offset,
// and Finish() reports it; emission continues meanwhile, so templates check
// nothing. A wrong word never comes out of Finish().
//
// Labels. Most branches are conditional and forward: those that wait for one
// label are a list, whose links stand in the words themselves, in place of the
// distance. What has too little room for that, or may be too far away, is in a
// table of fixups.
//
// Reach. b and bl go +-128 MiB, b.cond, cbz and ldr-literal +-1 MiB, tbz
// +-32 KiB. A short branch that does not reach is an OutOfRange error. The
// capital forms (B, Cbz, Cbnz, Tbz, Tbnz) are short by default; after
// Reset(Branches::kFar) their forward forms jump around a `b`, so a compiler
// that meets OutOfRange assembles the (very large) function once more in that
// mode. Backward capital branches always choose the form that reaches.
//
// Code elsewhere. BlTo and BTo branch to an absolute address; the distance is
// known only when the code has been given its place, so Link(address) must be
// called after Finish() and before the words are published.
//
// One assembler serves many compilations: Reset() keeps all storage, so steady
// state allocates nothing. Not thread-safe; one per compiling thread.

#ifndef PERILUNE_JIT_A64_ASSEMBLER_H_
#define PERILUNE_JIT_A64_ASSEMBLER_H_

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "jit/a64_encoder.h"
#include "jit/a64_operands.h"
#include "jit/code_comment.h"
#include "jit/reused_array.h"

namespace perilune::vm::jit {

// A place in the code: bound once, branched to from anywhere. A label belongs
// to one assembler between two Resets, and may die once Finish() was called.
class Label {
 public:
  Label() = default;
  Label(const Label&) = delete;
  Label& operator=(const Label&) = delete;
  Label(Label&&) = default;
  Label& operator=(Label&&) = default;

  bool bound() const { return (place_ & kBound) != 0; }
  // Was it branched to before it was bound?
  bool used() const {
    return bound() ? (place_ & kUsed) != 0 : (place_ | fixups_) != 0;
  }
  // In bytes from the start of the code; only of a bound label.
  uint32_t offset() const { return place_ & ~(kBound | kUsed); }

 private:
  friend class Assembler;
  static constexpr uint32_t kBound = 1, kUsed = 2;
  // Offset | kBound, | kUsed if it was. Before, the offset behind the newest
  // word that waits for this label and has the next such offset in place of its
  // distance, or 0.
  uint32_t place_ = 0;
  // The number of the newest fixup waiting for this label, from 1 up; or 0.
  uint32_t fixups_ = 0;
};

// What capital branches expand to; see [DOC] Assembler.
enum class Branches : uint8_t { kShort, kFar };

class Assembler {
 public:
  Assembler();
  Assembler(const Assembler&) = delete;
  Assembler& operator=(const Assembler&) = delete;

  // Forgets code, errors, comments; keeps the storage and the comment switch.
  void Reset(Branches branches = Branches::kShort);

  // Makes sure that there is room for so many words; see [DOC] Assembler. They
  // are several times what the longest template emits.
  static constexpr uint32_t kRoom = 1024;
  void Reserve() {
    if (ABSL_PREDICT_FALSE(cursor_ > limit_)) Grow();
#ifndef NDEBUG
    reserved_ = cursor_ + kRoom;
#endif
  }

  // The finished words, valid until the next Reset() or emission. Errors:
  // kInvalidArgument (operand, unbound label), kOutOfRange (reach, size).
  absl::StatusOr<absl::Span<const uint32_t>> Finish();

  // Resolves BlTo and BTo for code that will run at `address`. May be repeated
  // with another address. kOutOfRange if a target is beyond 128 MiB.
  absl::Status Link(uintptr_t address);

  // Bytes emitted so far.
  uint32_t offset() const {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(cursor_) -
                                 reinterpret_cast<uintptr_t>(words_.get()));
  }
  bool ok() const { return bad_operand_.of == nullptr && error_.ok(); }

  void Bind(Label& label) {
    if (std::bit_cast<uint64_t>(label) != 0) return BindUsed(label);
    label.place_ = offset() | Label::kBound;
  }

  // Pads with nop (never run in a fall-through, so it costs bytes only).
  void Align(uint32_t bytes);

  // Raw data in the code, e.g. for ldr(X, Label&). Read-only once published.
  void Data32(uint32_t word) { EmitWord(word); }
  void Data64(uint64_t value);

  // Comments are kept only when enabled; arguments as of absl::StrCat.
  void set_comments_enabled(bool enabled) { comments_enabled_ = enabled; }
  template <typename... Args>
  ABSL_ATTRIBUTE_ALWAYS_INLINE void Comment(const Args&... args) {
    if (ABSL_PREDICT_FALSE(comments_enabled_)) AddComment(args...);
  }
  bool comments_enabled() const { return comments_enabled_; }
  absl::Span<const CodeComment> comments() const { return comments_; }

  // A branch to code elsewhere, whose distance Link() fills in.
  struct ExternalBranch {
    uint32_t at;  // offset of the instruction
    uintptr_t target;
  };
  absl::Span<const ExternalBranch> external_branches() const {
    return {externals_.data(), externals_.size()};
  }

#define A64_ROW0(name, text, base) \
  void name() { Emit(Encoder::name(), #name); }
#define A64_ROW1(name, text, base, f0) \
  void name(a64::f0::Arg a0) { Emit(Encoder::name(a0), #name); }
#define A64_ROW2(name, text, base, f0, f1)      \
  void name(a64::f0::Arg a0, a64::f1::Arg a1) { \
    Emit(Encoder::name(a0, a1), #name);         \
  }
#define A64_ROW3(name, text, base, f0, f1, f2)                   \
  void name(a64::f0::Arg a0, a64::f1::Arg a1, a64::f2::Arg a2) { \
    Emit(Encoder::name(a0, a1, a2), #name);                      \
  }
#define A64_ROW4(name, text, base, f0, f1, f2, f3)             \
  void name(a64::f0::Arg a0, a64::f1::Arg a1, a64::f2::Arg a2, \
            a64::f3::Arg a3) {                                 \
    Emit(Encoder::name(a0, a1, a2, a3), #name);                \
  }
#define A64_LABEL1(name, text, base, rel)                      \
  void name(Label& l) {                                        \
    Refer(Encoder::name(0), LabelField::k##rel, l, #name);     \
  }
#define A64_LABEL2(name, text, base, f0, rel)                  \
  void name(a64::f0::Arg a0, Label& l) {                       \
    Refer(Encoder::name(a0, 0), LabelField::k##rel, l, #name); \
  }
#define A64_LABEL3(name, text, base, f0, f1, rel)                  \
  void name(a64::f0::Arg a0, a64::f1::Arg a1, Label& l) {          \
    Refer(Encoder::name(a0, a1, 0), LabelField::k##rel, l, #name); \
  }
#include "jit/a64_rows.def"

  // Aliases of bitfield moves whose fields depend on both constants:
  // 0 <= lsb, 1 <= width, lsb + width <= the register's width.
  void ubfx(X d, X n, uint32_t lsb, uint32_t width);
  void ubfx(W d, W n, uint32_t lsb, uint32_t width);
  void sbfx(X d, X n, uint32_t lsb, uint32_t width);
  void sbfx(W d, W n, uint32_t lsb, uint32_t width);
  void ubfiz(X d, X n, uint32_t lsb, uint32_t width);
  void ubfiz(W d, W n, uint32_t lsb, uint32_t width);
  void sbfiz(X d, X n, uint32_t lsb, uint32_t width);
  void sbfiz(W d, W n, uint32_t lsb, uint32_t width);
  void bfi(X d, X n, uint32_t lsb, uint32_t width);
  void bfi(W d, W n, uint32_t lsb, uint32_t width);
  void bfxil(X d, X n, uint32_t lsb, uint32_t width);
  void bfxil(W d, W n, uint32_t lsb, uint32_t width);

  // The shortest of movz/movn/orr, then movk: one to four instructions.
  void Mov(X d, uint64_t value) {
    value <= 0xffff ? movz(d.w(), static_cast<uint32_t>(value), 0)
                    : MovWide(d, value);
  }
  void Mov(W d, uint32_t value) {
    value <= 0xffff ? movz(d, value, 0) : MovWide(d, value);
  }
  // Between registers, sp included; nothing if they are the same.
  void Mov(XOrSp d, XOrSp n);
  void Mov(X d, X n) {
    if (d != n) mov(d, n);
  }
  // A constant double: one fmov if it has such an immediate, else `scratch`.
  void Fmov(D d, double value, X scratch);

  // d = n + value; nothing if that is no change. Uses `scratch` only where no
  // pair of immediates will do; scratch must differ from n, and neither sets
  // flags.
  void Add(XOrSp d, XOrSp n, int64_t value, X scratch) {
    value > 0 && value < 4096 ? add(d, n, value) : AddAny(d, n, value, scratch);
  }
  void Sub(XOrSp d, XOrSp n, int64_t value, X scratch);
  // Flags of n - value; through `scratch` if value has no encoding.
  void Cmp(X n, int64_t value, X scratch);
  // Logic with any constant, through `scratch` if it is not a bitmask.
  void And(X d, X n, uint64_t value, X scratch);
  void Orr(X d, X n, uint64_t value, X scratch);
  void Eor(X d, X n, uint64_t value, X scratch);

  // Any offset: the unsigned or the unscaled form, else through `scratch`.
#define A64_ACCESS(Name, name, R)                       \
  void Name(R t, MemImm m, X scratch) {                 \
    const Encoding e = Encoder::name(t, m);             \
    e.ok ? EmitWord(e.word) : Name##Any(t, m, scratch); \
  }
  A64_ACCESS(Ldr, ldr, X)
  A64_ACCESS(Str, str, X)
  A64_ACCESS(Ldr, ldr, D)
  A64_ACCESS(Str, str, D)
#undef A64_ACCESS

  // Branches of any length; see [DOC] Assembler.
  void B(Cond c, Label& target) {
    if (c == Cond::kAl) return b(target);
    Branch(Encoder::b(c, 0), Encoder::b(Invert(c), 0), LabelField::kRel19,
           target, "b");
  }
#define A64_COMPARE_BRANCH(Name, name, inverse, R)              \
  void Name(R t, Label& target) {                               \
    Branch(Encoder::name(t, 0), Encoder::inverse(t, 0),         \
           LabelField::kRel19, target, #name);                  \
  }
  A64_COMPARE_BRANCH(Cbz, cbz, cbnz, X)
  A64_COMPARE_BRANCH(Cbz, cbz, cbnz, W)
  A64_COMPARE_BRANCH(Cbnz, cbnz, cbz, X)
  A64_COMPARE_BRANCH(Cbnz, cbnz, cbz, W)
#undef A64_COMPARE_BRANCH
#define A64_TEST_BRANCH(Name, name, inverse)                         \
  void Name(X t, uint32_t bit, Label& target) {                      \
    Branch(Encoder::name(t, bit, 0), Encoder::inverse(t, bit, 0),    \
           LabelField::kRel14, target, #name);                       \
  }
  A64_TEST_BRANCH(Tbz, tbz, tbnz)
  A64_TEST_BRANCH(Tbnz, tbnz, tbz)
#undef A64_TEST_BRANCH

  // One instruction, completed by Link().
  void BTo(uintptr_t target) { EmitExternal(Encoder::b(0).word, target); }
  void BlTo(uintptr_t target) { EmitExternal(Encoder::bl(0).word, target); }

 private:
  // Where an instruction has its distance to a label. What adr has in place of
  // a Rel19 is a distance in words too, as labels are at words.
  enum class LabelField : uint8_t { kRel26, kRel19, kRel14, kRelAdr = kRel19 };

  // A word that refers to a label which is not bound yet.
  struct Fixup {
    uint32_t at;    // its offset, with a LabelField in the low bits
    uint32_t next;  // number of the label's next older one, or 0
  };

  // The offset below which words can be in a label's list: they all reach one
  // another, and any such offset fits in the field of a distance.
  static constexpr uint32_t kLinkedEnd = a64::Rel19::kReach;
  static constexpr uint32_t kLinkShift =
      std::countr_zero(a64::Rel19::kMask) - 2;
  static_assert((kLinkedEnd << kLinkShift & ~a64::Rel19::kMask) == 0);

  uint32_t& WordAt(uint32_t offset) {
    assert(offset % 4 == 0);
    return *reinterpret_cast<uint32_t*>(
        reinterpret_cast<std::byte*>(words_.get()) + offset);
  }
  void EmitWord(uint32_t word) {
    assert(cursor_ < reserved_);
    *cursor_++ = word;
  }
  void Check(bool ok, const char* name) {
    // No call, which would make cursor_ be written back each time.
    if (ABSL_PREDICT_FALSE(!ok) && bad_operand_.of == nullptr) {
      bad_operand_ = {name, cursor_};
    }
  }
  void Emit(Encoding e, const char* name) {
    Check(e.ok, name);
    EmitWord(e.word);
  }
  // Emits a word (encoded for distance 0) that refers to a label.
  void Refer(Encoding e, LabelField field, Label& label, const char* name) {
    Branch(e, {kNoInverse, true}, field, label, name);
  }
  // The same, or its inverse around a `b`. Inline is what is common: `b` back,
  // which reaches everything, and conditional branches, in code not too large.
  static constexpr uint32_t kNoInverse = 0;
  void Branch(Encoding e, Encoding inverse, LabelField field, Label& label,
              const char* name) {
    Check(e.ok, name);
    const uint32_t at = offset();
    if (field == LabelField::kRel26 && label.bound()) {
      const uint32_t distance = label.place_ - at;
      return EmitWord(e.word | (distance >> 2 & a64::Rel26::kMask));
    }
    if (field == LabelField::kRel19 && ABSL_PREDICT_TRUE(at < linked_end_)) {
      if (label.bound()) {
        const uint32_t distance = label.place_ - at;
        return EmitWord(e.word |
                        (distance << kLinkShift & a64::Rel19::kMask));
      }
      EmitWord(e.word + (label.place_ << kLinkShift));
      label.place_ = at + 4;
      ++unresolved_;
      return;
    }
    EmitReference(e.word, inverse.word, field, label);
  }
  void EmitExternal(uint32_t word, uintptr_t target) {
    externals_.push_back({offset(), target});
    EmitWord(word);
  }
  ABSL_ATTRIBUTE_NOINLINE void EmitReference(uint32_t word, uint32_t inverse,
                                             LabelField field, Label& label);
  PERILUNE_RARE void EmitFarBranch(uint32_t inverse, LabelField field,
                                   Label& label);
  void BindUsed(Label& label);
  ABSL_ATTRIBUTE_NOINLINE void BindInLargeCode(Label& label);
  void ResolveLinks(uint32_t place, uint32_t target);
  ABSL_ATTRIBUTE_NOINLINE void ResolveFixups(uint32_t newest, uint32_t target);
  void MovWide(X d, uint64_t value);
  void MovWide(W d, uint32_t value);
  template <typename... Args>
  ABSL_ATTRIBUTE_NOINLINE ABSL_ATTRIBUTE_COLD void AddComment(
      const Args&... args) {
    comments_.push_back({offset(), absl::StrCat(args...)});
  }
  void AddAny(XOrSp d, XOrSp n, int64_t value, X scratch);
  void LdrAny(X t, MemImm m, X scratch);
  void StrAny(X t, MemImm m, X scratch);
  void LdrAny(D t, MemImm m, X scratch);
  void StrAny(D t, MemImm m, X scratch);
  void Bitfield(Encoding e, uint32_t lsb, uint32_t width, uint32_t size,
                const char* name);

  PERILUNE_RARE void Grow();
  // Ends the process if more words than there was room for were emitted, which
  // has overwritten other memory.
  void CheckRoom() const;
  ABSL_ATTRIBUTE_NOINLINE void FailBoundTwice(const Label& label);
  PERILUNE_RARE void FailReach(uint32_t at, uint32_t target);
  void Fail(absl::Status status);

  std::unique_ptr<uint32_t[]> words_;
  uint32_t* cursor_;
  uint32_t* limit_;  // where kRoom words are left
  // Where that which was reserved ends; in debug builds only.
  [[maybe_unused]] const uint32_t* reserved_ = nullptr;
  uint32_t linked_end_ = kLinkedEnd;  // 0 in Branches::kFar
  uint32_t unresolved_ = 0;           // references to labels not bound yet
  // The first operand without encoding: the instruction, and where it stands.
  struct {
    const char* of = nullptr;
    const uint32_t* at = nullptr;
  } bad_operand_;
  ReusedArray<Fixup> fixups_;
  ReusedArray<ExternalBranch> externals_;
  std::vector<CodeComment> comments_;
  absl::Status error_;
  bool comments_enabled_ = false;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_A64_ASSEMBLER_H_
