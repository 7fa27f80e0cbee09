#include "lang/ast_printer.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "lang/parser.h"

namespace perilune::lang {
namespace {

std::string Dump(std::string_view source) {
  const absl::StatusOr<std::unique_ptr<Ast>> ast = Parse(source, "=x");
  return ast.ok() ? PrintAst(**ast) : std::string(ast.status().message());
}

constexpr std::string_view kSource = R"lua(local N <const>, M <const> = f(), 2 * 3
local t = {1, x = 2, [3] = 4, f()}
function t.a:b(p, ...)
  local g <close> = function() return p, N, M end
  for i = 1, #t, 2 do
    if i == 3 then break elseif p then goto out else p = -i end
  end
  ::out::
  return g(self)
end
for k, v in pairs(t) do t[k], x = v .. "\n" .. k end
repeat local q = (...) until not q
while true do do t:a("s").b = nil end end
)lua";

constexpr std::string_view kDump = R"dump(main(...) lines 0-0, closes
  upvalue _ENV^0
  local N#0 <const> captured
  local M#1 <constant> = 6
  local t#2 captured
  local (for state)#6 <close>
  [1] local N#0, M#1 = _ENV^0.f(), (2 * 3){=6}
  [2] local t#2 = {1, ["x"] = 2, [3] = 4, _ENV^0.f()}
  [3] t#2["a"]["b"] = function{0}
  [11] for k#7, v#8 in _ENV^0.pairs(t#2) do [11]
    [11] t#2[k#7], _ENV^0.x = (v#8 .. ("\n" .. k#7))
  [12] repeat
    [12] local q#9 = paren(...)
  [12] until (not q#9)
  [13] while true
    [13] do
      [13] t#2:a("s")["b"] = nil
  close
  {0} function t.a:b(self#0, p#1, ...) lines 3-10, closes
    upvalue N^0 <const> = N#0
    upvalue t^1 = t#2
    local p#1 captured
    local g#2 <close>
    [4] local g#2 = function{0}
    [5] for i#6 = 1, (#t^1), 2 do [5]
      [6] if (i#6 == 3)
        [6] goto break@0
      elseif p#1
        [6] goto out@1
      else
        [6] p#1 = (-i#6)
    [8] label out@1
    [9] return g#2(self#0)
    close
    {0} function ?() lines 4-4
      upvalue p^0 = p#1
      upvalue N^1 <const> = ^0
      [4] return p^0, N^1, M{=6}
)dump";

TEST(AstPrinterTest, EveryConstruct) { EXPECT_EQ(Dump(kSource), kDump); }

TEST(AstPrinterTest, LongChainsNeedNoStack) {
  std::string source = "x = a";
  for (int i = 0; i < 100'000; ++i) source += i % 2 == 0 ? "+b" : ".c()";
  EXPECT_GT(Dump(source).size(), 100'000u);
}

}  // namespace
}  // namespace perilune::lang
