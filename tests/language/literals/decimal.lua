-- Decimal numerals: integers, floats, exponents, and integers too large to be integers.

local function check()
  assert(0 == 0 and math.type(0) == "integer")
  assert(math.type(3) == "integer" and math.type(3.0) == "float")
  assert(3 == 3.0 and 345 == 345.0)
  assert(math.type(3e0) == "float" and 3e0 == 3)
  assert(.5 == 0.5 and 5. == 5.0 and math.type(5.) == "float")
  assert(.5e1 == 5.0 and 5.e1 == 50.0)
  assert(1e2 == 100 and 1E2 == 100 and 1e+2 == 100 and 1e-2 == 0.01)
  assert(314.16e-2 == 3.1416 and 0.31416E1 == 3.1416)
  assert(00012 == 12 and math.type(00012) == "integer")
  assert(9223372036854775807 == math.maxinteger)
  assert(math.type(9223372036854775807) == "integer")
  assert(math.type(9223372036854775808) == "float")
  assert(9223372036854775808 == 2.0 ^ 63)
  assert(math.type(-9223372036854775808) == "float") -- the minus is an operator
  assert(-9223372036854775808 == math.mininteger)    -- but the values are equal
  assert(18446744073709551616 == 2.0 ^ 64)
  assert(100000000000000000000000 == 1e23)
  assert(1e308 * 10 == math.huge and 1e999 == math.huge and -1e999 == -math.huge)
  assert(1e-400 == 0.0 and 5e-324 > 0 and 4.9406564584124654e-324 == 5e-324)
  assert(2.2250738585072014e-308 == 2.0 ^ -1022)
  assert(1.7976931348623157e308 < math.huge)
  assert(0.1 + 0.2 ~= 0.3 and 0.1 + 0.2 == 0.30000000000000004)
  assert(9007199254740993 ~= 9007199254740992)       -- integers are exact
  assert(9007199254740993.0 == 9007199254740992.0)   -- floats are not
end

for _ = 1, 300 do check() end

print(1, 1.0, -1.0, 1e15, 1e100)                   -- expect: 1	1.0	-1.0	1e+15	1e+100
print(123456789012345678)                          -- expect: 123456789012345678
print(1234567890123456789012)                      -- expect: 1.2345678901235e+21
print(0.1, 1/3, 100 / 3, 3.14159265358979)         -- expect: 0.1	0.33333333333333	33.333333333333	3.1415926535898
print(1e14, 1e16, 123456.0, 1e-5, 0.0001)          -- expect: 1e+14	1e+16	123456.0	1e-05	0.0001
print(-0.0, 0.0, 2^53, 2^63)                       -- expect: -0.0	0.0	9.007199254741e+15	9.2233720368548e+18
