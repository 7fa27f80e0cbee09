-- closures: measures making and calling closures, upvalues shared and private,
-- and higher-order functions (compose, map, filter, fold).
-- Source: written for this suite.
-- arg[1]: how many rounds (default 500000, quick 60000)

local n = tonumber(arg and arg[1]) or 500000

-- counters: private and shared upvalues
local function counter(step)
  local c = 0
  return function() c = c + step; return c end, function() return c end
end
local up, get = counter(3)
for _ = 1, n * 5 do up() end
print("counter", get())

-- a fresh upvalue for each iteration
local getters = {}
for i = 1, 1000 do
  getters[i] = function(d) i = i + d; return i end
end
local sum = 0
for r = 1, n // 200 do
  for i = 1, 1000 do sum = sum + getters[i](r & 1) end
end
print("fresh", sum)

-- higher-order functions
local function map(f, t)
  local r = {}
  for i = 1, #t do r[i] = f(t[i]) end
  return r
end
local function filter(p, t)
  local r = {}
  for i = 1, #t do
    local v = t[i]
    if p(v) then r[#r + 1] = v end
  end
  return r
end
local function fold(f, z, t)
  for i = 1, #t do z = f(z, t[i]) end
  return z
end
local function compose(f, ...)
  if select("#", ...) == 0 then return f end
  local g = compose(...)
  return function(...) return f(g(...)) end
end
local function curry(f)
  return function(a) return function(b) return f(a, b) end end
end

local numbers = {}
for i = 1, 1000 do numbers[i] = i end
local add = curry(function(a, b) return a + b end)
local total = 0
for r = 1, n // 1000 do
  local k = r % 13
  local f = compose(add(k), function(x) return x * 2 end, add(-k), math.abs)
  total = total + fold(function(a, b) return (a + b) % 1000003 end, 0,
    filter(function(x) return x % 3 == k % 3 end, map(f, numbers)))
end
print("folded", total)

-- closures made in a hot loop
local last = 0
for i = 1, n * 3 do
  local x = i
  local f = function(y) return x + y end
  last = f(last) % 65537
end
print("made", last)

-- recursion through an upvalue (Church-like numerals)
local function church(k)
  if k == 0 then return function() return function(x) return x end end end
  local m = church(k - 1)
  return function(f) return function(x) return f(m(f)(x)) end end
end
local twenty = church(20)
local c = 0
for _ = 1, n // 40 do
  c = twenty(function(x) return x + 1 end)(c) % 1000
end
print("church", c)
