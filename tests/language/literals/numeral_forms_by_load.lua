-- Every numeral form through load and through tonumber: both must agree.

local good = {
  "0", "1", "00", "007", "10", "1.", ".1", "1.5", "1e1", "1E1", "1e+1", "1e-1", ".1e1", "1.e1",
  "0x0", "0X1", "0xfF", "0x.1", "0x1.", "0x1.1", "0x1p1", "0x1P1", "0x1p+1", "0x1p-1", "0x.1p4",
  "0xap1", "9223372036854775807", "9223372036854775808", "0xffffffffffffffff",
  "0x1ffffffffffffffff", "123456789012345678901234567890", "1e308", "1e309", "1e-320",
  "0.000000000000000000000000000001", "3.0", "0e12", "0x0p12", "1e0000000000001",
}
for _, s in ipairs(good) do
  local f = load("return " .. s)
  assert(f, s)
  local v, w = f(), tonumber(s)
  assert(v == w and math.type(v) == math.type(w), s)
  assert(tonumber("  " .. s .. "\t\n") == v)
  assert(tonumber("-" .. s) == -v)
end

local bad = {
  "1e", "1e+", "0x", "0xg", "1..2", "0x1p", "0x1p+", "1a", "0b1", "1_000", "08x", "3x", "0x1.8.2",
  "1.2.3", "0xep1x", "1e5e5", "12e1.5", "0x.p1", "..1",
}
for _, s in ipairs(bad) do
  assert(not load("return " .. s), s)
  assert(tonumber(s) == nil, s)
end
