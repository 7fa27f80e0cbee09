-- Integer arithmetic that wraps around inside loops that have become hot.

local maxint, minint = math.maxinteger, math.mininteger
local function grow(x, n)
  for _ = 1, n do x = x * 3 + 1 end
  return x
end
local h = 0
for i = 1, 300 do h = h ~ grow(i, 100) end
print(h)                                   -- expect: 5978284088239540220
local function upto(from, n)
  local x, wraps = from, 0
  for _ = 1, n do
    local y = x + 1
    if y < x then wraps = wraps + 1 end
    x = y
  end
  return x, wraps
end
for _ = 1, 10 do
  local x, w = upto(0, 500)
  assert(x == 500 and w == 0)
  x, w = upto(maxint - 250, 500)
  assert(x == minint + 249 and w == 1)
end
local function neg(x) return -x end
local function sub(a, b) return a - b end
local function abs(x) if x < 0 then return -x end return x end
for i = 1, 500 do assert(neg(i) == 0 - i and sub(i, i) == 0 and abs(-i) == i) end
assert(neg(minint) == minint and sub(minint, 1) == maxint and sub(0, minint) == minint and abs(minint) == minint)
local function fact(n) local r = 1 for i = 2, n do r = r * i end return r end
for _ = 1, 100 do assert(fact(20) == 2432902008176640000 and fact(21) == -4249290049419214848 and fact(66) == 0) end
local function power(b, e)
  local r = 1
  while e > 0 do
    if e & 1 == 1 then r = r * b end
    b = b * b
    e = e >> 1
  end
  return r
end
for _ = 1, 100 do assert(power(3, 30) == 205891132094649 and power(7, 50) == power(7, 25) * power(7, 25) and power(2, 64) == 0) end
-- shifts, masks and rotations
local function rotl(x, k) return (x << k) | (x >> (64 - k)) end
local r = 0x0123456789abcdef
for i = 1, 640 do r = rotl(r, i % 63 + 1) ~ i end
print(r)                                   -- expect: -7151083325847647374
-- xorshift
local s = 88172645463325252
for _ = 1, 1000 do
  s = s ~ (s << 13)
  s = s ~ (s >> 7)
  s = s ~ (s << 17)
end
print(s)                                   -- expect: 1363160026601443621
-- a loop that counts over the limit
local c = 0
for i = maxint - 300, maxint do c = c + 1; assert(i > 0) end
for i = minint + 300, minint, -1 do c = c + 1; assert(i < 0) end
assert(c == 602)
