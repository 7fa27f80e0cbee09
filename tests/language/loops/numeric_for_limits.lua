-- The numeric for near the limits of integers never wraps around.

local maxint, minint = math.maxinteger, math.mininteger

local function count(a, b, c)
  local n, last = 0, nil
  for i = a, b, c do
    n = n + 1
    last = i
    assert(n <= 1000)
  end
  return n, last
end
local function same(n, last, en, elast)
  assert(n == en and last == elast and math.type(last) == math.type(elast))
end
local function check()
  local n, l = count(maxint - 2, maxint, 1)
  same(n, l, 3, maxint)
  n, l = count(maxint, maxint, 1)
  same(n, l, 1, maxint)
  n, l = count(minint + 2, minint, -1)
  same(n, l, 3, minint)
  n, l = count(maxint - 10, maxint, 7)
  same(n, l, 2, maxint - 3)
  n, l = count(minint + 10, minint, -7)
  same(n, l, 2, minint + 3)
  n, l = count(minint, maxint, maxint)
  same(n, l, 3, maxint - 1)
  n, l = count(maxint, minint, minint)
  same(n, l, 2, -1)
  n, l = count(1, maxint, maxint)
  same(n, l, 1, 1)
  n, l = count(0, maxint, maxint)
  same(n, l, 2, maxint)
  n, l = count(0, minint, minint)
  same(n, l, 2, minint)
  n, l = count(minint, minint, 1)
  same(n, l, 1, minint)
  n, l = count(maxint - 1, math.huge, 1)
  same(n, l, 2, maxint)
  n, l = count(minint + 1, -math.huge, -1)
  same(n, l, 2, minint)
  n, l = count(maxint - 1, 1e300, 1)
  same(n, l, 2, maxint)
  assert(count(1, -1e300, 1) == 0 and count(maxint, -math.huge, 1) == 0)
  assert(count(minint, math.huge, -1) == 0 and count(1, 0, maxint) == 0)
  assert(count(maxint, minint, 1) == 0 and count(minint, maxint, -1) == 0)
  n, l = count(minint, 0.5 + minint, 1)
  same(n, l, 1, minint)
end
for _ = 1, 100 do check() end
