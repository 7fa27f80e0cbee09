-- Float arithmetic and integers mixed with floats.

local function check(a, b)
  assert(a + b == 4.0 and math.type(a + b) == "float")
  assert(1 + 1.0 == 2 and math.type(1 + 1.0) == "float" and math.type(2.0 * 3) == "float")
  assert(math.type(1 - 1.0) == "float")
  assert(7 / 2 == 3.5 and 6 / 2 == 3 and math.type(6 / 2) == "float")
  assert(1 / 0 == math.huge and -1 / 0 == -math.huge and 1 / 0.0 == math.huge)
  assert(1 / -0.0 == -math.huge)
  local nan = 0 / 0
  assert(nan ~= nan and not (nan == nan))
  assert(math.huge - math.huge ~= math.huge - math.huge)
  assert(math.huge + 1 == math.huge and -math.huge < math.mininteger)
  assert(2^53 + 1 == 2^53)
  assert(math.maxinteger + 0.0 == 2^63 and math.maxinteger + 1.0 == 2^63)
  assert(math.mininteger + 0.0 == -2^63)
  assert(-0.0 == 0.0 and 1 / (-0.0) < 0 and 1 / (0.0 * -1) < 0)
  assert(0.0 - 0.0 == 0 and 1 / (0.0 - 0.0) > 0 and 1 / (-0.0 - 0.0) < 0)
  assert(1 / (-0.0 + 0) > 0) -- the integer 0 becomes 0.0
  assert(3 | 0 == 3 and a * b == 3.75)
end

for _ = 1, 300 do check(1.5, 2.5) end

local x = 0.0
for i = 1, 1000 do x = x + i * 0.5 end
print(x, x / 7)                                    -- expect: 250250.0	35750.0
print(7 / 2, 8 / 2, 1e15 + 0.5, 2^31 | 0)          -- expect: 3.5	4.0	1e+15	2147483648
print(1/0, -1/0, -(0/0) ~= -(0/0))                 -- expect: inf	-inf	true
print(3 * 1.0, 3 - 3.0, -0.0, 0.0 * -1)            -- expect: 3.0	0.0	-0.0	-0.0
