-- Comparing integers and floats: exact even where conversion would round.

local maxint, minint = math.maxinteger, math.mininteger

local function check(one, two)
  assert(one < two and one <= two and two > one and two >= one and one ~= two)
  assert(one <= one and one >= one and not (one < one) and not (one > one))
  assert(1 == 1.0 and 1 <= 1.0 and 1 >= 1.0 and not (1 < 1.0) and not (1.0 < 1))
  assert(1 < 1.5 and 1.5 < 2 and not (1.5 < 1) and -1.5 < -1 and -2 < -1.5)
  assert(0.0 == -0.0 and not (0.0 < -0.0) and 0 == -0.0)
  -- near 2^53
  local p53 = 2^53
  assert(9007199254740992 == p53 and 9007199254740993 ~= p53)
  assert(9007199254740993 > p53 and p53 < 9007199254740993 and not (9007199254740993 <= p53))
  assert(9007199254740991 < p53 and 9007199254740993 < p53 + 2)
  -- near 2^63
  local p63 = 2^63
  assert(maxint < p63 and maxint ~= p63 and not (maxint >= p63) and p63 > maxint)
  assert(minint == -p63 and minint >= -p63 and minint <= -p63 and not (minint < -p63))
  assert(maxint > p63 - 1024 and maxint + 0.0 == p63 and maxint + 0.0 > maxint)
  assert(minint + 1 > -p63 and minint < -p63 + 2048)
  assert(maxint < 1e300 and minint > -1e300 and maxint > -1e300)
  -- infinities
  local inf = math.huge
  assert(maxint < inf and minint > -inf and inf == inf and -inf < inf and 1e308 < inf)
  assert(not (inf < maxint) and not (-inf > minint) and inf >= maxint)
end

for _ = 1, 300 do check(1, 2) end

-- NaN is not equal to, below or above anything
local function nans(nan, x)
  assert(nan ~= x and not (nan == x))
  assert(not (nan < x) and not (nan <= x) and not (nan > x) and not (nan >= x))
  assert(not (x < nan) and not (x <= nan) and not (x > nan) and not (x >= nan))
end
local nan = 0 / 0
for _ = 1, 100 do
  nans(nan, nan)
  nans(nan, 1)
  nans(nan, 1.5)
  nans(nan, maxint)
  nans(nan, minint)
  nans(nan, math.huge)
  nans(-nan, 0)
end
