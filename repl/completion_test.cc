#include "repl/completion.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "repl/session_locals.h"
#include "runtime/engine.h"
#include "runtime/handles.h"
#include "runtime/library.h"

namespace perilune::vm::repl {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class CompletionTest : public ::testing::Test {
 protected:
  CompletionTest() { OpenLibraries(vm_); }

  void Run(std::string_view source) {
    const absl::StatusOr<SessionLocals::Chunk> chunk = locals_.Compile(source, "=test");
    ASSERT_TRUE(chunk.ok()) << chunk.status();
    const uint32_t handle = vm_.handles().Add(Value::Of(chunk->main));
    Value ignored;
    ASSERT_TRUE(vm_.Call(Value::Of(chunk->main), {}, &ignored));
    locals_.Adopt(*chunk);
    vm_.handles().Remove(handle);
  }

  std::vector<std::string> Texts(std::string_view text) { return Complete(vm_, locals_, text).texts; }

  Engine engine_;
  Isolate vm_{engine_};
  SessionLocals locals_{vm_};
};

TEST_F(CompletionTest, Words) {
  EXPECT_THAT(Texts("whi"), ElementsAre("while"));
  EXPECT_THAT(Texts("x = setm"), ElementsAre("setmetatable"));
  EXPECT_THAT(Texts("en"), ElementsAre("end"));
  EXPECT_THAT(Texts("end"), ElementsAre("end"));
  EXPECT_THAT(Texts("nosuchname"), IsEmpty());
  EXPECT_THAT(Texts(""), IsEmpty());
  EXPECT_THAT(Texts("x = "), IsEmpty());
  EXPECT_EQ(Complete(vm_, locals_, "x = setm").begin, 4u);
}

TEST_F(CompletionTest, NotInsideOfStringsAndComments) {
  EXPECT_THAT(Texts("'whi"), IsEmpty());
  EXPECT_THAT(Texts("-- whi"), IsEmpty());
  EXPECT_THAT(Texts("[[whi"), IsEmpty());
  EXPECT_THAT(Texts("--[[ whi"), IsEmpty());
  EXPECT_THAT(Texts("12"), IsEmpty());
  EXPECT_THAT(Texts("--[[ x ]] whi"), ElementsAre("while"));
}

TEST_F(CompletionTest, Fields) {
  EXPECT_THAT(Texts("string.fo"), ElementsAre("format"));
  EXPECT_THAT(Texts("string . fo"), ElementsAre("format"));
  EXPECT_THAT(Texts("_G.string.fo"), ElementsAre("format"));
  EXPECT_THAT(Texts("f(string.fo"), ElementsAre("format"));
  EXPECT_THAT(Texts("utf8."), Contains("char"));
  EXPECT_THAT(Texts("nosuch.fo"), IsEmpty());
  EXPECT_THAT(Texts("f().fo"), IsEmpty());
  EXPECT_THAT(Texts("(string).fo"), ElementsAre("format"));
  Run("t = {a = {deep = 1}, ['not a name'] = 1, ['end'] = 2, [1] = {one = 1}, ['k y'] = {two = 2}}");
  EXPECT_THAT(Texts("t."), ElementsAre("a"));
  EXPECT_THAT(Texts("t.a.d"), ElementsAre("deep"));
  EXPECT_THAT(Texts("t['a'].d"), ElementsAre("deep"));
  EXPECT_THAT(Texts("t[1].o"), ElementsAre("one"));
  EXPECT_THAT(Texts("t['k y'].t"), ElementsAre("two"));
}

TEST_F(CompletionTest, Methods) {
  EXPECT_THAT(Texts("('x'):uppe"), ElementsAre("upper"));
  Run("Base = {method = print, mark = 1} Base.__index = Base Sub = setmetatable({more = print}, Base) Sub.__index = Sub obj = setmetatable({}, Sub)");
  EXPECT_THAT(Texts("obj:m"), ElementsAre("method", "more"));
  EXPECT_THAT(Texts("obj.m"), ElementsAre("mark", "method", "more"));
}

TEST_F(CompletionTest, CallsNothing) {
  Run("calls = 0 odd = setmetatable({}, {__index = function() calls = calls + 1 return {} end})");
  EXPECT_THAT(Texts("odd.x.y"), IsEmpty());
  Run("loop = {} setmetatable(loop, loop) loop.__index = loop");
  EXPECT_THAT(Texts("loop.__i"), ElementsAre("__index"));
  EXPECT_THAT(Texts("loop.x.y"), IsEmpty());
  Run("assert(calls == 0)");
}

TEST_F(CompletionTest, SessionVariables) {
  Run("local mine, text <const>, number <const> = {field = 1}, 'x', 5");
  EXPECT_THAT(Texts("min"), ElementsAre("mine"));
  EXPECT_THAT(Texts("mine.f"), ElementsAre("field"));
  EXPECT_THAT(Texts("text:low"), ElementsAre("lower"));
  EXPECT_THAT(Texts("numb"), ElementsAre("number"));
}

// Whatever is typed on the way to a text.
TEST_F(CompletionTest, AnyText) {
  Run("local t = {a = {b = {}}, ['k'] = 'x'}");
  constexpr std::string_view kText = ":tier (t).a.b['k'][1]:x(t.a,('s'):len(),[[q]]).c --x\n..t.k:up ..\"y\".z 12.e :: :load :: ) ] . : t";
  for (size_t begin = 0; begin <= kText.size(); ++begin) {
    for (size_t size = 0; begin + size <= kText.size(); ++size) {
      const std::string_view text = kText.substr(begin, size);
      ASSERT_LE(Complete(vm_, locals_, text).begin, text.size()) << text;
    }
  }
}

TEST_F(CompletionTest, Commands) {
  EXPECT_THAT(Texts(":"), Contains(":help"));
  EXPECT_THAT(Texts(":ti"), ElementsAre(":tier", ":time"));
  EXPECT_THAT(Texts(":tier string.fo"), ElementsAre("format"));
  EXPECT_EQ(Complete(vm_, locals_, ":tier string.fo").begin, 13u);
  EXPECT_THAT(Texts(":tier whi"), Not(Contains("while")));  // what follows is an expression
  EXPECT_THAT(Texts(":gc x"), IsEmpty());
  const Completions file = Complete(vm_, locals_, ":load some/fi");
  EXPECT_TRUE(file.is_file);
  EXPECT_EQ(file.begin, 6u);
}

}  // namespace
}  // namespace perilune::vm::repl
