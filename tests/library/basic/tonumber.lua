-- tonumber: numerals, spaces, bases 2 to 36, what is not a number.

local function check()
  assert(tonumber(5) == 5 and tonumber(5.5) == 5.5 and tonumber("5") == 5 and tonumber("5.5") == 5.5)
  assert(math.type(tonumber("5")) == "integer" and math.type(tonumber("5.0")) == "float")
  assert(tonumber("  12  ") == 12 and tonumber("\t\n12\v\f\r") == 12 and tonumber("-7") == -7 and tonumber("+7") == 7)
  assert(tonumber("") == nil and tonumber(" ") == nil and tonumber("-") == nil and tonumber("abc") == nil)
  assert(tonumber("1 2") == nil and tonumber("1e") == nil and tonumber("e1") == nil and tonumber("0x") == nil)
  assert(tonumber("1e1") == 10.0 and tonumber("1E+2") == 100 and tonumber(".5") == 0.5 and tonumber("5.") == 5)
  assert(tonumber("- 7") == nil and tonumber("--7") == nil and tonumber("+-7") == nil and tonumber("1_0") == nil)
  assert(tonumber("0x10") == 16 and tonumber("-0xA") == -10 and tonumber("0x.8") == 0.5 and tonumber("0x1p4") == 16)
  assert(tonumber("inf") == nil and tonumber("nan") == nil and tonumber("Infinity") == nil)
  assert(tonumber("1\0") == nil and tonumber("\0001") == nil and tonumber("1" .. ("0"):rep(30)) == 1e30)
  assert(tonumber(nil) == nil and tonumber({}) == nil and tonumber(true) == nil and tonumber(print) == nil)
  assert(tonumber("9223372036854775807") == math.maxinteger)
  assert(tonumber("9223372036854775808") == 2^63 and tonumber("-9223372036854775808") == math.mininteger)
  assert(math.type(tonumber("-9223372036854775808")) == "integer")
  assert(tonumber("-9223372036854775809") == -2^63 and tonumber("0xffffffffffffffffff") == -1)
  -- bases
  assert(tonumber("101", 2) == 5 and tonumber("777", 8) == 511 and tonumber("ff", 16) == 255 and tonumber("FF", 16) == 255)
  assert(tonumber("zz", 36) == 1295 and tonumber("Zz", 36) == 1295 and tonumber("10", 36) == 36 and tonumber("9", 10) == 9)
  assert(tonumber("-ff", 16) == -255 and tonumber("  11  ", 2) == 3 and tonumber("-  1", 2) == nil)
  assert(tonumber("2", 2) == nil and tonumber("g", 16) == nil and tonumber("", 10) == nil and tonumber("1.5", 10) == nil)
  assert(tonumber("0x10", 16) == nil and tonumber("1e1", 10) == nil and tonumber("1e1", 16) == 481)
  assert(tonumber("7fffffffffffffff", 16) == math.maxinteger and tonumber("ffffffffffffffff", 16) == -1)
  assert(tonumber("10", 10.0) == 10 and math.type(tonumber("10", 2)) == "integer")
  assert(tonumber("99", 8) == nil and tonumber("+5", 10) == nil or tonumber("+5", 10) == 5)
end
for _ = 1, 300 do check() end
for base = 2, 36 do
  for _, n in ipairs { 0, 1, base - 1, base, base * base + 1, 123456 } do
    local digits, k = "", n
    repeat
      local d = k % base
      digits = ("0123456789abcdefghijklmnopqrstuvwxyz"):sub(d + 1, d + 1) .. digits
      k = k // base
    until k == 0
    assert(tonumber(digits, base) == n and tonumber("-" .. digits:upper(), base) == -n)
  end
end
print(pcall(tonumber, "10", 1))         -- expect: false	bad argument #2 to 'tonumber' (base out of range)
print(pcall(tonumber, "10", 37))        -- expect: false	bad argument #2 to 'tonumber' (base out of range)
print(pcall(tonumber, 10, 10))          -- expect: false	bad argument #1 to 'tonumber' (string expected, got number)
print(pcall(tonumber, nil, 10))         -- expect: false	bad argument #1 to 'tonumber' (string expected, got nil)
print(pcall(tonumber, "10", "x"))       -- expect: false	bad argument #2 to 'tonumber' (number expected, got string)
print(pcall(tonumber, "10", 2.5))       -- expect: false	bad argument #2 to 'tonumber' (number has no integer representation)
print(pcall(tonumber))                  -- expect: false	bad argument #1 to 'tonumber' (value expected)
