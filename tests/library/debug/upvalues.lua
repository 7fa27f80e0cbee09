-- Upvalues, user values, registry, metatables of anything.

local a, b = 1, 2
local function f() return a + b end
local function g() b = b + 1; return a end

local function check()
  a, b = 1, 2
  assert(select("#", debug.getupvalue(f, 3)) == 0 and select("#", debug.getupvalue(f, 0)) == 0)
  local n1, v1 = debug.getupvalue(f, 1)
  local n2, v2 = debug.getupvalue(f, 2)
  assert(n1 == "a" and v1 == 1 and n2 == "b" and v2 == 2)
  assert(debug.setupvalue(f, 1, 10) == "a" and a == 10 and f() == 12 and g() == 10)
  assert(select("#", debug.setupvalue(f, 3, 1)) == 0)
  assert(debug.upvalueid(f, 1) == debug.upvalueid(g, 2) and debug.upvalueid(f, 2) == debug.upvalueid(g, 1))
  assert(debug.upvalueid(f, 1) ~= debug.upvalueid(f, 2) and debug.upvalueid(f, 9) == nil)
  assert(type(debug.upvalueid(f, 1)) == "userdata")
end
for _ = 1, 300 do check() end

-- a write is seen by code that runs
local function runs()
  local x = 1
  local function inner() return x end
  for i = 1, 3 do
    debug.setupvalue(inner, 1, i * 1.5)
    assert(x == i * 1.5)
    x = x + 1
    assert(inner() == i * 1.5 + 1)
  end
  debug.setupvalue(inner, 1, "s")
  return x
end
for _ = 1, 300 do assert(runs() == "s") end

-- joining
local function counter() local n = 0; return function() n = n + 1; return n end end
for _ = 1, 100 do
  local c, d = counter(), counter()
  c(); c()
  assert(debug.upvalueid(c, 1) ~= debug.upvalueid(d, 1))
  assert(select("#", debug.upvaluejoin(d, 1, c, 1)) == 0)
  assert(debug.upvalueid(c, 1) == debug.upvalueid(d, 1) and d() == 3 and c() == 4)
end

-- _ENV is one
local chunk = load("return x")
print(debug.getupvalue(chunk, 1) == "_ENV", select(2, debug.getupvalue(chunk, 1)) == _G)  -- expect: true	true
debug.setupvalue(chunk, 1, { x = "other" })
print(chunk())                                      -- expect: other

print(pcall(debug.getupvalue, f))                   -- expect: false	bad argument #2 to 'debug.getupvalue' (number expected, got no value)
print(pcall(debug.getupvalue, 1, 1))                -- expect: false	bad argument #1 to 'debug.getupvalue' (function expected, got number)
print(pcall(debug.setupvalue, f, 1))                -- expect: false	bad argument #3 to 'debug.setupvalue' (value expected)
print(pcall(debug.upvaluejoin, f, 9, g, 1))         -- expect: false	bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)
print(pcall(debug.upvaluejoin, f, 1, g, 9))         -- expect: false	bad argument #4 to 'debug.upvaluejoin' (invalid upvalue index)
print(pcall(debug.upvaluejoin, print, 1, g, 1))     -- expect: false	bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)
print(pcall(debug.upvalueid, {}, 1))                -- expect: false	bad argument #1 to 'debug.upvalueid' (function expected, got table)

-- user values: files have none
print(debug.getuservalue(io.stdout), debug.getuservalue(1), debug.setuservalue(io.stdout, 1))  -- expect: nil	nil	nil
print(pcall(debug.setuservalue, 1, 2))              -- expect: false	bad argument #1 to 'debug.setuservalue' (userdata expected, got number)

assert(type(debug.getregistry()) == "table" and debug.getregistry()[2] == _G and type(debug.getregistry()[1]) == "thread")
print(debug.setcstacklimit(100))                    -- expect: 200

-- metatables of basic types
print(debug.setmetatable(10, { __index = { double = function(n) return n * 2 end } }), (7):double())  -- expect: 10	14
debug.setmetatable(10, nil)
print(pcall(function() return (7).x end))           -- expect: false	tests/library/debug/upvalues.lua:70: attempt to index a number value
local protected = setmetatable({}, { __metatable = "locked" })
print(getmetatable(protected), type(debug.getmetatable(protected)))  -- expect: locked	table
print(pcall(debug.setmetatable, {}, 1))             -- expect: false	bad argument #2 to 'debug.setmetatable' (nil or table expected, got number)
