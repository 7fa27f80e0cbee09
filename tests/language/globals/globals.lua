-- Global variables: reading what is not there, assigning nil, functions, _G.

local function check(i)
  assert(undefined == nil)
  counter = (counter or 0) + 1
  assert(counter == i and _G.counter == i and _G["counter"] == i and rawget(_G, "counter") == i)
  function named(x) return x * 2 end
  assert(named(4) == 8 and _G.named == named)
  local counter = "local"
  assert(_G.counter == i and counter == "local")
  temp = true
  temp = nil
  assert(rawget(_G, "temp") == nil)
end
for i = 1, 300 do check(i) end
-- library functions can be replaced, and the change is seen at once
local old = tostring
local function show(x) return tostring(x) end
for i = 1, 300 do assert(show(1) == "1") end
tostring = function(x) return "new " .. old(x) end
for i = 1, 300 do assert(show(1) == "new 1") end
tostring = old
assert(show(1) == "1")
local floor = math.floor
math.floor = function() return "fake" end
local function fl(x) return math.floor(x) end
for i = 1, 100 do assert(fl(1.5) == "fake") end
math.floor = floor
for i = 1, 100 do assert(fl(1.5) == 1) end
string.shout = function(s) return s:upper() .. "!" end
assert(("hi"):shout() == "HI!")
string.shout = nil
-- many globals
for i = 1, 500 do _G["g" .. i] = i end
assert(g1 == 1 and g500 == 500)
local n = 0
for i = 1, 500 do n = n + _G["g" .. i]; _G["g" .. i] = nil end
assert(n == 125250 and g1 == nil and g500 == nil)
assert(_G._G == _G and _VERSION == "Lua 5.4" and type(_ENV) == "table")
-- strict mode by a metatable
setmetatable(_G, { __newindex = function(_, k) error("assign to undeclared " .. k, 2) end,
  __index = function(_, k) error("undeclared " .. k, 2) end })
print(pcall(function() return not_declared end))  -- expect: false	tests/language/globals/globals.lua:43: undeclared not_declared
print(pcall(function() not_declared = 1 end))     -- expect: false	tests/language/globals/globals.lua:44: assign to undeclared not_declared
setmetatable(_G, nil)
