-- math.abs, max, min, ult, sqrt, exp, log, trigonometry, constants.

local function near(a, b) return math.abs(a - b) <= 1e-12 * math.max(1, math.abs(b)) end
local function check()
  assert(math.abs(-5) == 5 and math.abs(5) == 5 and math.abs(-5.5) == 5.5 and math.type(math.abs(-5)) == "integer" and math.abs(math.mininteger) == math.mininteger)
  assert(1 / math.abs(-0.0) == math.huge and math.abs(-math.huge) == math.huge and math.abs("-3") == 3)
  assert(math.max(1, 5, 3) == 5 and math.min(1, 5, -3) == -3 and math.max(1) == 1 and math.max(1, 2.5) == 2.5 and math.min(2, 1.5) == 1.5)
  assert(math.type(math.max(1, 2.0)) == "float" and math.type(math.max(2, 1.0)) == "integer" and math.type(math.max(2, 2.0)) == "integer")
  assert(math.max(math.maxinteger, 2^53) == math.maxinteger and math.min(-math.huge, math.mininteger) == -math.huge)
  assert(math.ult(1, 2) and not math.ult(2, 1) and math.ult(1, -1) and not math.ult(-1, 1) and math.ult(-2, -1) and not math.ult(3, 3) and math.ult(math.maxinteger, math.mininteger))
  assert(math.sqrt(16) == 4.0 and math.sqrt(2) == 2 ^ 0.5 and math.sqrt(-1) ~= math.sqrt(-1) and math.sqrt(0) == 0)
  assert(math.exp(0) == 1 and near(math.exp(1), 2.718281828459045) and math.exp(-math.huge) == 0 and math.exp(1000) == math.huge)
  assert(math.log(1) == 0 and near(math.log(math.exp(2)), 2) and math.log(8, 2) == 3 and near(math.log(1000, 10), 3) and near(math.log(81, 3), 4) and math.log(0) == -math.huge and math.log(-1) ~= math.log(-1))
  assert(math.log(2^50, 2) == 50 and math.log(1024, 2) == 10.0 and near(math.log(100, 10), 2) and near(math.log(2, 4), 0.5))
  assert(math.sin(0) == 0 and math.cos(0) == 1 and near(math.sin(math.pi / 2), 1) and near(math.cos(math.pi), -1) and near(math.tan(math.pi / 4), 1))
  assert(near(math.asin(1), math.pi / 2) and near(math.acos(-1), math.pi) and near(math.atan(1), math.pi / 4) and near(math.atan(1, -1), 3 * math.pi / 4) and near(math.atan(-1, -1), -3 * math.pi / 4))
  assert(near(math.atan(0, -1), math.pi) and math.atan(0, 1) == 0 and near(math.atan(1, 0), math.pi / 2) and math.asin(2) ~= math.asin(2))
  assert(near(math.deg(math.pi), 180) and near(math.rad(180), math.pi) and math.rad(0) == 0 and math.deg(0) == 0)
  assert(math.pi == 3.141592653589793 and math.huge == 1 / 0 and math.maxinteger == 0x7fffffffffffffff and math.mininteger == -math.maxinteger - 1)
  assert(math.type(math.sqrt(16)) == "float" and math.type(math.pi) == "float" and math.type(math.maxinteger) == "integer")
end
for _ = 1, 300 do check() end
local sum = 0
for i = 1, 1000 do sum = sum + math.sqrt(i) * math.sin(i) / math.max(i, 10) end
assert(sum == sum)
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e(math.max)                      -- expect: bad argument #1 to 'math.max' (value expected)
e(math.min)                      -- expect: bad argument #1 to 'math.min' (value expected)
e(math.max, 1, "x")              -- expect: attempt to compare number with string
e(math.max, 1, nil)              -- expect: attempt to compare number with nil
e(math.abs)                      -- expect: bad argument #1 to 'math.abs' (number expected, got no value)
e(math.abs, {})                  -- expect: bad argument #1 to 'math.abs' (number expected, got table)
e(math.sqrt, "x")                -- expect: bad argument #1 to 'math.sqrt' (number expected, got string)
e(math.ult, 1, 1.5)              -- expect: bad argument #2 to 'math.ult' (number has no integer representation)
e(math.ult, 1)                   -- expect: bad argument #2 to 'math.ult' (number expected, got no value)
e(math.log)                      -- expect: bad argument #1 to 'math.log' (number expected, got no value)
e(math.sin, nil)                 -- expect: bad argument #1 to 'math.sin' (number expected, got nil)
