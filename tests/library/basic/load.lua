-- load: strings and functions, chunk names, modes, environments, errors.

local function check()
  assert(load("return 1 + 1")() == 2 and load("return ...")(5) == 5)
  assert(select("#", load("")()) == 0 and load("x =") == nil)
  local f, e = load("x =")
  assert(f == nil and type(e) == "string")
  -- pieces by a function
  local parts, i = { "return ", "", "1", " + ", "41" }, 0
  -- an empty piece ends the chunk
  f = load(function() i = i + 1; return parts[i] end)
  assert(f and f() == nil)
  parts, i = { "ret", "urn 4", "2" }, 0
  f = load(function() i = i + 1; return parts[i] end)
  assert(f() == 42)
  i = 0
  local text = "local s = 0 for i = 1, 10 do s = s + i end return s"
  f = load(function() i = i + 1; if i <= #text then return text:sub(i, i) end end)
  assert(f() == 55)
  -- environments
  local env = { v = 3 }
  assert(load("v = v + 1 return v", "c", "t", env)() == 4 and env.v == 4 and v == nil)
  local n = load("return _ENV", "c", "t", nil)
  assert(n() == nil)
  assert(load("return _ENV")() == _G)
  -- each load makes a new function with its own upvalues
  local a, b = load("local n = 0 return function() n = n + 1 return n end"), nil
  local c1, c2 = a(), a()
  assert(c1() == 1 and c1() == 2 and c2() == 1)
end
for _ = 1, 300 do check() end
print(load("x =", "=name"))                           -- expect: nil	name:1: unexpected symbol near <eof>
print(load("x =", "@name"))                           -- expect: nil	name:1: unexpected symbol near <eof>
print(load("x =", "name"))                            -- expect: nil	[string "name"]:1: unexpected symbol near <eof>
print(load("x ="))                                    -- expect: nil	[string "x ="]:1: unexpected symbol near <eof>
print(load("return 1", "c", "b"))                     -- expect: nil	attempt to load a text chunk (mode is 'b')
print(load("return 1", "c", "t") ~= nil)              -- expect: true
print(load("return 1", "c", "bt") ~= nil)             -- expect: true
print(load("\27Lua", "c", "t"))                       -- expect: nil	attempt to load a binary chunk (mode is 't')
print(pcall(load, function() return {} end))           -- expect: true	nil	reader function must return a string
print(pcall(load, function() error("reader") end))    -- expect: true	nil	tests/library/basic/load.lua:41: reader
print(pcall(load, function() return nil end) ~= nil)  -- expect: true
print(pcall(load, nil))                               -- expect: false	bad argument #1 to 'load' (function expected, got nil)
print(pcall(load, {}))                                -- expect: false	bad argument #1 to 'load' (function expected, got table)
print(load(5 .. "") == nil)                           -- expect: true
