-- Functions as values: compose, curry, fold, fixed points, memoization.

local function compose(f, g) return function(...) return f(g(...)) end end
local function curry(f, n)
  if n <= 1 then return f end
  return function(a) return curry(function(...) return f(a, ...) end, n - 1) end
end
local function fold(f, z, t) for i = 1, #t do z = f(z, t[i]) end return z end
local function map(f, t) local r = {} for i = 1, #t do r[i] = f(t[i]) end return r end
local function Y(f)
  return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end)
end
local function memo(f)
  local cache = {}
  return function(n)
    local v = cache[n]
    if v == nil then v = f(n); cache[n] = v end
    return v
  end
end
local function check()
  local inc = function(x) return x + 1 end
  local dbl = function(x) return x * 2 end
  assert(compose(inc, dbl)(5) == 11 and compose(dbl, inc)(5) == 12)
  assert(compose(select, function() return 2, "a", "b" end)() == "b")
  assert(curry(function(a, b, c) return a + b * c end, 3)(1)(2)(3) == 7)
  assert(fold(function(a, b) return a + b end, 0, map(dbl, { 1, 2, 3 })) == 12)
  local fact = Y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)
  assert(fact(10) == 3628800)
  local calls = 0
  local fib
  fib = memo(function(n) calls = calls + 1; return n < 2 and n or fib(n - 1) + fib(n - 2) end)
  assert(fib(50) == 12586269025 and calls == 51)
  local t = map(function(k) return function(x) return x ^ k end end, { 1, 2, 3 })
  assert(t[1](2) == 2 and t[2](2) == 4 and t[3](2) == 8)
  assert((function(...) return select("#", ...) end)(nil, nil) == 2)
end
for _ = 1, 300 do check() end
