#include "lang/constant_folding.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "gtest/gtest.h"
#include "lang/ast.h"

namespace perilune::lang {
namespace {

using Folded = std::optional<ConstantValue>;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
const ConstantValue kNil;

Folded Integer(int64_t value) { return ConstantValue(value); }
Folded Float(double value) { return ConstantValue(value); }
ConstantValue I(int64_t value) { return value; }
ConstantValue F(double value) { return value; }

TEST(ConstantFoldingTest, IntegersWrapAround) {
  EXPECT_EQ(FoldBinary(BinaryOp::kAdd, I(kMax), I(1)), Integer(kMin));
  EXPECT_EQ(FoldBinary(BinaryOp::kSub, I(kMin), I(1)), Integer(kMax));
  EXPECT_EQ(FoldBinary(BinaryOp::kMul, I(kMax), I(2)), Integer(-2));
  EXPECT_EQ(FoldUnary(UnaryOp::kNegate, I(kMin)), Integer(kMin));
}

TEST(ConstantFoldingTest, DivisionsRoundDown) {
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, I(-7), I(2)), Integer(-4));
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, I(7), I(-2)), Integer(-4));
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, I(6), I(-2)), Integer(-3));
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, I(kMin), I(-1)), Integer(kMin));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, I(-7), I(2)), Integer(1));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, I(7), I(-2)), Integer(-1));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, I(kMin), I(-1)), Integer(0));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(-5.5), I(2)), Float(0.5));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(5.5), I(-2)), Float(-0.5));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(1), F(HUGE_VAL)), Float(1));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(-1), F(HUGE_VAL)), Float(HUGE_VAL));
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(-1), F(-HUGE_VAL)), Float(-1));
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, F(-7), I(2)), Float(-4));
}

TEST(ConstantFoldingTest, FloatOperations) {
  EXPECT_EQ(FoldBinary(BinaryOp::kDiv, I(1), I(2)), Float(0.5));
  EXPECT_EQ(FoldBinary(BinaryOp::kPow, I(2), I(10)), Float(1024));
  EXPECT_EQ(FoldBinary(BinaryOp::kAdd, I(1), F(0.5)), Float(1.5));
  EXPECT_EQ(FoldUnary(UnaryOp::kNegate, F(1.5)), Float(-1.5));
}

TEST(ConstantFoldingTest, BitwiseTakesFloatsWithIntegerValues) {
  EXPECT_EQ(FoldBinary(BinaryOp::kBitAnd, I(6), F(3.0)), Integer(2));
  EXPECT_EQ(FoldBinary(BinaryOp::kBitOr, I(6), I(1)), Integer(7));
  EXPECT_EQ(FoldBinary(BinaryOp::kBitXor, I(6), I(3)), Integer(5));
  EXPECT_EQ(FoldUnary(UnaryOp::kBitNot, F(0.0)), Integer(-1));
  EXPECT_EQ(FoldBinary(BinaryOp::kBitOr, I(1), F(1.5)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kBitOr, I(1), F(0x1p63)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kBitOr, I(0), F(-0x1p63)), Integer(kMin));
}

TEST(ConstantFoldingTest, Shifts) {
  EXPECT_EQ(FoldBinary(BinaryOp::kShl, I(1), I(63)), Integer(kMin));
  EXPECT_EQ(FoldBinary(BinaryOp::kShl, I(1), I(64)), Integer(0));
  EXPECT_EQ(FoldBinary(BinaryOp::kShl, I(-1), I(-63)), Integer(1));
  EXPECT_EQ(FoldBinary(BinaryOp::kShr, I(-1), I(63)), Integer(1));
  EXPECT_EQ(FoldBinary(BinaryOp::kShr, I(1), I(-2)), Integer(4));
  EXPECT_EQ(FoldBinary(BinaryOp::kShr, I(1), I(kMin)), Integer(0));
  EXPECT_EQ(FoldBinary(BinaryOp::kShl, I(1), I(kMin)), Integer(0));
}

TEST(ConstantFoldingTest, LeavesErrorsNansAndZerosToRunTime) {
  EXPECT_EQ(FoldBinary(BinaryOp::kIDiv, I(1), I(0)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, I(1), I(0)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kDiv, I(1), I(0)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kMod, F(1), F(0)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kSub, F(HUGE_VAL), F(HUGE_VAL)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kMul, F(0.0), F(-1.0)), std::nullopt);
  EXPECT_EQ(FoldUnary(UnaryOp::kNegate, F(0.0)), std::nullopt);
  EXPECT_EQ(FoldUnary(UnaryOp::kNegate, ConstantValue("1")), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kAdd, ConstantValue("1"), I(1)), std::nullopt);
}

TEST(ConstantFoldingTest, Logic) {
  EXPECT_EQ(FoldUnary(UnaryOp::kNot, kNil), Folded(true));
  EXPECT_EQ(FoldUnary(UnaryOp::kNot, ConstantValue(false)), Folded(true));
  EXPECT_EQ(FoldUnary(UnaryOp::kNot, I(0)), Folded(false));
  EXPECT_EQ(FoldBinary(BinaryOp::kAnd, I(1), I(2)), Integer(2));
  EXPECT_EQ(FoldBinary(BinaryOp::kAnd, kNil, I(2)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kOr, ConstantValue(false), I(2)), Integer(2));
  EXPECT_EQ(FoldBinary(BinaryOp::kOr, I(1), I(2)), std::nullopt);
}

TEST(ConstantFoldingTest, ComparisonsAndStringsAreNotFolded) {
  EXPECT_EQ(FoldBinary(BinaryOp::kLt, I(1), I(2)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kEq, I(1), I(1)), std::nullopt);
  EXPECT_EQ(FoldBinary(BinaryOp::kConcat, ConstantValue("a"), ConstantValue("b")), std::nullopt);
  EXPECT_EQ(FoldUnary(UnaryOp::kLength, ConstantValue("a")), std::nullopt);
}

}  // namespace
}  // namespace perilune::lang
