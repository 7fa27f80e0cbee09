-- Operands are evaluated from left to right where the reference implementation
-- does so: call arguments, table constructors, indexed calls.

local log = {}
local function f(name, v)
  log[#log + 1] = name
  return v
end
local function check()
  log = {}
  local t = { f("a", 1), f("b", 2), k = f("c", 3), [f("d", "key")] = f("e", 4) }
  assert(table.concat(log) == "abcde" and t[1] == 1 and t[2] == 2 and t.k == 3 and t.key == 4)
  log = {}
  local s = f("a", 1) + f("b", 2) * f("c", 3)
  assert(s == 7 and table.concat(log) == "abc")
  log = {}
  s = f("a", "x") .. f("b", "y") .. f("c", "z")
  assert(s == "xyz" and table.concat(log) == "abc")
  log = {}
  f("fn", math.max)(f("a", 1), f("b", 5), f("c", 3))
  assert(table.concat(log) == "fnabc")
  log = {}
  local u = {}
  f("t", u)[f("k", "key")] = f("v", 9)
  assert(table.concat(log) == "tkv" and u.key == 9)
  log = {}
  s = f("a", 2) < f("b", 1)
  assert(s == false and table.concat(log) == "ab")
  log = {}
  s = f("a", 2) > f("b", 1)
  assert(s == true and table.concat(log) == "ab")
end
for _ = 1, 300 do check() end
-- a local is read before a later operand changes it through a closure
local x = 1
local function bump() x = x + 1; return x end
local a, b, c = bump(), bump(), bump()
assert(a == 2 and b == 3 and c == 4)
