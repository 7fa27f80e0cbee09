-- Bitwise operators on integers: and, or, xor, not, shifts of any distance.

local minint, maxint = math.mininteger, math.maxinteger

local function check(a, b)
  assert(a & b == 8 and a | b == 14 and a ~ b == 6)
  assert(~0 == -1 and ~5 == -6 and ~-1 == 0 and ~~a == a and ~maxint == minint)
  assert(-1 & 0xff == 255 and -1 >> 60 == 15 and -1 << 60 == -1152921504606846976)
  assert(1 << 0 == 1 and 1 << 1 == 2 and 1 << 62 == 4611686018427387904)
  assert(1 << 63 == minint and 1 << 64 == 0 and 1 << 65 == 0 and 1 << 1000 == 0)
  assert(1 >> 1 == 0 and -1 >> 63 == 1 and -1 >> 64 == 0 and -1 >> 1000 == 0)
  assert(2 << -1 == 1 and 1 >> -1 == 2 and 1 << -64 == 0 and 1 >> -64 == 0)
  assert(1 >> -63 == minint and -1 << -63 == 1)
  assert(1 << maxint == 0 and 1 << minint == 0 and 1 >> maxint == 0 and 1 >> minint == 0)
  assert(minint >> 63 == 1 and minint >> 1 == 1 << 62 and minint << 1 == 0)
  assert(0xF0 | 0x0F == 0xFF and 0xF0 & 0x3C == 0x30 and 0xF0 ~ 0x3C == 0xCC)
  assert(1 | 2 ~ 4 & 6 == 1 | (2 ~ (4 & 6)))           -- precedence
  assert(1 << 2 + 1 == 8 and (1 << 2) .. "" == "4")
  assert(5 & 3 == 1)                                   -- & binds tighter than ==
  assert(math.type(1 << 2) == "integer" and math.type(2.0 | 1.0) == "integer")
  assert(2.0 | 1 == 3 and 7.0 & 3.0 == 3 and 1.0 << 3.0 == 8 and ~0.0 == -1)
  assert(-2^63 | 0 == minint and 2^53 | 0 == 9007199254740992)
end

for _ = 1, 300 do check(12, 10) end

local function shl(x, n) return x << n end
local function shr(x, n) return x >> n end
for n = -70, 70 do
  assert(shl(0x1234567, n) == shr(0x1234567, -n))
  if n >= 64 then assert(shl(-1, n) == 0 and shr(-1, n) == 0) end
end
local h = 5381
for i = 1, 1000 do h = ((h << 5) + h ~ i) & 0xffffffff end
print(h)                                           -- expect: 174049389
print(~0, 1 << 63, -1 >> 1, 0xff ~ 0x0f)           -- expect: -1	-9223372036854775808	9223372036854775807	240
