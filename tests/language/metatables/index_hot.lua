-- The same places of a program reading from tables with different metatables:
-- what was learned about one table must not be applied to another.

local function get(t) return t.x end
local function getk(t, k) return t[k] end
local function geti(t) return t[1] end
local plain = { x = 1, "a" }
local inherits = setmetatable({}, { __index = { x = 2, "b" } })
local computed = setmetatable({}, { __index = function(_, k) return k == 1 and "c" or 3 end })
local empty = {}
local twice = setmetatable({}, { __index = setmetatable({}, { __index = { x = 4, "d" } }) })
for i = 1, 1000 do
  assert(get(plain) == 1 and geti(plain) == "a" and getk(plain, "x") == 1)
end
for i = 1, 1000 do
  assert(get(inherits) == 2 and get(computed) == 3 and get(empty) == nil and get(twice) == 4)
  assert(get(plain) == 1 and geti(inherits) == "b" and geti(computed) == "c" and geti(empty) == nil)
  assert(geti(twice) == "d" and getk(twice, "x") == 4 and getk(empty, "x") == nil)
end
-- a class changed while its objects are used
local C = {}
C.__index = C
function C:m() return "old" end
local o = setmetatable({}, C)
local function call(obj) return obj:m() end
for i = 1, 600 do
  if i == 301 then function C:m() return "new" end end
  if i == 501 then o.m = function() return "own" end end
  assert(call(o) == (i > 500 and "own" or i > 300 and "new" or "old"))
end
o.m = nil
assert(call(o) == "new")
C.m = nil
assert(not pcall(call, o))
setmetatable(o, { __index = { m = function() return "other" end } })
assert(call(o) == "other")
-- a metatable given to a table long in use, and taken away
local t = { x = 1 }
local function sum(n) local s = 0 for i = 1, n do s = s + (t.x or 0) + (t.y or 0) end return s end
assert(sum(500) == 500)
setmetatable(t, { __index = { y = 10 } })
assert(sum(500) == 5500)
setmetatable(t, nil)
assert(sum(500) == 500)
t.y = 1
assert(sum(500) == 1000)
t.x = nil
assert(sum(500) == 500)
-- globals through a metatable of _G
setmetatable(_G, { __index = function(_, k) return "global " .. k end })
local function g() return some_name end
for _ = 1, 300 do assert(g() == "global some_name") end
some_name = 5
for _ = 1, 300 do assert(g() == 5) end
some_name = nil
setmetatable(_G, nil)
assert(g() == nil)
