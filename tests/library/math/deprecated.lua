-- Functions that Lua 5.3 deprecated and a default build of the reference still has: atan2, cosh, sinh, tanh, pow, frexp, ldexp, log10.

local function near(a, b) return math.abs(a - b) <= 1e-12 * math.max(1, math.abs(b)) end
local function check()
  assert(math.pow(2, 10) == 1024.0 and math.type(math.pow(2, 2)) == "float" and math.pow("2", "3") == 8 and math.pow(2, -1) == 0.5)
  assert(math.log10(1000) == 3.0 and near(math.log10(2), math.log(2) / math.log(10)) and math.log10(0) == -math.huge)
  assert(math.atan2(1, -1) == math.atan(1, -1) and math.atan2(0.5) == math.atan(0.5))
  assert(near(math.cosh(1), (math.exp(1) + math.exp(-1)) / 2) and near(math.sinh(1), (math.exp(1) - math.exp(-1)) / 2))
  assert(near(math.tanh(0.5), math.sinh(0.5) / math.cosh(0.5)) and math.tanh(1000) == 1.0 and math.cosh(0) == 1 and math.sinh(0) == 0)
  local mantissa, exponent = math.frexp(10)
  assert(mantissa == 0.625 and exponent == 4 and math.type(exponent) == "integer")
  mantissa, exponent = math.frexp(-0.375)
  assert(mantissa == -0.75 and exponent == -1 and select(2, math.frexp(0)) == 0 and math.frexp(math.huge) == math.huge)
  assert(math.ldexp(0.625, 4) == 10.0 and math.ldexp(1, -1074) == 2^-1074 and math.ldexp(1, 2000) == math.huge and math.ldexp(3, 0) == 3)
  for _, x in ipairs { 1, 0.1, -12345.678, 1e300, 5e-324 } do
    assert(math.ldexp(math.frexp(x)) == x)
  end
end
for _ = 1, 300 do check() end

local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end
e(math.pow, 1)  -- expect: bad argument #2 to 'math.pow' (number expected, got no value)
e(math.pow, nil, 2)  -- expect: bad argument #1 to 'math.pow' (number expected, got nil)
e(math.frexp)  -- expect: bad argument #1 to 'math.frexp' (number expected, got no value)
e(math.ldexp, 1, 1.5)  -- expect: bad argument #2 to 'math.ldexp' (number has no integer representation)
e(math.ldexp, 1)  -- expect: bad argument #2 to 'math.ldexp' (number expected, got no value)
e(math.cosh, {})  -- expect: bad argument #1 to 'math.cosh' (number expected, got table)
e(math.log10, "x")  -- expect: bad argument #1 to 'math.log10' (number expected, got string)
