-- Exponentiation always gives a float, binds tighter than unary minus, and is
-- right associative.

local function check(two, three)
  assert(two ^ three == 8.0 and math.type(two ^ three) == "float")
  assert(2 ^ 3 ^ 2 == 512.0 and (2 ^ 3) ^ 2 == 64.0)
  assert(-2 ^ 2 == -4.0 and (-2) ^ 2 == 4.0 and 2 ^ -1 == 0.5)
  assert(2 ^ 0.5 == math.sqrt(2) and 4 ^ 0.5 == 2.0)
  assert(0 ^ 0 == 1.0 and 0 ^ 1 == 0 and 0 ^ -1 == math.huge)
  local nan = (-8) ^ (1 / 3)
  assert(nan ~= nan)
  assert(10 ^ 2 == 100 and 10 ^ -2 == 0.01 and 2 ^ 63 == 9223372036854775808.0)
  assert(math.huge ^ 0 == 1 and (0/0) ^ 0 == 1 and 1 ^ (0/0) == 1)
  assert((-2) ^ 3 == -8 and (-1) ^ 1001 == -1 and 2.5 ^ 2 == 6.25)
  assert(-three ^ two == -9)
end

for _ = 1, 300 do check(2, 3) end

print(2 ^ 2, 2 ^ 10, 10 ^ 15, 10 ^ 16)             -- expect: 4.0	1024.0	1e+15	1e+16
print(-2 ^ 2, 2 ^ -2, 2 ^ 3 ^ 2)                   -- expect: -4.0	0.25	512.0
