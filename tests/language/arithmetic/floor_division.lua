-- Floor division: the sign rules, zero, infinities, and the least integer.

local minint, maxint, huge = math.mininteger, math.maxinteger, math.huge

local function check(seven, two)
  assert(seven // two == 3 and -seven // two == -4 and seven // -two == -4)
  assert(-seven // -two == 3)
  assert(math.type(seven // two) == "integer" and math.type(7.0 // 2) == "float")
  assert(6 // 2 == 3 and -6 // 2 == -3 and 6 // -2 == -3 and 0 // 5 == 0 and 0 // -5 == 0)
  assert(1 // 3 == 0 and -1 // 3 == -1 and 1 // -3 == -1 and -1 // -3 == 0)
  assert(minint // -1 == minint and minint // 1 == minint and maxint // -1 == -maxint)
  assert(minint // 2 == -(1 << 62) and maxint // 2 == (1 << 62) - 1)
  assert(7.0 // 2 == 3.0 and -7.0 // 2 == -4.0 and 7.0 // -2 == -4.0 and -7.0 // -2.0 == 3.0)
  assert(7.5 // 2 == 3.0 and -7.5 // 2 == -4.0 and 0.5 // 1 == 0.0 and -0.5 // 1 == -1.0)
  assert(1 // 0.0 == huge and -1 // 0.0 == -huge and 1.0 // 0 == huge)
  assert(0 // 0.0 ~= 0 // 0.0)
  assert(1 / (0.0 // 5) == huge and 1 / (-0.0 // 5) == -huge)
  assert(huge // 1 == huge and 5 // huge == 0.0 and 1 / (-5 // huge) == -huge)
  assert(3 // 1.5 == 2.0 and 1e308 // 1e-308 == huge)
  assert(0.9 // 0.1 == 8.0 or 0.9 // 0.1 == 9.0)
end

for _ = 1, 300 do check(7, 2) end

local function by_zero(a, b) return a // b end
for i = 1, 300 do
  assert(by_zero(i, 3) == (i - i % 3) / 3)
end
for _ = 1, 20 do
  local ok, e = pcall(by_zero, 1, 0)
  assert(not ok and e:find("attempt to divide by zero", 1, true), e)
end
for i = -20, 20 do
  for j = -7, 7 do
    if j ~= 0 then
      assert(i // j == math.floor(i / j))
      assert(i // j * j + i % j == i)
      assert((i + 0.0) // j == i // j)
    end
  end
end
print(7 // 2, 7 // 2.0, -7 // 2, -7 // 2.0)        -- expect: 3	3.0	-4	-4.0
print(1 // 0.0, -1 // 0.0, 0.0 // 1, -0.0 // 1)    -- expect: inf	-inf	0.0	-0.0
local zero = tonumber("0") print(1 // zero) -- expect error: attempt to divide by zero
