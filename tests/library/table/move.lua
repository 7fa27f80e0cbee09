-- table.move: ranges that overlap, other tables, metamethods, errors.

local function check()
  local t = { 1, 2, 3, 4, 5 }
  assert(table.move(t, 2, 4, 1) == t and table.concat(t, ",") == "2,3,4,4,5")
  t = { 1, 2, 3, 4, 5 }
  table.move(t, 1, 3, 3)
  assert(table.concat(t, ",") == "1,2,1,2,3")
  t = { 1, 2, 3 }
  table.move(t, 1, 3, 1)
  assert(table.concat(t, ",") == "1,2,3")
  table.move(t, 1, 3, 4)
  assert(table.concat(t, ",") == "1,2,3,1,2,3")
  table.move(t, 2, 1, 5)
  assert(#t == 6)
  local u = table.move({ 7, 8, 9 }, 1, 3, 2, { 1 })
  assert(table.concat(u, ",") == "1,7,8,9")
  u = table.move({ 1, 2, 3 }, 1, 0, 1, {})
  assert(next(u) == nil)
  u = table.move({ [-1] = "a", [0] = "b", "c" }, -1, 1, 1, {})
  assert(table.concat(u) == "abc")
  u = table.move({ 1, nil, 3 }, 1, 3, 1, { 9, 9, 9 })
  assert(u[1] == 1 and u[2] == nil and u[3] == 3)
  u = table.move({ [math.maxinteger] = "x" }, math.maxinteger, math.maxinteger, 1, {})
  assert(u[1] == "x")
  u = table.move({ 1, 2 }, 1, 2, math.maxinteger - 1, {})
  assert(u[math.maxinteger] == 2 and u[math.maxinteger - 1] == 1)
  assert(#table.move({ 1, 2, 3 }, 1, 3, 1, {}) == 3)
end
for _ = 1, 300 do check() end
local log = {}
local src = setmetatable({}, { __index = function(_, k) log[#log + 1] = "r" .. k; return k end })
local dst = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = "w" .. k; rawset(t, k, v) end })
table.move(src, 1, 3, 5, dst)
print(table.concat(log, " "), dst[5], dst[7])      -- expect: r1 w5 r2 w6 r3 w7	1	3
local function e(...)
  local ok, msg = pcall(table.move, ...)
  assert(not ok)
  print(msg)
end
e()                                                -- expect: bad argument #2 to 'table.move' (number expected, got no value)
e({}, 1)                                           -- expect: bad argument #3 to 'table.move' (number expected, got no value)
e({}, 1, 2)                                        -- expect: bad argument #4 to 'table.move' (number expected, got no value)
e({}, 1, 2, 3, 5)                                  -- expect: bad argument #5 to 'table.move' (table expected, got number)
e({}, "x", 2, 3)                                   -- expect: bad argument #2 to 'table.move' (number expected, got string)
e({}, 1, math.maxinteger, 2)                       -- expect: bad argument #4 to 'table.move' (destination wrap around)
e({}, math.mininteger, math.maxinteger, 1)         -- expect: bad argument #3 to 'table.move' (too many elements to move)
e({}, -1, math.maxinteger, 2)                      -- expect: bad argument #3 to 'table.move' (too many elements to move)
