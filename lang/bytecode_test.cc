#include "lang/bytecode.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "gtest/gtest.h"
#include "lang/bytecode_builder.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

TEST(BytecodeTest, Encoding) {
  std::array<Word, 2> code{};
  AddOperands{.dst = 1, .lhs = 2, .rhs = 3}.Encode(code.data());
  EXPECT_EQ(code[0], 0x03020100u | static_cast<Word>(Op::kAdd));
  EXPECT_EQ(OpOf(code[0]), Op::kAdd);
  EXPECT_EQ(FieldA(code[0]), 1);
  EXPECT_EQ(FieldB(code[0]), 2);
  EXPECT_EQ(FieldC(code[0]), 3);

  LoadIntOperands{.dst = 9, .value = -2}.Encode(code.data());
  EXPECT_EQ(FieldBx(code[0]), 0xfffe);
  EXPECT_EQ(FieldSBx(code[0]), -2);

  LtOperands{.lhs = 255, .rhs = 254, .when = 1, .target = -5}.Encode(code.data());
  EXPECT_EQ(code[1], static_cast<Word>(-5));
  EXPECT_EQ(LtOperands::Decode(code.data()),
            (LtOperands{.lhs = 255, .rhs = 254, .when = 1, .target = -5}));
}

// Every op decodes to what was encoded, whatever the operands are: each column of each op gets all
// bits set once.
TEST(BytecodeTest, RoundTrip) {
  size_t ops = 0;
#define OP(name, a, b, c, x, traits)                                                        \
  for (const Word pattern : {0x00000000u, 0xffffffffu, 0x5a3c1e78u}) {                      \
    const std::array<Word, 2> raw = {(pattern & ~0xffu) | static_cast<Word>(ops), pattern}; \
    const auto operands = name##Operands::Decode(raw.data());                               \
    std::array<Word, 2> again = {0, 0};                                                     \
    operands.Encode(again.data());                                                          \
    EXPECT_EQ(name##Operands::Decode(again.data()), operands) << #name;                     \
    EXPECT_EQ(OpOf(again[0]), Op::k##name);                                                 \
  }                                                                                         \
  EXPECT_EQ(static_cast<size_t>(Op::k##name), ops);                                         \
  EXPECT_EQ(OpName(Op::k##name), #name);                                                    \
  ++ops;
#include "lang/opcodes.def"
#undef OP
  EXPECT_EQ(ops, kOpCount);
}

TEST(BytecodeTest, Tables) {
  EXPECT_EQ(Info(Op::kCall).operand_names[0], "func");
  EXPECT_EQ(Info(Op::kCall).kind(Column::kB), OperandKind::kCountOrTop);
  EXPECT_EQ(Info(Op::kCall).kind(Column::kX), OperandKind::kCallSite);
  EXPECT_TRUE(HasTrait(Op::kCall, Trait::kCall));
  EXPECT_TRUE(HasTrait(Op::kCall, Trait::kRaises));
  EXPECT_FALSE(HasTrait(Op::kMove, Trait::kRaises));
  EXPECT_EQ(InstructionWords(Op::kCall), 2u);
  EXPECT_EQ(InstructionWords(Op::kMove), 1u);
  EXPECT_TRUE(IsValidOp(static_cast<Word>(kOpCount - 1)));
  EXPECT_FALSE(IsValidOp(static_cast<Word>(kOpCount)));
}

// Relations that code relies on.
TEST(BytecodeTest, ShapesOfOps) {
  for (size_t i = 0; i < kOpCount; ++i) {
    const OpInfo& info = Info(static_cast<Op>(i));
    SCOPED_TRACE(info.name);
    const bool has_target = info.kind(Column::kX) == OperandKind::kTarget;
    EXPECT_EQ(has_target, info.has_trait(Trait::kBranch) || info.has_trait(Trait::kJump));
    // Only column A of an instruction is written; 32-bit operands are in column X.
    for (const Column column : {Column::kB, Column::kC, Column::kX}) {
      EXPECT_NE(info.kind(column), OperandKind::kOut);
      EXPECT_NE(info.kind(column), OperandKind::kInOut);
    }
    for (const Column column : {Column::kA, Column::kB, Column::kC}) {
      EXPECT_NE(info.kind(column), OperandKind::kTarget);
      EXPECT_NE(info.kind(column), OperandKind::kCallSite);
      EXPECT_NE(info.kind(column), OperandKind::kCell);
      EXPECT_NE(info.kind(column), OperandKind::kTableSize);
    }
    for (size_t column = 0; column < kColumnCount; ++column) {
      EXPECT_EQ(info.kinds[column] == OperandKind::kNone, info.operand_names[column].empty());
    }
  }
}

TEST(BytecodeBuilderTest, Jumps) {
  BytecodeBuilder builder;
  const uint32_t jump = builder.Emit(JumpOperands{.target = 0}, 1);
  builder.Emit(LoadTrueOperands{.dst = 0}, 2);
  EXPECT_EQ(builder.LastInstruction(), 2u);
  builder.SetTarget(jump, builder.MarkTarget());
  EXPECT_FALSE(builder.LastInstruction().has_value());  // a jump arrives behind it
  builder.Emit(Return0Operands{}, 3);
  Proto proto;
  builder.FinishInto(&proto);
  EXPECT_EQ(TargetOf(proto.code.data(), jump), 3u);
  EXPECT_EQ(proto.lines, (std::vector<int32_t>{1, 1, 2, 3}));
}

TEST(BytecodeBuilderTest, ConstantsAreSharedByTypeAndBits) {
  BytecodeBuilder builder;
  const Constant constants[] = {std::monostate(),
                                false,
                                true,
                                int64_t{0},
                                int64_t{1},
                                0.0,
                                -0.0,
                                1.0,
                                "",
                                "0",
                                "nil",
                                std::numeric_limits<double>::quiet_NaN()};
  for (uint32_t round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < std::size(constants); ++i)
      EXPECT_EQ(builder.AddConstant(constants[i]), i);
  }
}

TEST(BytecodeBuilderTest, Loops) {
  BytecodeBuilder builder;
  for (uint32_t i = 0; i < kNoLoop; ++i) EXPECT_EQ(builder.NewLoop(), i);
  EXPECT_EQ(builder.NewLoop(), kNoLoop);
  Proto proto;
  builder.FinishInto(&proto);
  EXPECT_EQ(proto.loop_count, kNoLoop);
}

TEST(BytecodeBuilderTest, ChangesInstructions) {
  BytecodeBuilder builder;
  const uint32_t add = builder.EmitAs(Op::kSub, AddOperands{.dst = 0, .lhs = 1, .rhs = 2}, 1);
  EXPECT_EQ(builder.OpAt(add), Op::kSub);
  builder.SetDestination(add, 7);
  EXPECT_EQ(builder.Read<SubOperands>(add), (SubOperands{.dst = 7, .lhs = 1, .rhs = 2}));
  const uint32_t test = builder.Emit(TestOperands{.src = 1, .when = 1, .target = 0}, 1);
  builder.InvertCondition(test);
  EXPECT_EQ(builder.Read<TestOperands>(test).when, 0);
  const uint32_t lt = builder.Emit(LtOperands{.lhs = 1, .rhs = 3, .when = 0, .target = 0}, 1);
  builder.InvertCondition(lt);
  EXPECT_EQ(builder.Read<LtOperands>(lt), (LtOperands{.lhs = 1, .rhs = 3, .when = 1, .target = 0}));
  builder.RemoveLast();
  EXPECT_EQ(builder.pc(), lt);
}

}  // namespace
}  // namespace perilune::lang
