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
// Errors are sticky: an operand without encoding, a branch that does not reach
// its label, a label used but never bound. The first is kept with its offset,
// and Finish() reports it; emission continues meanwhile, so templates check
// nothing. A wrong word never comes out of Finish().
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

  bool bound() const { return offset_ >= 0; }
  // Was it branched to before it was bound?
  bool used() const { return fixups_ >= 0; }
  // In bytes from the start of the code; only of a bound label.
  uint32_t offset() const { return static_cast<uint32_t>(offset_); }

 private:
  friend class Assembler;
  int32_t offset_ = -1;
  // The newest fixup waiting for this label; they form a list.
  int32_t fixups_ = -1;
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
  bool ok() const { return error_.ok(); }

  void Bind(Label& label) {
    if (ABSL_PREDICT_FALSE(label.bound())) return FailBoundTwice(label);
    label.offset_ = static_cast<int32_t>(offset());
    if (label.used()) ResolveFixups(label);
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
  void Add(XOrSp d, XOrSp n, int64_t value, X scratch);
  void Sub(XOrSp d, XOrSp n, int64_t value, X scratch);
  // Flags of n - value; through `scratch` if value has no encoding.
  void Cmp(X n, int64_t value, X scratch);
  // Logic with any constant, through `scratch` if it is not a bitmask.
  void And(X d, X n, uint64_t value, X scratch);
  void Orr(X d, X n, uint64_t value, X scratch);
  void Eor(X d, X n, uint64_t value, X scratch);

  // Any offset: the unsigned or the unscaled form, else through `scratch`.
  void Ldr(X t, MemImm m, X scratch);
  void Str(X t, MemImm m, X scratch);
  void Ldr(D t, MemImm m, X scratch);
  void Str(D t, MemImm m, X scratch);

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
  void BTo(uintptr_t target);
  void BlTo(uintptr_t target);

 private:
  // Where an instruction has its distance to a label. What adr has in place of
  // a Rel19 is a distance in words too, as labels are at words.
  enum class LabelField : uint8_t { kRel26, kRel19, kRel14, kRelAdr = kRel19 };

  // A word that refers to a label which is not bound yet.
  struct Fixup {
    uint32_t at;   // its offset, with a LabelField in the low bits
    int32_t next;  // older fixup of the same label, or -1
  };

  void EmitWord(uint32_t word) {
    if (ABSL_PREDICT_FALSE(cursor_ == limit_)) Grow();
    *cursor_++ = word;
  }
  void Emit(Encoding e, const char* name) {
    if (ABSL_PREDICT_FALSE(!e.ok)) FailOperand(name);
    EmitWord(e.word);
  }
  // Emits a word (encoded for distance 0) that refers to a label.
  void Refer(Encoding e, LabelField field, Label& label, const char* name) {
    if (ABSL_PREDICT_FALSE(!e.ok)) FailOperand(name);
    EmitReference(e.word, field, label);
  }
  // The same, or its inverse around a `b`.
  void Branch(Encoding e, Encoding inverse, LabelField field, Label& label,
              const char* name) {
    if (ABSL_PREDICT_FALSE(!e.ok)) FailOperand(name);
    EmitBranch(e.word, inverse.word, field, label);
  }
  void EmitReference(uint32_t word, LabelField field, Label& label);
  void EmitBranch(uint32_t word, uint32_t inverse, LabelField field,
                  Label& label);
  void EmitFarBranch(uint32_t inverse, LabelField field, Label& label);
  void ResolveFixups(const Label& label);
  void Patch(uint32_t at, int32_t target);
  void MovWide(X d, uint64_t value);
  void MovWide(W d, uint32_t value);
  template <typename... Args>
  ABSL_ATTRIBUTE_NOINLINE ABSL_ATTRIBUTE_COLD void AddComment(
      const Args&... args) {
    comments_.push_back({offset(), absl::StrCat(args...)});
  }
  void Bitfield(Encoding e, uint32_t lsb, uint32_t width, uint32_t size,
                const char* name);

  PERILUNE_RARE void Grow();
  PERILUNE_RARE void FailOperand(const char* name);
  PERILUNE_RARE void FailBoundTwice(const Label& label);
  PERILUNE_RARE void FailReach(uint32_t at, int32_t target);
  void Fail(absl::Status status);

  std::unique_ptr<uint32_t[]> words_;
  uint32_t* cursor_;
  uint32_t* limit_;
  ReusedArray<Fixup> fixups_;
  uint32_t resolved_ = 0;  // fixups whose label is bound
  ReusedArray<ExternalBranch> externals_;
  std::vector<CodeComment> comments_;
  absl::Status error_;
  Branches branches_ = Branches::kShort;
  bool comments_enabled_ = false;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_A64_ASSEMBLER_H_
