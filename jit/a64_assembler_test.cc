// Labels, errors and expanding instructions of the assembler. What single
// instructions encode is in a64_rows_test.cc.

#include "jit/a64_assembler.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace perilune::vm::jit {
namespace {

using Words = std::vector<uint32_t>;

// Emits nops up to the offset.
void PadTo(Assembler& a, uint32_t offset) {
  while (a.offset() < offset) {
    a.Reserve();
    a.nop();
  }
}

Words Take(Assembler& a) {
  auto code = a.Finish();
  EXPECT_TRUE(code.ok()) << code.status();
  return code.ok() ? Words(code->begin(), code->end()) : Words();
}

TEST(A64AssemblerTest, BackwardAndForwardBranchesMeetTheirLabels) {
  Assembler a;
  Label top, end;
  a.Bind(top);
  a.nop();
  a.b(end);
  a.b(Cond::kNe, top);
  a.cbz(X(1), end);
  a.tbnz(W(2), 31, end);
  a.bl(top);
  a.adr(X(3), end);
  a.ldr(X(4), end);
  a.Bind(end);
  a.Data64(0x1122334455667788);
  EXPECT_EQ(end.offset(), 32u);
  EXPECT_EQ(Take(a), (Words{
                         0xd503201f,
                         Encoder::b(28).word,
                         Encoder::b(Cond::kNe, -8).word,
                         Encoder::cbz(X(1), 20).word,
                         Encoder::tbnz(W(2), 31, 16).word,
                         Encoder::bl(-20).word,
                         Encoder::adr(X(3), 8).word,
                         Encoder::ldr(X(4), 4).word,
                         0x55667788,
                         0x11223344,
                     }));
}

TEST(A64AssemblerTest, BadOperandIsReportedOnceWithItsPlace) {
  Assembler a;
  a.nop();
  a.add(X(0), X(1), 4097);
  a.ldr(X(0), Mem(X(1), 3));
  const absl::Status status = a.Finish().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "operand of add at offset 4 has no encoding");
  EXPECT_FALSE(a.ok());
  a.Reset();
  a.nop();
  EXPECT_EQ(Take(a).size(), 1u);
}

TEST(A64AssemblerTest, BadOperandKeepsItsPlaceAsTheCodeGrows) {
  Assembler a;
  a.nop();
  a.nop();
  a.movz(X(0), 0x10000, 0);
  PadTo(a, 1 << 16);
  EXPECT_EQ(a.Finish().status().message(),
            "operand of movz at offset 8 has no encoding");
}

TEST(A64AssemblerTest, ManyReferencesOfEachKindMeetOneLabel) {
  Assembler a;
  Label l, other;
  a.cbz(X(1), l);  // at offset 0
  a.b(l);
  a.b(Cond::kEq, other);
  a.tbz(X(2), 1, l);
  a.b(Cond::kNe, l);
  a.tbnz(X(2), 63, l);
  a.ldr(X(31), l);
  a.adr(X(31), other);
  a.bl(l);
  EXPECT_TRUE(l.used());
  EXPECT_FALSE(l.bound());
  a.Bind(l);
  EXPECT_TRUE(l.used());
  EXPECT_TRUE(l.bound());
  EXPECT_EQ(l.offset(), 36u);
  EXPECT_EQ(a.Finish().status().message(),
            "2 references to labels that were not bound");
  a.Bind(other);
  a.cbnz(W(31), other);
  EXPECT_FALSE(a.ok()) << "errors are sticky";
  a.Reset();
  Label again;
  a.Bind(again);
  EXPECT_FALSE(again.used());
  a.cbz(X(1), again);
  EXPECT_EQ(Take(a), (Words{Encoder::cbz(X(1), 0).word}));
}

