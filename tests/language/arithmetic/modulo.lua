-- Modulo: the result has the sign of the divisor; zero, infinities, least integer.

local minint, maxint, huge = math.mininteger, math.maxinteger, math.huge

local function check(five, three)
  assert(five % three == 2 and -five % three == 1 and five % -three == -1 and -five % -three == -2)
  assert(6 % 3 == 0 and -6 % 3 == 0 and 6 % -3 == 0 and 0 % 3 == 0)
  assert(math.type(five % three) == "integer" and math.type(5 % 3.0) == "float")
  assert(minint % -1 == 0 and minint % 1 == 0 and minint % 2 == 0 and maxint % 2 == 1)
  assert(minint % maxint == maxint - 1 and maxint % minint == -1)
  assert(5.5 % 2 == 1.5 and -5.5 % 2 == 0.5 and 5.5 % -2 == -0.5 and -5.5 % -2 == -1.5)
  assert(5 % huge == 5.0 and -5 % huge == huge and 5 % -huge == -huge and -5 % -huge == -5.0)
  assert(1 / (0.0 % 3) == huge and 6.0 % 3 == 0)
  assert(1 / (-6.0 % 3) == -huge or 1 / (-6.0 % 3) == huge)
  assert(1 % 0.0 ~= 1 % 0.0 and huge % 2 ~= huge % 2)
  assert(1e15 % 10 == 0 and 3.5 % 0.5 == 0)
  assert(2^53 % 3 == 2.0 and (2^63) % 2 == 0)
  assert(-1 % 2^63 == 2^63 or -1 % 2^63 == 2^63 - 1024)
  assert(0.3 % 0.1 < 0.1)
end

for _ = 1, 300 do check(5, 3) end

local function mod(a, b) return a % b end
for i = 1, 300 do assert(mod(i, 7) < 7 and mod(-i, 7) >= 0 and mod(i, -7) <= 0) end
for _ = 1, 20 do
  local ok, e = pcall(mod, 1, 0)
  assert(not ok and e:find("attempt to perform 'n%0'", 1, true), e)
end
print(-5 % 3, -5 % 3.0, 5 % -3, 5.0 % -3)          -- expect: 1	1.0	-1	-1.0
print(5 % math.huge, -5 % math.huge)               -- expect: 5.0	inf
local zero = tonumber("0") print(1 % zero) -- expect error: attempt to perform 'n%0'
