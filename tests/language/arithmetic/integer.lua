-- Integer + - * with wrap around, and the unary minus.

local maxint, minint = math.maxinteger, math.mininteger

local function check(one, two)
  assert(one + two == 3 and two - one == 1 and two * 3 == 6 and one - two == -1)
  assert(math.type(one + two) == "integer" and math.type(one * two) == "integer")
  assert(maxint + one == minint and minint - one == maxint)
  assert(maxint * two == -2 and minint * two == 0)
  assert(maxint * maxint == 1 and minint * minint == 0 and minint * -one == minint)
  assert(-minint == minint and -maxint == minint + one)
  assert(maxint + one + maxint + one == 0)
  assert(- -two == two and -(-two) == 2)
  assert(minint + minint == 0 and maxint + maxint == -2)
  assert(123456789 * 987654321 == 121932631112635269)
  assert(0x7fffffff * 0x7fffffff == 0x3fffffff00000001)
  assert(3037000500 * 3037000500 == -9223372036709301616)
  assert(-0 == 0 and 1 / -0 == math.huge) -- there is no negative zero among integers
end

for _ = 1, 300 do check(1, 2) end

local s = 0
for i = 1, 1000 do s = s * 6364136223846793005 + i end
print(s)                                           -- expect: 2956321170635085732
print(maxint + 1, minint - 1, maxint * 2)          -- expect: -9223372036854775808	9223372036854775807	-2
