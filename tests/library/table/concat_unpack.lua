-- table.concat, pack and unpack.

local function check()
  local t = { 1, "two", 3.5, "four" }
  assert(table.concat(t) == "1two3.5four" and table.concat(t, ",") == "1,two,3.5,four" and table.concat(t, ", ", 2) == "two, 3.5, four" and table.concat(t, "-", 2, 3) == "two-3.5")
  assert(table.concat(t, "", 5) == "" and table.concat(t, ",", 3, 2) == "" and table.concat({}) == "" and table.concat({}, ",") == "" and table.concat({ "x" }, ",") == "x" and table.concat(t, 0) == "10two03.50four")
  assert(table.concat({ [5] = "a", [6] = "b" }, "+", 5, 6) == "a+b" and table.concat({ "a", "b" }, "\0") == "a\0b" and table.concat({ [0] = "z", "a" }, ",", 0, 1) == "z,a")
  assert(table.concat({ 1.0, -0.0, 1e100 }, " ") == "1.0 -0.0 1e+100")
  assert(table.concat({ [math.maxinteger] = "max" }, ",", math.maxinteger, math.maxinteger) == "max")
  local p = table.pack()
  assert(p.n == 0 and #p == 0)
  p = table.pack(nil, 2, nil)
  assert(p.n == 3 and p[1] == nil and p[2] == 2 and p[3] == nil)
  local a, b, c = table.unpack({ 1, 2, 3 })
  assert(a == 1 and b == 2 and c == 3)
  a, b, c = table.unpack({ 1, 2, 3 }, 2)
  assert(a == 2 and b == 3 and c == nil)
  a, b = table.unpack({ 1, 2, 3 }, 2, 2)
  assert(a == 2 and b == nil)
  assert(select("#", table.unpack({}, 1, 3)) == 3 and select("#", table.unpack({}, 2, 1)) == 0 and select("#", table.unpack({})) == 0)
  assert(select("#", table.unpack({ 1, nil, 3 }, 1, 3)) == 3 and (table.unpack({ 1, 2 }, -1, 1)) == nil and select("#", table.unpack({ 1, 2 }, -1, 1)) == 3)
  assert(table.unpack({ [math.maxinteger] = 7 }, math.maxinteger, math.maxinteger) == 7 and select("#", table.unpack({}, math.maxinteger, math.mininteger)) == 0)
  assert(math.max(table.unpack({ 3, 9, 4 })) == 9 and #{ table.unpack({ 1, 2, 3 }) } == 3)
end
for _ = 1, 300 do check() end
local big = {}
for i = 1, 10000 do big[i] = i end
assert(#table.concat(big, " ") == 48893)
local w = setmetatable({}, { __index = function(_, i) return "i" .. i end, __len = function() return 4 end })
print(table.concat(w, ","), table.unpack(w, 2, 3))            -- expect: i1,i2,i3,i4	i2	i3
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e(table.concat, { 1, {}, 3 })             -- expect: invalid value (table) at index 2 in table for 'concat'
e(table.concat, { 1, 2 }, ",", 1, 3)      -- expect: invalid value (nil) at index 3 in table for 'concat'
e(table.concat, { true })                 -- expect: invalid value (boolean) at index 1 in table for 'concat'
e(table.concat, { print }, ",")           -- expect: invalid value (function) at index 1 in table for 'concat'
e(table.concat)                           -- expect: bad argument #1 to 'table.concat' (table expected, got no value)
e(table.concat, 5)                        -- expect: bad argument #1 to 'table.concat' (table expected, got number)
e(table.concat, {}, {})                   -- expect: bad argument #2 to 'table.concat' (string expected, got table)
e(table.concat, {}, ",", "x")             -- expect: bad argument #3 to 'table.concat' (number expected, got string)
e(table.unpack)                           -- expect: attempt to get length of a nil value
e(table.unpack, {}, 1, 1e8)               -- expect: too many results to unpack
e(table.unpack, {}, math.mininteger, math.maxinteger) -- expect: too many results to unpack
e(table.unpack, {}, {})                   -- expect: bad argument #2 to 'table.unpack' (number expected, got table)
