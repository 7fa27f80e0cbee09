-- Expressions of constants must give what the same operations give at run time
-- (a compiler may fold them, but never to another value or type).

local function same(a, b)
  assert(math.type(a) == math.type(b))
  assert(a == b or (a ~= a and b ~= b))
  if a == 0 and math.type(a) == "float" then assert(1 / a == 1 / b) end
end

local function id(...) return ... end

local function check()
  same(3 + 4, id(3) + id(4))
  same(3 - 4.0, id(3) - id(4.0))
  same(7 // 2, id(7) // id(2))
  same(-7 // 2, id(-7) // id(2))
  same(-7 % 3, id(-7) % id(3))
  same(-7.5 % 2, id(-7.5) % id(2))
  same(0.0 * -1, id(0.0) * id(-1))
  same(-0.0, -id(0.0))
  same(0 * -1, id(0) * id(-1))
  same(1 / 0, id(1) / id(0))
  same(0 / 0, id(0) / id(0))
  same(2 ^ 10, id(2) ^ id(10))
  same(5 // 0.0, id(5) // id(0.0))
  same(-5 // 0.0, id(-5) // id(0.0))
  same(5 % math.huge, id(5) % id(math.huge))
  same(1 << 63, id(1) << id(63))
  same(1 << 64, id(1) << id(64))
  same(~5, ~id(5))
  same(3.0 | 4, id(3.0) | id(4))
  same(9223372036854775807 + 1, id(9223372036854775807) + id(1))
  same(-9223372036854775807 - 2, id(-9223372036854775807) - id(2))
  same(9223372036854775807 * 2, id(9223372036854775807) * id(2))
  same("10" + 5, id("10") + id(5))
  same("10" * "2.0", id("10") * id("2.0"))
  same(-"2", -id("2"))
  same(1e308 * 10, id(1e308) * id(10))
  same(5.0 // 1, id(5.0) // id(1))
  same(10 // 3 * 3 + 10 % 3, 10)
  assert(("a" .. "b" .. 1 .. 2.0) == id("a") .. id("b") .. id(1) .. id(2.0))
end

for _ = 1, 300 do check() end

-- folding must not hide an error until the expression is evaluated
assert(load("return 1 // 0") and load("return 1 % 0") and load("return 1.5 | 1"))
assert(not pcall(load("return 1 // 0")))
assert(not pcall(load("return 1 % 0")))
assert(not pcall(load("return 1.5 | 1")))
assert(not pcall(load("return 2^63 | 1")))
