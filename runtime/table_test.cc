#include "runtime/table.h"

#include <limits>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"

namespace perilune::vm {
namespace {

class TableTest : public testing::Test {
 protected:
  Value Text(const std::string& s) { return Value::Of(vm_.NewString(s)); }
  void Set(const Value& key, const Value& value) { ASSERT_EQ(table_->Set(vm_.heap(), key, value), KeyError::kNone); }

  Engine engine_;
  Isolate vm_{engine_};
  Table* table_ = vm_.NewTable();
};

TEST_F(TableTest, IntegralFloatsAreIntegerKeys) {
  Set(Value::Float(1.0), Value::Integer(10));
  EXPECT_EQ(table_->GetInteger(1).integer, 10);
  Set(Value::Integer(1), Value::Integer(20));
  EXPECT_EQ(table_->Get(Value::Float(1.0)).integer, 20);
  EXPECT_TRUE(table_->Get(Value::Float(1.5)).IsNil());
}

TEST_F(TableTest, RefusesNilAndNaN) {
  EXPECT_EQ(table_->Set(vm_.heap(), Value::Nil(), Value::Integer(1)), KeyError::kNil);
  EXPECT_EQ(table_->Set(vm_.heap(), Value::Float(std::numeric_limits<double>::quiet_NaN()), Value::Integer(1)), KeyError::kNaN);
}

TEST_F(TableTest, LongStringsAreEqualByContent) {
  const std::string text(100, 'x');
  Set(Text(text), Value::Integer(1));
  EXPECT_EQ(table_->Get(Text(text)).integer, 1);
  EXPECT_TRUE(table_->Get(Text(text + "y")).IsNil());
}

TEST_F(TableTest, SequencesMoveToTheArrayPart) {
  for (int64_t i = 1; i <= 1000; ++i) Set(Value::Integer(i), Value::Integer(i));
  EXPECT_EQ(table_->Length(), 1000);
  EXPECT_GE(table_->array_size, 1000u);
  for (int64_t i = 1000; i > 0; --i) {
    Set(Value::Integer(i), Value::Nil());
    EXPECT_EQ(table_->Length(), i - 1);
  }
}

TEST_F(TableTest, ManyKeysOfAllKindsAreFound) {
  for (int64_t i = 0; i < 2000; ++i) {
    Set(Text("key" + std::to_string(i)), Value::Integer(i));
    Set(Value::Integer(-i * 7919), Value::Integer(i));
    Set(Value::Float(static_cast<double>(i) + 0.5), Value::Integer(i));
  }
  for (int64_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(table_->Get(Text("key" + std::to_string(i))).integer, i);
    EXPECT_EQ(table_->Get(Value::Integer(-i * 7919)).integer, i);
    EXPECT_EQ(table_->Get(Value::Float(static_cast<double>(i) + 0.5)).integer, i);
  }
}

TEST_F(TableTest, TraversalSeesEachEntryOnceThoughEntriesAreRemoved) {
  for (int64_t i = 1; i <= 50; ++i) Set(Value::Integer(i), Value::Integer(i));
  for (int64_t i = 0; i < 50; ++i) Set(Text("k" + std::to_string(i)), Value::Integer(100 + i));
  std::set<int64_t> seen;
  Value key = Value::Nil(), value;
  for (bool done;;) {
    ASSERT_EQ(table_->Next(key, &key, &value, &done), KeyError::kNone);
    if (done) break;
    EXPECT_TRUE(seen.insert(value.integer).second);
    Set(key, Value::Nil());
  }
  EXPECT_EQ(seen.size(), 100u);
  bool done;
  EXPECT_EQ(table_->Next(Text("never"), &key, &value, &done), KeyError::kNotFound);
}

TEST_F(TableTest, ANewKeyForgetsAbsentMetamethods) {
  table_->flags = 0xff;
  Set(Text("__index"), Value::Integer(1));
  EXPECT_EQ(table_->flags, 0);
}

}  // namespace
}  // namespace perilune::vm
