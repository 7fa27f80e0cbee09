-- Places that see one type for long and then another: integers, floats, strings
-- that are numerals, tables with metamethods, and back.

local function add(a, b) return a + b end
local function mul(a, b) return a * b - b end
local function less(a, b) if a < b then return 1 else return 0 end end
local V = setmetatable({}, { __add = function() return "meta" end, __lt = function() return true end })
for i = 1, 1000 do assert(add(i, 1) == i + 1) end
for i = 1, 1000 do assert(add(i + 0.5, 1) == i + 1.5) end
for i = 1, 1000 do
  assert(add(i, 1) == i + 1 and math.type(add(i, 1)) == "integer")
  assert(math.type(add(i, 1.0)) == "float" and add(1.5, i) == i + 1.5)
  assert(add("10", i) == i + 10 and add(V, i) == "meta" and add(i, V) == "meta")
end
for i = 1, 1000 do assert(mul(i, 2) == 2 * i - 2 and mul(0.5, i) == -0.5 * i) end
for i = 1, 1000 do
  assert(less(i, i + 1) == 1 and less(i + 1, i) == 0)
  if i > 500 then assert(less(i, i + 0.5) == 1 and less("a", "b") == 1 and less(V, i) == 1) end
end
-- one variable of a loop changes type halfway
local function sum(n, switch)
  local s = 0
  for i = 1, n do
    if i == switch then s = s + 0.5 end
    s = s + i
  end
  return s
end
for _ = 1, 20 do
  assert(sum(1000, 0) == 500500 and math.type(sum(1000, 0)) == "integer")
  assert(sum(1000, 700) == 500500.5)
end
local function mixed(list)
  local n, s, o = 0, "", 0
  for i = 1, #list do
    local v = list[i]
    if type(v) == "number" then n = n + v
    elseif type(v) == "string" then s = s .. v
    else o = o + 1
    end
  end
  return n, s, o
end
local ints, all = {}, {}
for i = 1, 500 do ints[i] = i; all[i] = i end
all[100], all[200], all[300], all[400] = "x", 1.5, {}, "y"
for _ = 1, 20 do
  local n, s, o = mixed(ints)
  assert(n == 125250 and s == "" and o == 0)
  n, s, o = mixed(all)
  assert(n == 125250 - 1000 + 1.5 and s == "xy" and o == 1)
end
-- nil appears at the end of a hot loop
local function last(list)
  local i, v = 0, nil
  while true do
    i = i + 1
    local x = list[i]
    if x == nil then return v, i end
    v = x
  end
end
for _ = 1, 50 do
  local v, i = last(ints)
  assert(v == 500 and i == 501)
end
