-- __call: arguments, results, chains, tail calls, as iterators and handlers.

local function check()
  local f = setmetatable({ n = 0 }, { __call = function(self, ...) self.n = self.n + 1; return select("#", ...), ... end })
  assert(f() == 0 and f.n == 1)
  local c, a, b = f(10, 20)
  assert(c == 2 and a == 10 and b == 20 and f.n == 2)
  assert(select("#", f(1, nil)) == 3 and #{ f(7, 8) } == 3)
  local t = { f = f }
  assert(t.f(1) == 1 and (t:f(1)) == 2)
  -- a chain: the __call of a __call
  local inner = setmetatable({}, { __call = function(me, self, x) return me, self, x end })
  local outer = setmetatable({}, { __call = inner })
  local m, s, x = outer("arg")
  assert(m == inner and s == outer and x == "arg")
  local third = setmetatable({}, { __call = outer })
  m, s, x = third("arg")
  assert(m == inner and s == outer and x == third)
  -- in every position
  local function tail(...) return f(...) end
  assert(tail(1, 2) == 2 and pcall(f, 1) == true and select(2, pcall(f, 1)) == 1)
  local sum = 0
  local it = setmetatable({}, { __call = function(_, limit, i) if i < limit then return i + 1 end end })
  for i in it, 4, 0 do sum = sum + i end
  assert(sum == 10)
  assert(("abc"):gsub("%w", setmetatable({}, { __index = function(_, k) return k .. "." end })) == "a.b.c.")
  local co = coroutine.wrap(function(...) return f(...) end)
  assert(co(1, 2, 3) == 3)
end
for _ = 1, 300 do check() end

print(pcall(setmetatable({}, {})))                              -- expect: false	attempt to call a table value
print(pcall(setmetatable({}, { __call = 5 })))                  -- expect: false	attempt to call a number value
print(pcall(setmetatable({}, { __call = {} })))                 -- expect: false	attempt to call a table value
print(pcall(function() local obj = setmetatable({}, { __name = "Obj" }); obj() end)) -- expect: false	tests/language/metatables/call.lua:35: attempt to call a Obj value (local 'obj')
