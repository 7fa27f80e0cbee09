-- Tail calls do not grow the stack, whatever is called.

local function loop(n, acc)
  if n == 0 then return acc end
  return loop(n - 1, acc + 1)
end
assert(loop(1000000, 0) == 1000000)

local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
assert(even(300000) and odd(300001))

local obj = { count = 0 }
function obj:step(n)
  if n == 0 then return self.count end
  self.count = self.count + 1
  return self:step(n - 1)
end
assert(obj:step(300000) == 300000)

local function va(n, ...)
  if n == 0 then return select("#", ...), ... end
  return va(n - 1, ...)
end
local c, x, y = va(300000, "a", "b")
assert(c == 2 and x == "a" and y == "b")

-- different numbers of arguments and results at each step
local function grow(n, a, b, c, d)
  if n == 0 then return a, b, c, d end
  if n % 3 == 0 then return grow(n - 1, a) end
  if n % 3 == 1 then return grow(n - 1, n, a, b) end
  return grow(n - 1, 1, 2, 3, 4)
end
local p, q = grow(100001)
assert(p == 1 and q == 1)

-- through C functions and callable tables
local call = setmetatable({}, { __call = function(self, n) if n == 0 then return "done" end return self(n - 1) end })
assert(call(100000) == "done")
local function viaselect(n) if n == 0 then return "end" end return select(2, n, viaselect(n - 1)) end
assert(viaselect(50) == "end")
-- not tail calls: the results are changed
local function nottail(n) if n == 0 then return 0 end return 1 + nottail(n - 1) end
assert(nottail(10000) == 10000)
local function adjusted(n) if n == 0 then return 1, 2 end return (adjusted(n - 1)) end
assert(select("#", adjusted(1000)) == 1)
-- a state machine of tail calls in coroutines
local co = coroutine.wrap(function(n)
  local function a(k) if k == 0 then return "over" end coroutine.yield(k) return a(k - 1) end
  return a(n)
end)
local last
for i = 1, 301 do last = co(300) end
assert(last == "over")
-- short tail calls run often
local function inner(a, b) return b, a end
local function outer(a, b) return inner(a, b) end
for i = 1, 300 do
  local a, b = outer(i, -i)
  assert(a == -i and b == i)
end
