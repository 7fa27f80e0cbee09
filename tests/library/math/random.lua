-- math.random and randomseed: ranges, kinds, repeatability, errors.

local function check()
  local r = math.random()
  assert(math.type(r) == "float" and r >= 0 and r < 1)
  r = math.random(10)
  assert(math.type(r) == "integer" and r >= 1 and r <= 10)
  r = math.random(-5, 5)
  assert(r >= -5 and r <= 5)
  assert(math.random(3, 3) == 3 and math.random(1) == 1)
  r = math.random(math.mininteger, math.maxinteger)
  assert(math.type(r) == "integer")
  assert(math.type(math.random(0)) == "integer")
  r = math.random(math.maxinteger)
  assert(r >= 1)
  r = math.random(0, 1)
  assert(r == 0 or r == 1)
  assert(math.random(5.0) <= 5 and math.random("7") <= 7)
end
for _ = 1, 300 do check() end
-- every value of a small range comes
local seen = {}
for _ = 1, 2000 do seen[math.random(6)] = true end
assert(#seen == 6)
local low, high = 0, 0
for _ = 1, 10000 do local x = math.random(); if x < 0.5 then low = low + 1 else high = high + 1 end end
assert(low > 4500 and high > 4500)
-- the same seed gives the same numbers
local function series(...)
  math.randomseed(...)
  local t = {}
  for i = 1, 10 do t[i] = math.random(1000000) end
  return table.concat(t, " ")
end
assert(series(42) == series(42) and series(42) ~= series(43) and series(1, 2) == series(1, 2) and series(1, 2) ~= series(2, 1))
assert(series(42) == series(42.0) and series(0) == series(0))
math.randomseed(1007)
print(math.random(0) == math.random(0), math.random(1, 1))   -- expect: false	1
local function e(...)
  local ok, msg = pcall(math.random, ...)
  assert(not ok)
  print(msg)
end
e(2, 1)                          -- expect: bad argument #1 to 'math.random' (interval is empty)
e(-1)                            -- expect: bad argument #1 to 'math.random' (interval is empty)
e(1, 2, 3)                       -- expect: wrong number of arguments
e("x")                           -- expect: bad argument #1 to 'math.random' (number expected, got string)
e(1.5)                           -- expect: bad argument #1 to 'math.random' (number has no integer representation)
e(1, 2.5)                        -- expect: bad argument #2 to 'math.random' (number has no integer representation)
e({}, 1)                         -- expect: bad argument #1 to 'math.random' (number expected, got table)