TEST(A64AssemblerTest, UnboundLabelIsAnError) {
  Assembler a;
  Label never;
  a.cbz(X(0), never);
  EXPECT_TRUE(never.used());
  EXPECT_EQ(a.Finish().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(A64AssemblerTest, UnusedLabelIsNone) {
  Assembler a;
  Label unused;
  a.ret();
  EXPECT_FALSE(unused.used());
  EXPECT_EQ(Take(a), (Words{0xd65f03c0}));
}

TEST(A64AssemblerTest, LabelBoundTwiceIsAnError) {
  Assembler a;
  Label twice;
  a.Bind(twice);
  a.nop();
  a.Bind(twice);
  EXPECT_EQ(a.Finish().status().code(), absl::StatusCode::kInvalidArgument);
}

// The farthest label each short branch reaches, and one word more.
template <typename Emit>
void ExpectReach(int64_t reach, Emit emit) {
  for (const bool too_far : {false, true}) {
    Assembler a;
    Label label;
    emit(a, label);
    const uint32_t target = static_cast<uint32_t>(reach) - (too_far ? 0 : 4);
    PadTo(a, target);
    a.Bind(label);
    a.nop();
    EXPECT_EQ(a.Finish().status().code(),
              too_far ? absl::StatusCode::kOutOfRange : absl::StatusCode::kOk);
  }
  for (const bool too_far : {false, true}) {
    Assembler a;
    Label label;
    a.Bind(label);
    const uint32_t target = static_cast<uint32_t>(reach) + (too_far ? 4 : 0);
    PadTo(a, target);
    emit(a, label);
    EXPECT_EQ(a.Finish().status().code(),
              too_far ? absl::StatusCode::kOutOfRange : absl::StatusCode::kOk);
  }
}

TEST(A64AssemblerTest, ShortBranchesBeyondTheirReachAreErrors) {
  ExpectReach(1 << 15, [](Assembler& a, Label& l) { a.tbz(X(0), 63, l); });
  ExpectReach(1 << 20, [](Assembler& a, Label& l) { a.cbz(X(0), l); });
  ExpectReach(1 << 20, [](Assembler& a, Label& l) { a.b(Cond::kEq, l); });
  ExpectReach(1 << 20, [](Assembler& a, Label& l) { a.ldr(X(0), l); });
  ExpectReach(1 << 20, [](Assembler& a, Label& l) { a.adr(X(0), l); });
}

TEST(A64AssemblerTest, CapitalBranchesAreShortByDefault) {
  Assembler a;
  Label l;
  a.Tbz(X(1), 3, l);
  a.Cbnz(W(1), l);
  a.B(Cond::kLt, l);
  a.Bind(l);
  EXPECT_EQ(Take(a),
            (Words{Encoder::tbz(X(1), 3, 12).word, Encoder::cbnz(W(1), 8).word,
                   Encoder::b(Cond::kLt, 4).word}));
}

TEST(A64AssemblerTest, FarCapitalBranchesReachForward) {
  Assembler a;
  a.Reset(Branches::kFar);
  Label l;
  a.Tbz(X(1), 3, l);
  a.Cbz(X(2), l);
  a.B(Cond::kLt, l);
  a.B(Cond::kAl, l);
  PadTo(a, 3 << 20);
  a.Bind(l);
  const Words w = Take(a);
  ASSERT_FALSE(w.empty());
  EXPECT_EQ(w[0], Encoder::tbnz(X(1), 3, 8).word);
  EXPECT_EQ(w[1], Encoder::b((3 << 20) - 4).word);
  EXPECT_EQ(w[2], Encoder::cbnz(X(2), 8).word);
  EXPECT_EQ(w[3], Encoder::b((3 << 20) - 12).word);
  EXPECT_EQ(w[4], Encoder::b(Cond::kGe, 8).word);
  EXPECT_EQ(w[5], Encoder::b((3 << 20) - 20).word);
  EXPECT_EQ(w[6], Encoder::b((3 << 20) - 24).word);
}

TEST(A64AssemblerTest, BackwardCapitalBranchesChooseTheFormThatReaches) {
  Assembler a;
  Label l;
  a.Bind(l);
  PadTo(a, 1 << 15);
  a.Tbnz(X(1), 40, l);  // the last that reaches
  a.Tbnz(X(1), 40, l);
  const Words w = Take(a);
  ASSERT_EQ(w.size(), (1u << 13) + 3);
  EXPECT_EQ(w[1 << 13], Encoder::tbnz(X(1), 40, -(1 << 15)).word);
  EXPECT_EQ(w[(1 << 13) + 1], Encoder::tbz(X(1), 40, 8).word);
  EXPECT_EQ(w[(1 << 13) + 2], Encoder::b(-(1 << 15) - 8).word);
}

TEST(A64AssemblerTest, LinkResolvesBranchesOutOfTheCode) {
  Assembler a;
  a.nop();
  a.BlTo(0x10000);
  a.BTo(0x20000);
  auto code = a.Finish();
  ASSERT_TRUE(code.ok());
  ASSERT_TRUE(a.Link(0x18000).ok());
  EXPECT_EQ((*code)[1], Encoder::bl(-0x8004).word);
  EXPECT_EQ((*code)[2], Encoder::b(0x7ff8).word);
  ASSERT_TRUE(a.Link(0x10000).ok()) << "may be given another place";
  EXPECT_EQ((*code)[1], Encoder::bl(-4).word);
  EXPECT_EQ(a.Link(0x1000'0000'0000).code(), absl::StatusCode::kOutOfRange);
}

// What is beyond the reach of a short branch has labels, too.
TEST(A64AssemblerTest, LabelsOfLargeCode) {
  Assembler a;
  Label near, later, across;
  PadTo(a, (1 << 20) - 8);
  a.cbz(X(1), across);
  a.cbz(X(2), across);
  a.cbz(X(3), across);
  a.tbz(X(4), 4, near);
  a.Bind(near);
  a.cbnz(X(5), near);
  a.b(Cond::kEq, later);
  a.b(later);
  a.Bind(across);
  a.Bind(later);
  const Words w = Take(a);
  ASSERT_EQ(w.size(), (1u << 18) + 5);
  const uint32_t* const at = w.data() + (1 << 18) - 2;
  EXPECT_EQ(at[0], Encoder::cbz(X(1), 28).word);
  EXPECT_EQ(at[1], Encoder::cbz(X(2), 24).word);
  EXPECT_EQ(at[2], Encoder::cbz(X(3), 20).word);
  EXPECT_EQ(at[3], Encoder::tbz(X(4), 4, 4).word);
  EXPECT_EQ(at[4], Encoder::cbnz(X(5), 0).word);
  EXPECT_EQ(at[5], Encoder::b(Cond::kEq, 8).word);
  EXPECT_EQ(at[6], Encoder::b(4).word);
}

TEST(A64AssemblerTest, OneOfManyReferencesThatDoesNotReachIsAnError) {
  Assembler a;
  Label label;
  a.nop();
  a.cbz(X(0), label);
  PadTo(a, 4096);
  a.cbz(X(0), label);
  PadTo(a, (1 << 20) + 4);
  a.Bind(label);
  EXPECT_EQ(a.Finish().status().message(),
            "instruction at offset 4 does not reach 1048580");
}

TEST(A64AssemblerTest, CodeLargerThanABranchCanCrossIsAnError) {
  Assembler a;
  Label first, second;
  a.cbz(X(0), first);
  a.cbz(X(0), first);
  a.cbz(X(0), second);
  for (uint32_t i = 0; i < (1u << 25) + (1u << 18); ++i) {
    a.Reserve();
    a.nop();
  }
  EXPECT_FALSE(a.ok());
  a.Bind(first);
  a.cbz(X(0), second);
  a.b(second);
  a.Bind(second);
  EXPECT_EQ(a.Finish().status().code(), absl::StatusCode::kOutOfRange);
  a.Reset();
  a.ret();
  EXPECT_EQ(Take(a), (Words{0xd65f03c0}));
}

TEST(A64AssemblerDeathTest, WordsBeyondTheReservedAreCaught) {
  Assembler a;
  for (uint32_t i = 0; i < Assembler::kRoom; ++i) a.nop();
  EXPECT_DEBUG_DEATH(a.nop(), "reserved");
}

TEST(A64AssemblerTest, GrowthKeepsWordsAndResetKeepsNone) {
  Assembler a;
  for (uint32_t i = 0; i < 100'000; ++i) {
    a.Reserve();
    a.movz(X(0), i & 0xffff, 0);
  }
  const Words w = Take(a);
  ASSERT_EQ(w.size(), 100'000u);
  for (uint32_t i = 0; i < w.size(); i += 997) {
    EXPECT_EQ(w[i], Encoder::movz(X(0), i & 0xffff, 0).word);
  }
  a.Reset();
  EXPECT_EQ(a.offset(), 0u);
  EXPECT_TRUE(Take(a).empty());
}

TEST(A64AssemblerTest, CommentsAreKeptOnlyWhenEnabled) {
  Assembler a;
  a.Comment("lost ", 1);
  a.nop();
  EXPECT_TRUE(a.comments().empty());
  a.set_comments_enabled(true);
  a.Comment("kept ", 2);
  ASSERT_EQ(a.comments().size(), 1u);
  EXPECT_EQ(a.comments()[0].offset, 4u);
  EXPECT_EQ(a.comments()[0].text, "kept 2");
  a.Reset();
  EXPECT_TRUE(a.comments().empty());
}

TEST(A64AssemblerTest, BitfieldAliases) {
  Assembler a;
  a.ubfx(X(0), X(1), 3, 5);
  a.sbfx(W(0), W(1), 31, 1);
  a.ubfiz(X(0), X(1), 4, 60);
  a.sbfiz(W(0), W(1), 8, 8);
  a.bfi(X(0), X(1), 0, 64);
  a.bfxil(X(0), X(1), 16, 16);
  EXPECT_EQ(Take(a), (Words{0xd3431c20, 0x131f7c20, 0xd37cec20, 0x13181c20,
                            0xb340fc20, 0xb3507c20}));
  for (const auto& [lsb, width] : std::vector<std::pair<uint32_t, uint32_t>>{
           {0, 0}, {0, 65}, {64, 1}, {60, 5}, {~0u, 2}}) {
    a.Reset();
    a.ubfx(X(0), X(1), lsb, width);
    EXPECT_FALSE(a.ok()) << lsb << " " << width;
    a.Reset();
    a.bfi(X(0), X(1), lsb, width);
    EXPECT_FALSE(a.ok()) << lsb << " " << width;
  }
}

// Runs the move instructions that Mov may choose, on paper.
uint64_t Evaluate(const Words& words) {
  uint64_t x = 0xdeadbeefdeadbeef;
  for (const uint32_t w : words) {
    const bool wide = w >> 31 != 0;
    const uint64_t imm = (w >> 5) & 0xffff;
    const uint32_t shift = ((w >> 21) & 3) * 16;
    switch (w & 0x7f800000) {
      case 0x12800000:
        x = ~(imm << shift);
        break;
      case 0x52800000:
        x = imm << shift;
        break;
      case 0x72800000:
        x = (x & ~(uint64_t{0xffff} << shift)) | imm << shift;
        break;
      case 0x32000000: {
        // Search rather than decode: the decoder is tested elsewhere.
        const uint32_t imms = (w >> 10) & 63;
        const uint32_t immr = (w >> 16) & 63;
        uint32_t size = 64;
        if ((w & 1u << 22) == 0) {
          size = 32;
          while ((imms & size) != 0) size /= 2;
        }
        x = 0;
        for (uint32_t i = 0; i < 64; ++i) {
          if ((i + immr) % size <= (imms & (size - 1))) x |= uint64_t{1} << i;
        }
        break;
      }
      default:
        ADD_FAILURE() << "unexpected word " << std::hex << w;
    }
    if (!wide) x &= 0xffffffff;
  }
  return x;
}

TEST(A64AssemblerTest, MovBuildsAnyConstant) {
  struct {
    uint64_t value;
    size_t length;
  } kCases[] = {
      {0, 1},
      {1, 1},
      {0xffff, 1},
      {0x10000, 1},
      {0xffffffff, 1},
      {0xfffffffe, 1},
      {0x12345678, 2},
      {~uint64_t{0}, 1},
      {~uint64_t{1}, 1},
      {0xffffffff00000000, 1},
      {0x1234000000000000, 1},
      {0xffffedcbffffffff, 1},
      {0x5555555555555555, 1},
      {0x555555555555abcd, 2},
      {0x00ff00ff00ff1234, 2},
      {0x0000123400005678, 2},
      {0xffff1234ffff5678, 2},
      {0x123456789abc0000, 3},
      {0x123456789abcffff, 3},
      {0xffff00000000ffff, 1},
      {0x00000fff80000fff, 2},
      {0x123456789abcdef0, 4},
      {0x7ff8000000000000, 1},
      {std::bit_cast<uint64_t>(0.1), 3},
  };
  Assembler a;
  for (const auto& c : kCases) {
    a.Reset();
    a.Mov(X(7), c.value);
    const Words w = Take(a);
    EXPECT_EQ(Evaluate(w), c.value) << std::hex << c.value;
    EXPECT_EQ(w.size(), c.length) << std::hex << c.value;
  }
}

TEST(A64AssemblerTest, MovBuildsRandomConstants) {
  std::mt19937_64 random(1);
  Assembler a;
  for (int i = 0; i < 20'000; ++i) {
    uint64_t value = random();
    // Favour repeated, empty and full halfwords.
    for (int h = 0; h < 4; ++h) {
      const uint64_t mask = uint64_t{0xffff} << (16 * h);
      switch (random() % 4) {
        case 0:
          value &= ~mask;
          break;
        case 1:
          value |= mask;
          break;
        case 2:
          value = (value & ~mask) | ((value << 16) & mask);
          break;
      }
    }
    a.Reset();
    a.Mov(X(7), value);
    const Words w = Take(a);
    EXPECT_EQ(Evaluate(w), value) << std::hex << value;
    EXPECT_LE(w.size(), 4u);
    a.Reset();
    a.Mov(W(7), static_cast<uint32_t>(value));
    EXPECT_EQ(Evaluate(Take(a)), value & 0xffffffff);
  }
}

TEST(A64AssemblerTest, MovBetweenRegistersKnowsSp) {
  Assembler a;
  a.Mov(X(1), X(1));
  a.Mov(sp, sp);
  a.Mov(X(1), X(2));
  a.Mov(sp, X(2));
  a.Mov(X(1), sp);
  a.Mov(X(1), xzr);
  EXPECT_EQ(
      Take(a),
      (Words{Encoder::mov(X(1), X(2)).word, Encoder::add(sp, X(2), 0).word,
             Encoder::add(X(1), sp, 0).word, Encoder::mov(X(1), xzr).word}));
  a.Reset();
  a.Mov(sp, xzr);
  EXPECT_FALSE(a.ok());
}

TEST(A64AssemblerTest, AddAndSubTakeAnyConstant) {
  Assembler a;
  a.Add(X(0), X(0), 0, X(9));
  a.Add(X(0), X(1), 5, X(9));
  a.Add(X(0), X(1), -5, X(9));
  a.Sub(sp, sp, 0x1230, X(9));
  EXPECT_EQ(Take(a), (Words{
                         Encoder::add(X(0), X(1), 5).word,
                         Encoder::sub(X(0), X(1), 5).word,
                         Encoder::sub(sp, sp, 0x1000).word,
                         Encoder::sub(sp, sp, 0x230).word,
                     }));
  a.Reset();
  a.Sub(X(0), X(1), std::numeric_limits<int64_t>::min(), X(9));
  a.Add(X(0), X(1), 0x1000000, X(9));
  EXPECT_EQ(Take(a), (Words{
                         Encoder::movz(X(9), 0x8000, 48).word,
                         Encoder::add(X(0), X(1), Uxtx(X(9))).word,
                         Encoder::movz(W(9), 0x100, 16).word,
                         Encoder::add(X(0), X(1), Uxtx(X(9))).word,
                     }));
}

TEST(A64AssemblerTest, CompareLogicAndAccessFallBackToScratch) {
  Assembler a;
  a.Cmp(X(1), 4095, X(9));
  a.Cmp(X(1), -4096, X(9));
  a.Cmp(X(1), 4097, X(9));
  a.And(X(1), X(2), 0xff, X(9));
  a.Eor(X(1), X(2), 5, X(9));
  a.Ldr(X(1), Mem(X(2), 32760), X(9));
  a.Ldr(X(1), Mem(X(2), -8), X(9));
  a.Str(D(1), Mem(X(2), 32768), X(9));
  a.Fmov(D(1), 1.0, X(9));
  a.Fmov(D(1), 0.0, X(9));
  a.Fmov(D(1), -0.0, X(9));
  EXPECT_EQ(Take(a), (Words{
                         Encoder::cmp(X(1), 4095).word,
                         Encoder::cmn(X(1), 4096).word,
                         Encoder::movz(W(9), 4097, 0).word,
                         Encoder::cmp(X(1), X(9)).word,
                         Encoder::and_(X(1), X(2), 0xff).word,
                         Encoder::movz(W(9), 5, 0).word,
                         Encoder::eor(X(1), X(2), X(9)).word,
                         Encoder::ldr(X(1), Mem(X(2), 32760)).word,
                         Encoder::ldur(X(1), Mem(X(2), -8)).word,
                         Encoder::movz(W(9), 0x8000, 0).word,
                         Encoder::str(D(1), Mem(X(2), X(9))).word,
                         Encoder::fmov(D(1), 1.0).word,
                         Encoder::fmov(D(1), xzr).word,
                         Encoder::movz(X(9), 0x8000, 48).word,
                         Encoder::fmov(D(1), X(9)).word,
                     }));
}

TEST(A64AssemblerTest, AlignPadsWithNops) {
  Assembler a;
  a.ret();
  a.Align(16);
  EXPECT_EQ(Take(a), (Words{0xd65f03c0, 0xd503201f, 0xd503201f, 0xd503201f}));
}

}  // namespace
}  // namespace perilune::vm::jit
