#include "repl/session_locals.h"

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/handles.h"
#include "runtime/library.h"
#include "runtime/object.h"

namespace perilune::vm::repl {
namespace {

using ::testing::ElementsAre;

class SessionLocalsTest : public ::testing::Test {
 protected:
  SessionLocalsTest() { OpenLibraries(vm_); }

  // Runs a chunk; its first result, or the error, as text.
  std::string Run(std::string_view source) {
    const absl::StatusOr<SessionLocals::Chunk> chunk = locals_.Compile(source, "=test");
    if (!chunk.ok()) return std::string(chunk.status().message());
    const uint32_t handle = vm_.handles().Add(Value::Of(chunk->main));
    Value result;
    const bool ok = vm_.Call(Value::Of(chunk->main), {}, &result);
    locals_.Adopt(*chunk);
    vm_.handles().Remove(handle);
    vm_.CollectGarbage();
    String* text;
    return vm_.ToDisplayString(ok ? result : vm_.error, &text) ? std::string(text->view()) : "";
  }

  Engine engine_;
  Isolate vm_{engine_};
  SessionLocals locals_{vm_};
};

TEST_F(SessionLocalsTest, LiveOn) {
  Run("local a, b = 1, {} function b.get() return a end");
  EXPECT_EQ(Run("return a"), "1");
  Run("a = 2");
  EXPECT_EQ(Run("return b.get()"), "2");
  EXPECT_EQ(Run("return _G.a"), "nil");
  EXPECT_THAT(locals_.names(), ElementsAre("a", "b"));
}

TEST_F(SessionLocalsTest, Functions) {
  Run("local function f(n) return n == 0 and 'end' or f(n - 1) end");
  EXPECT_EQ(Run("return f(3)"), "end");
  EXPECT_EQ(Run("local function g() return f(1) end return g()"), "end");
}

TEST_F(SessionLocalsTest, NewDeclarationsHideOldOnes) {
  Run("local x = 'old' function old() return x end");
  Run("local x = x .. '+'");
  EXPECT_EQ(Run("return old() .. x"), "oldold+");
  Run("local x, x = 1, 2");
  EXPECT_EQ(Run("return x"), "2");
  EXPECT_THAT(locals_.names(), ElementsAre("x"));
}

TEST_F(SessionLocalsTest, OnlyTheTopLevelLivesOn) {
  Run("do local inner = 1 end for i = 1, 1 do local looped = 1 end if true then local branch = 1 end");
  EXPECT_EQ(Run("return inner or looped or branch or i"), "nil");
}

TEST_F(SessionLocalsTest, Constants) {
  Run("local a <const>, b <const>, s <const> = {}, 5, 'text'");
  EXPECT_EQ(Run("return b + 1"), "6");
  EXPECT_EQ(Run("return s"), "text");
  EXPECT_EQ(Run("return type(a)"), "table");
  EXPECT_EQ(Run("a = 1"), "test:1: attempt to assign to const variable 'a'");
  EXPECT_EQ(Run("b = 1"), "test:1: attempt to assign to const variable 'b'");
  EXPECT_EQ(Run("local function f() b = 1 end"), "test:1: attempt to assign to const variable 'b'");
  Run("local n <const>, t <const>, f <const> = nil, true, 0.5");
  EXPECT_EQ(Run("return tostring(n) .. tostring(t) .. f"), "niltrue0.5");
  // It can be captured, and hidden.
  EXPECT_EQ(Run("return (function() return b end)()"), "5");
  Run("local b = 7");
  EXPECT_EQ(Run("b = b + 1 return b"), "8");
}

TEST_F(SessionLocalsTest, VariablesToBeClosedEndWithTheirChunk) {
  Run("local c <close> = setmetatable({}, {__close = function() closed = true end})");
  EXPECT_EQ(Run("return closed and c"), "nil");
}

TEST_F(SessionLocalsTest, OfFailedChunks) {
  EXPECT_EQ(Run("local before = 1 error('stop', 0) local after = 2"), "stop");
  EXPECT_EQ(Run("return before"), "1");
  EXPECT_EQ(Run("return after"), "nil");
  EXPECT_EQ(Run("local broken = "), "test:1: unexpected symbol near <eof>");
  EXPECT_EQ(Run("return broken"), "nil");
}

TEST_F(SessionLocalsTest, ErrorsAreOnTheirLines) {
  EXPECT_EQ(Run("local a = 1\nlocal b = 2\nlocal c = a.x.y"), "test:3: attempt to index a number value (local 'a')");
}

TEST_F(SessionLocalsTest, ReturnsAndJumps) {
  EXPECT_EQ(Run("local r = 5 return r"), "5");
  EXPECT_EQ(Run("return (function() return r end)()"), "5");
  EXPECT_EQ(Run("goto done do local x = 1 end ::done::"), "nil");
  Run("n, fs = 0, {} ::again:: local v = n fs[#fs + 1] = function() return v end n = n + 1 if n < 3 then goto again end");
  EXPECT_EQ(Run("return fs[1]() .. fs[2]() .. fs[3]() .. v"), "0122");
}

TEST_F(SessionLocalsTest, TheEnvironment) {
  Run("local _ENV = {tostring = tostring, where = 'here'}");
  EXPECT_EQ(Run("x = where return x"), "here");
  EXPECT_EQ(Run("return tostring(print)"), "nil");
}

TEST_F(SessionLocalsTest, ManyVariables) {
  std::string source;
  for (int i = 0; i < 150; ++i) source += "local v" + std::to_string(i) + " = " + std::to_string(i) + "\n";
  EXPECT_EQ(Run(source), "nil");
  EXPECT_EQ(Run("return v0 + v149"), "149");
  for (int i = 150; i < 300; ++i) Run("local v" + std::to_string(i) + " = " + std::to_string(i));
  EXPECT_EQ(Run("return v299 + v1"), "300");
}

}  // namespace
}  // namespace perilune::vm::repl
