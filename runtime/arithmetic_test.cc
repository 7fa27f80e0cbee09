#include "runtime/arithmetic.h"

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

namespace perilune::vm {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(Arithmetic, IntegersWrap) {
  EXPECT_EQ(WrapAdd(kMax, 1), kMin);
  EXPECT_EQ(WrapSub(kMin, 1), kMax);
  EXPECT_EQ(WrapMul(kMax, 2), -2);
}

TEST(Arithmetic, DivisionRoundsTowardsMinusInfinity) {
  EXPECT_EQ(FloorDiv(7, 2), 3);
  EXPECT_EQ(FloorDiv(-7, 2), -4);
  EXPECT_EQ(FloorDiv(7, -2), -4);
  EXPECT_EQ(FloorDiv(kMin, -1), kMin);
  EXPECT_EQ(FloorMod(int64_t{-7}, int64_t{2}), 1);
  EXPECT_EQ(FloorMod(int64_t{7}, int64_t{-2}), -1);
  EXPECT_EQ(FloorMod(kMin, int64_t{-1}), 0);
  EXPECT_EQ(FloorMod(-7.5, 2.0), 0.5);
  EXPECT_EQ(FloorMod(7.5, -2.0), -0.5);
  EXPECT_EQ(FloorMod(-1e-200, 1e200), 1e200);
  EXPECT_EQ(FloorMod(1e-200, -3e-200), -2e-200);  // the product of remainder and divisor is too small for a float
}

TEST(Arithmetic, ShiftsAreLogicalAndTakeAnyDistance) {
  EXPECT_EQ(ShiftLeft(1, 63), kMin);
  EXPECT_EQ(ShiftLeft(1, 64), 0);
  EXPECT_EQ(ShiftLeft(-1, -60), 15);
  EXPECT_EQ(ShiftRight(-1, 60), 15);
  EXPECT_EQ(ShiftRight(1, -4), 16);
  EXPECT_EQ(ShiftRight(1, kMin), 0);
}

TEST(Arithmetic, IntegersAndFloatsCompareExactly) {
  constexpr double kTwoTo53 = 9007199254740992.0;
  constexpr int64_t kBeyond = 9007199254740993;  // no double
  EXPECT_FALSE(IntLessEqualFloat(kBeyond, kTwoTo53));
  EXPECT_TRUE(FloatLessInt(kTwoTo53, kBeyond));
  EXPECT_TRUE(IntLessFloat(kMax, 0x1p63));
  EXPECT_FALSE(FloatLessEqualInt(0x1p63, kMax));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(IntLessFloat(kMax, nan) || FloatLessInt(nan, kMin) || IntLessEqualFloat(kMin, nan) || FloatLessEqualInt(nan, kMax));
}

TEST(Arithmetic, LoopsCountWithoutOverflow) {
  bool skip;
  uint64_t count = 0;
  ASSERT_TRUE(PrepareIntegerLoop(kMin, Value::Integer(kMax), 1, &skip, &count));
  EXPECT_FALSE(skip);
  EXPECT_EQ(count, std::numeric_limits<uint64_t>::max());
  ASSERT_TRUE(PrepareIntegerLoop(kMax, Value::Integer(kMin), kMin, &skip, &count));
  EXPECT_FALSE(skip);
  EXPECT_EQ(count, 1u);
  ASSERT_TRUE(PrepareIntegerLoop(1, Value::Float(3.7), 1, &skip, &count));
  EXPECT_EQ(count, 2u);
  ASSERT_TRUE(PrepareIntegerLoop(1, Value::Float(std::numeric_limits<double>::quiet_NaN()), 1, &skip, &count));
  EXPECT_TRUE(skip);
  EXPECT_FALSE(PrepareIntegerLoop(1, Value::Nil(), 1, &skip, &count));
}

}  // namespace
}  // namespace perilune::vm
