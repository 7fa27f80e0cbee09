-- table.insert and table.remove: positions, ends, errors.

local function check()
  local t = {}
  table.insert(t, "a")
  table.insert(t, "c")
  table.insert(t, 2, "b")
  table.insert(t, 1, "z")
  table.insert(t, 5, "end")
  assert(table.concat(t) == "zabcend" and #t == 5)
  assert(table.remove(t) == "end" and table.remove(t, 1) == "z" and table.remove(t, 2) == "b" and table.concat(t) == "ac")
  assert(table.remove(t, 3) == nil and #t == 2) -- position #t + 1 is allowed
  assert(table.remove(t) == "c" and table.remove(t) == "a" and table.remove(t) == nil and table.remove(t, 0) == nil and #t == 0)
  t[0] = "zero"
  assert(table.remove(t, 0) == "zero" and t[0] == nil)
  assert(select("#", table.insert(t, 1)) == 0 and select("#", table.remove(t)) == 1)
  table.insert(t, nil)
  assert(#t == 0)
  local u = { 1, 2, 3 }
  table.insert(u, 2, nil)
  assert(u[2] == nil and u[3] == 2 and u[4] == 3)
  -- queue and stack
  local q = {}
  for i = 1, 50 do table.insert(q, i) end
  for i = 1, 50 do assert(table.remove(q, 1) == i) end
  for i = 1, 50 do table.insert(q, 1, i) end
  for i = 50, 1, -1 do assert(table.remove(q, 1) == i) end
  assert(next(q) == nil)
end
for _ = 1, 300 do check() end
-- metamethods are used
local log = {}
local p = setmetatable({}, { __index = function(_, k) log[#log + 1] = "get" .. k; return k * 10 end,
  __newindex = function(_, k, v) log[#log + 1] = "set" .. k .. "=" .. tostring(v) end, __len = function() return 2 end })
table.insert(p, "x")
table.insert(p, 1, "y")
assert(table.remove(p, 1) == 10)
print(table.concat(log, " "))                 -- expect: set3=x get2 set3=20 get1 set2=10 set1=y get1 get2 set1=20 set2=nil
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e(table.insert, { 1, 2 }, 5, "x")             -- expect: bad argument #2 to 'table.insert' (position out of bounds)
e(table.insert, { 1, 2 }, 0, "x")             -- expect: bad argument #2 to 'table.insert' (position out of bounds)
e(table.insert, { 1, 2 }, -1, "x")            -- expect: bad argument #2 to 'table.insert' (position out of bounds)
e(table.insert, { 1, 2 })                     -- expect: wrong number of arguments to 'insert'
e(table.insert, { 1, 2 }, 1, 2, 3)            -- expect: wrong number of arguments to 'insert'
e(table.insert, { 1, 2 }, "x", 1)             -- expect: bad argument #2 to 'table.insert' (number expected, got string)
e(table.insert, { 1, 2 }, 1.5, 1)             -- expect: bad argument #2 to 'table.insert' (number has no integer representation)
e(table.insert, nil, 1)                       -- expect: bad argument #1 to 'table.insert' (table expected, got nil)
e(table.insert)                               -- expect: bad argument #1 to 'table.insert' (table expected, got no value)
e(table.insert, "string", 1)                  -- expect: bad argument #1 to 'table.insert' (table expected, got string)
e(table.remove, { 1, 2 }, 4)                  -- expect: bad argument #1 to 'table.remove' (position out of bounds)
e(table.remove, { 1, 2 }, -1)                 -- expect: bad argument #1 to 'table.remove' (position out of bounds)
e(table.remove, {}, 2)                        -- expect: bad argument #1 to 'table.remove' (position out of bounds)
e(table.remove)                               -- expect: bad argument #1 to 'table.remove' (table expected, got no value)
e(table.insert, setmetatable({}, { __len = function() return "x" end }), 1) -- expect: object length is not an integer
