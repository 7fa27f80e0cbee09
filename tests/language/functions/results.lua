-- The number of results: adjusted in each place a call can stand.

local function r0() end
local function r1() return 1 end
local function r3() return 1, 2, 3 end
local function rnil() return nil end
local function count(...) return select("#", ...) end

local function check()
  assert(count(r0()) == 0 and count(r1()) == 1 and count(r3()) == 3 and count(rnil()) == 1)
  assert(count((r0())) == 1 and count((r3())) == 1)
  assert(count(r3(), r3()) == 4 and count(r3(), 1) == 2 and count(r0(), r0()) == 1)
  assert(count(r3(), (r3())) == 2 and count(1, r0()) == 1)
  assert(#{ r3() } == 3 and #{ r3(), r3() } == 4 and #{ (r3()) } == 1 and #{ r3(), nil } == 1)
  assert(#{ r0(), r0(), 5 } == 3)
  local t = { r3(), x = r3(), r3() }
  assert(t[1] == 1 and t.x == 1 and t[2] == 1 and t[4] == 3)
  local a, b, c, d = r3()
  assert(a == 1 and c == 3 and d == nil)
  assert(r3() + r3() == 2 and r3() .. r3() == "11" and (r3() == 1) and not (r0() == 1))
  assert((r3() and r3()) == 1 and (r0() or "d") == "d")
  assert(-r3() == -1 and not r3() == false and #"x" == r1())
  local s = 0
  for i = r3(), 3 do s = s + i end
  assert(s == 6)
  if r3() then s = 1 end
  while r0() do s = 2 end
  assert(s == 1)
  local function tail() return r3() end
  local function notail() return (r3()) end
  local function more() return 0, r3() end
  local function ret(...) return ... end
  assert(count(tail()) == 3 and count(notail()) == 1 and count(more()) == 4 and count(ret()) == 0)
  assert(count(ret(ret(r3()))) == 3 and count(r3(r3(), r3())) == 3)
  assert(select("#", r3()) == 3 and tostring(r3()) == "1")
  r3(); r0(); (r3)()
end
for _ = 1, 300 do check() end
-- missing and extra arguments
local function abc(a, b, c) return a, b, c end
local a, b, c = abc()
assert(a == nil and b == nil and c == nil)
a, b, c = abc(1, 2, 3, 4, 5)
assert(a == 1 and b == 2 and c == 3)
a, b, c = abc(abc(7), 8)
assert(a == 7 and b == 8 and c == nil)
-- call forms without parentheses
assert(tostring"x" == "x" and tostring[[y]] == "y" and #{ 1, 2 } == select("#", table.unpack{ 1, 2 }))
local function curry(x) return function(y) return function(z) return x .. y .. z end end end
assert(curry "a" "b" "c" == "abc" and #{ curry "a" [[b]] "c" } == 1)
