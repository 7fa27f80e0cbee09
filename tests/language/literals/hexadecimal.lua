-- Hexadecimal numerals: integers wrap around, a point or an exponent makes a float.

local function check()
  assert(0xff == 255 and 0XFF == 255 and 0xA == 10 and 0xa == 10)
  assert(math.type(0x10) == "integer")
  assert(0xffffffffffffffff == -1)
  assert(0x7fffffffffffffff == math.maxinteger)
  assert(0x8000000000000000 == math.mininteger)
  assert(0x10000000000000000 == 0 and math.type(0x10000000000000000) == "integer")
  assert(0x1ffffffffffffffff == -1)
  assert(0x123456789abcdef01 == 0x23456789abcdef01)
  assert(0x.1 == 0.0625 and 0x1. == 1.0 and math.type(0x1.) == "float")
  assert(0xA.8 == 10.5 and 0xa.8p0 == 10.5 and 0xA.8p1 == 21.0)
  assert(0x1p4 == 16.0 and math.type(0x1p4) == "float")
  assert(0x1P-2 == 0.25 and 0x1p+2 == 4.0)
  assert(0x.8p1 == 1.0 and 0x0.1E == 0x1E / 0x100)
  assert(0xA23p-4 == 162.1875 and 0X1.921FB54442D18P+1 == math.pi)
  assert(0xe == 14 and 0xE+1 == 15) -- 'e' is a digit here, not an exponent
  assert(0x1p1023 * 2 == math.huge and 0x1p-1074 == 5e-324)
  assert(0x1p-1075 == 0.0)
  assert(0x1.8p1 == 3 and 0xffp0 == 255.0)
end

for _ = 1, 300 do check() end

print(0xff, 0xffffffffffffffff, 0x1p4)             -- expect: 255	-1	16.0
print(0x.8, 0x10.10)                               -- expect: 0.5	16.0625
