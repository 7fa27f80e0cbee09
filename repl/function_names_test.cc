#include "repl/function_names.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lang/compile.h"
#include "lang/proto.h"

namespace perilune::vm::repl {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Names(const char* source) {
  const auto proto = lang::Compile(source, "=test");
  if (proto.ok()) return FunctionNames(**proto);
  ADD_FAILURE() << proto.status();
  return {};
}

TEST(FunctionNamesTest, Variables) {
  EXPECT_THAT(Names("function f() end"), ElementsAre("main chunk", "f"));
  EXPECT_THAT(Names("local function f() return f end"), ElementsAre("main chunk", "f"));
  EXPECT_THAT(Names("local f = function() end"), ElementsAre("main chunk", "f"));
  EXPECT_THAT(Names("local f; f = function() end"), ElementsAre("main chunk", "f"));
  EXPECT_THAT(Names("local f; local function g() f = function() end end"),
              ElementsAre("main chunk", "g", "f"));
}

TEST(FunctionNamesTest, FieldsAndMethods) {
  EXPECT_THAT(Names("Account = {} function Account.new() end function Account:deposit() end"),
              ElementsAre("main chunk", "Account.new", "Account:deposit"));
  EXPECT_THAT(Names("local t = { f = function() end }"), ElementsAre("main chunk", "f"));
}

TEST(FunctionNamesTest, Anonymous) {
  EXPECT_THAT(Names("return function() end"), ElementsAre("main chunk", "anonymous"));
  EXPECT_THAT(Names("pcall(function() end)"), ElementsAre("main chunk", "anonymous"));
}

TEST(FunctionNamesTest, ParentsComeBeforeTheirChildren) {
  EXPECT_THAT(Names("function a() local function b() end end function c() end"),
              ElementsAre("main chunk", "a", "b", "c"));
}

}  // namespace
}  // namespace perilune::vm::repl
