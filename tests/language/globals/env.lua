-- _ENV: globals are its fields; as a local, a parameter, an upvalue, a load argument.

local function check()
  x_global = 5
  assert(_ENV.x_global == 5 and _G.x_global == 5 and _ENV == _G)
  _ENV.x_global = nil
  assert(x_global == nil)
  local print, assert, type = print, assert, type
  do
    local _ENV = { a = 1 }
    assert(a == 1 and b == nil)
    b = 2
    assert(_ENV.b == 2)
    function f() return a + b end
    assert(_ENV.f() == 3)
  end
  local function sandbox(_ENV) y = (y or 0) + 1; return y, _ENV end
  local env = {}
  assert(sandbox(env) == 1 and sandbox(env) == 2 and env.y == 2)
  local function with(_ENV) return function() n = n + 1; return n end end
  local e1, e2 = { n = 0 }, { n = 10 }
  local f1, f2 = with(e1), with(e2)
  assert(f1() == 1 and f1() == 2 and f2() == 11 and e1.n == 2)
  -- an _ENV with metamethods
  do
    local log = {}
    local _ENV <const> = (setmetatable or _G.setmetatable)({}, { __index = function(_, k) return "get " .. k end,
      __newindex = function(t, k, v) log[#log + 1] = k end })
    assert(anything == "get anything")
    something = 1
    assert(log[1] == "something" and something == "get something")
  end
end
for _ = 1, 300 do check() end

assert(load("return a", "c", "t", { a = 7 })() == 7)
local env = {}
load("v = 1; function g() return v end", "c", "t", env)()
assert(env.v == 1 and env.g() == 1 and v == nil)
assert(load("local _ENV = {x = 9}; return x")() == 9)
print(pcall(function() local _ENV = nil; return x end))         -- expect: false	tests/language/globals/env.lua:41: attempt to index a nil value (local '_ENV')
print(pcall(function() local _ENV = 5; x = 1 end))              -- expect: false	tests/language/globals/env.lua:42: attempt to index a number value (local '_ENV')
print(pcall(load("return x.y", "=c", "t", {})))                 -- expect: false	c:1: attempt to index a nil value (global 'x')
print(pcall(load("local _ENV = {}; return x.y", "=c")))         -- expect: false	c:1: attempt to index a nil value (global 'x')
print(pcall(load("local _ENV = {}; x()", "=c")))                -- expect: false	c:1: attempt to call a nil value (global 'x')
print(pcall(load("return x", "=c", "t", nil)))                  -- expect: false	c:1: attempt to index a nil value (upvalue '_ENV')
-- functions of one chunk share the chunk's _ENV variable
local f = load("return function() return q end, function(e) _ENV = e end")
local get, set = f()
set({ q = "changed" })
assert(get() == "changed" and q == nil)
