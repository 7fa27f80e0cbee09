-- Hot calls: different functions at one place, recursion, closures, varargs,
-- results adjusted, functions redefined.

local function apply(f, x) return f(x) end
local function inc(x) return x + 1 end
local function dbl(x) return x * 2 end
local obj = setmetatable({}, { __call = function(_, x) return x - 1 end })
for i = 1, 1000 do assert(apply(inc, i) == i + 1) end
for i = 1, 1000 do
  assert(apply(inc, i) == i + 1 and apply(dbl, i) == 2 * i and apply(obj, i) == i - 1)
  assert(apply(math.abs, -i) == i and apply(tostring, i) == tostring(i) and apply(function(x) return x end, i) == i)
end
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
assert(fib(20) == 6765)
local function ack(m, n)
  if m == 0 then return n + 1 end
  if n == 0 then return ack(m - 1, 1) end
  return ack(m - 1, ack(m, n - 1))
end
assert(ack(2, 50) == 103)
local function count(...) return select("#", ...) end
local function pass(...) return ... end
local function fixed(a, b, c) return c, b, a end
for i = 1, 1000 do
  assert(count() == 0 and count(i, i) == 2 and count(pass(i, nil)) == 2 and count(fixed(i)) == 3)
  local a, b, c = fixed(i, i + 1)
  assert(a == nil and b == i + 1 and c == i)
  local x, y, z, w = pass(i, fixed(1, 2, 3))
  assert(x == i and y == 3 and z == 2 and w == 1)
end
-- a global function replaced while it is hot
function current(x) return x end
local function use(n) local s = 0 for i = 1, n do s = s + current(1) end return s end
assert(use(1000) == 1000)
function current(x) return x * 10 end
assert(use(1000) == 10000)
current = setmetatable({}, { __call = function() return 0.5 end })
assert(use(1000) == 500)
current = nil
assert(not pcall(use, 1))
-- recursion with many parameters and locals
local function many(n, a, b, c, d, e, f)
  if n == 0 then return a + b + c + d + e + f end
  local x, y, z = a, b, c
  local r = many(n - 1, b, c, d, e, f, a)
  assert(x == a and y == b and z == c)
  return r
end
for _ = 1, 20 do assert(many(60, 1, 2, 3, 4, 5, 6) == 21) end
-- results through pcall, coroutines and select in a loop
local s = 0
for i = 1, 1000 do
  local ok, v = pcall(dbl, i)
  s = s + v + select(2, pass("x", i))
end
assert(s == 3 * 500500)
