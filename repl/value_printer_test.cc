#include "repl/value_printer.h"

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/handles.h"
#include "runtime/library.h"
#include "runtime/load.h"
#include "runtime/object.h"

namespace perilune::vm::repl {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class ValuePrinterTest : public ::testing::Test {
 protected:
  ValuePrinterTest() { OpenLibraries(vm_); }

  // The printed value of an expression, or of what statements return.
  std::string Print(std::string_view source, const PrintLimits& limits = {}) {
    absl::StatusOr<LuaFunction*> chunk = Load(vm_, absl::StrCat("return ", source), "=test", Value::Of(vm_.globals()));
    if (!chunk.ok()) chunk = Load(vm_, source, "=test", Value::Of(vm_.globals()));
    if (!chunk.ok()) return std::string(chunk.status().message());
    Value value;
    if (!vm_.Call(Value::Of(*chunk), {}, &value)) return "error";
    const uint32_t handle = vm_.handles().Add(value);
    std::string text = ValuePrinter(vm_, limits).Print(value);
    vm_.handles().Remove(handle);
    return text;
  }

  Engine engine_;
  Isolate vm_{engine_};
};

TEST_F(ValuePrinterTest, SimpleValues) {
  EXPECT_EQ(Print("nil"), "nil");
  EXPECT_EQ(Print("false"), "false");
  EXPECT_EQ(Print("-12"), "-12");
  EXPECT_EQ(Print("2.0"), "2.0");
  EXPECT_EQ(Print("1/0"), "inf");
  EXPECT_THAT(Print("print"), StartsWith("function: builtin: "));
  EXPECT_THAT(Print("function() end"), EndsWith("<test:1>"));
  EXPECT_THAT(Print("coroutine.create(print)"), StartsWith("thread: "));
  EXPECT_THAT(Print("io.stdout"), StartsWith("file ("));
}

TEST_F(ValuePrinterTest, Strings) {
  EXPECT_EQ(Print("'it\\'s \"so\"\\\\'"), "\"it's \\\"so\\\"\\\\\"");
  EXPECT_EQ(Print("'a\\n\\t\\0\\127'"), "\"a\\n\\t\\x00\\x7F\"");
  EXPECT_EQ(Print("'\u00e4\u20ac\U0001F600'"), "\"\u00e4\u20ac\U0001F600\"");
  EXPECT_EQ(QuoteString("\xFF\xC3", 9), "\"\\xFF\\xC3\"");
  EXPECT_EQ(QuoteString("\xC0\x80\xED\xA0\x80", 9), "\"\\xC0\\x80\\xED\\xA0\\x80\"");  // overlong, surrogate
  EXPECT_EQ(QuoteString("\xC2\x9B", 9), "\"\\xC2\\x9B\"");                              // a control that terminals obey
  EXPECT_EQ(QuoteString("abcdef", 3), "\"abc\"... (6 bytes)");
  EXPECT_EQ(QuoteString("ab\u00e4", 3), "\"ab\u00e4\"");  // no half characters
}

TEST_F(ValuePrinterTest, Tables) {
  EXPECT_EQ(Print("{}"), "{}");
  EXPECT_EQ(Print("{1, 'a', {true}}"), "{1, \"a\", {true}}");
  EXPECT_EQ(Print("{b = 1, a = 2, ['and'] = 3, ['1x'] = 4, [2.5] = 5, [-1] = 6, 7}"),
            "{7, [\"1x\"] = 4, a = 2, [\"and\"] = 3, b = 1, [-1] = 6, [2.5] = 5}");
  EXPECT_EQ(Print("local t = {1, 2, 3, 4} t[2] = nil return t"), "{1, [3] = 3, [4] = 4}");
  EXPECT_EQ(Print("{[true] = 1}"), "{[true] = 1}");
}

TEST_F(ValuePrinterTest, Cycles) {
  EXPECT_EQ(Print("local t = {} t.t = t return t"), "{t = <cycle: 1 up>}");
  EXPECT_EQ(Print("local t = {x = {}} t.x.t = t return t"), "{x = {t = <cycle: 2 up>}}");
  // What is only there twice is no cycle.
  EXPECT_EQ(Print("local t = {1} return {t, t}"), "{{1}, {1}}");
  EXPECT_EQ(Print("local t = {} t[t] = 1 return t"), "{[<cycle: 1 up>] = 1}");
}

TEST_F(ValuePrinterTest, Limits) {
  EXPECT_EQ(Print("{{{{}}}}", {.depth = 2}), "{{{...}}}");
  EXPECT_EQ(Print("{1, 2, 3, a = 1}", {.entries = 2}), "{1, 2, ... (2 more)}");
  EXPECT_EQ(Print("{d = 1, c = 1, b = 1, a = 1}", {.entries = 2}), "{a = 1, b = 1, ... (2 more)}");
  EXPECT_EQ(Print("{('x'):rep(100)}", {.width = 1000, .string_bytes = 3}), "{\"xxx\"... (100 bytes)}");
  EXPECT_LT(Print("local t = {} for i = 1, 64 do t[i] = ('x'):rep(1000) end return t").size(), 25000u);
  // As wide as it may be, and wider.
  EXPECT_EQ(Print("{12, 34}", {.width = 8}), "{12, 34}");
  EXPECT_EQ(Print("{12, {34}}", {.width = 9}), "{\n  12,\n  {34}\n}");
  EXPECT_EQ(Print("{a = {12, 34}}", {.width = 8}), "{\n  a = {\n    12,\n    34\n  }\n}");
}

TEST_F(ValuePrinterTest, Metatables) {
  EXPECT_EQ(Print("setmetatable({}, {__tostring = function() return 'me' end})"), "me");
  EXPECT_EQ(Print("{setmetatable({1}, {__name = 'P'}), setmetatable({}, {__name = 'E'})}"), "{P {1}, E {}}");
  EXPECT_EQ(Print("setmetatable({}, {__tostring = function() error('no', 0) end})"), "<table: error in __tostring: no>");
  EXPECT_EQ(Print("setmetatable({}, {__tostring = function() error({}) end})"), "<table: error in __tostring: a table value>");
  EXPECT_EQ(Print("setmetatable({}, {__tostring = function() return {} end})"), "<table: error in __tostring: '__tostring' must return a string>");
  // Nothing else is asked.
  EXPECT_EQ(Print("setmetatable({1}, {__index = error, __len = error, __pairs = error, __eq = error})"), "{1}");
}

TEST_F(ValuePrinterTest, TablesThatChangeWhilePrinted) {
  EXPECT_THAT(Print("local t = {} "
                    "t.a = setmetatable({}, {__tostring = function() t.b, t.c = nil collectgarbage() return 'A' end}) "
                    "t.b = {'b', {}} t.c = ('c'):rep(50) return t"),
              HasSubstr("A"));
}

}  // namespace
}  // namespace perilune::vm::repl
