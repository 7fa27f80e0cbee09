-- Up to 200 locals in a function and many values in flight.

local names, values = {}, {}
for i = 1, 200 do
  names[i] = "v" .. i
  values[i] = i
end
local source = "local " .. table.concat(names, ",") .. " = " .. table.concat(values, ",")
  .. " return v1 + v100 + v200, " .. table.concat(names, "+")
local f = assert(load(source))
for _ = 1, 100 do
  local a, b = f()
  assert(a == 301 and b == 20100)
end
local g, e = load("local " .. table.concat(names, ",") .. ", v201")
print(g, e)   -- expect: nil	[string "local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,..."]:1: too many local variables (limit is 200) in main function near <eof>
-- 200 parameters
f = assert(load("local function f(" .. table.concat(names, ",") .. ") return v200, v1 end return f"))()
local a, b = f(table.unpack(values))
assert(a == 200 and b == 1)
-- many nested blocks each with a local
local parts = {}
for i = 1, 150 do parts[i] = "do local x" .. i .. " = " .. i end
parts[#parts + 1] = "return x1 + x150"
for i = 1, 150 do parts[#parts + 1] = "end" end
assert(load(table.concat(parts, " "))() == 151)
-- long expression lists
local list = {}
for i = 1, 240 do list[i] = "x" .. i % 3 end
local h = assert(load("local x0, x1, x2 = 0, 1, 2 return " .. table.concat(list, ", ")))
assert(select("#", h()) == 240 and select(240, h()) == 0)
