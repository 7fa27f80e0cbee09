-- string.format: every conversion with flags, width and precision.

local f = string.format
local function check()
  assert(f("%d", 42) == "42" and f("%5d|", 42) == "   42|" and f("%-5d|", 42) == "42   |" and f("%05d", 42) == "00042" and f("%+d", 42) == "+42" and f("% d", 42) == " 42")
  assert(f("%d", -7) == "-7" and f("%.3d", 5) == "005" and f("%8.3d|", 5) == "     005|" and f("%d", 3.0) == "3" and f("%d", "10") == "10" and f("%d", math.mininteger) == "-9223372036854775808")
  assert(f("%i", 5) == "5" and f("%3i|", -5) == " -5|")
  assert(f("%x", 255) == "ff" and f("%X", 255) == "FF" and f("%#x", 255) == "0xff" and f("%08x", 0xbeef) == "0000beef" and f("%x", -1) == "ffffffffffffffff" and f("%o", 8) == "10" and f("%#o", 8) == "010")
  assert(f("%c", 65) == "A" and f("%c%c", 72, 105) == "Hi" and f("%c", 0) == "\0" and f("%3c|", 65) == "  A|" and f("%-3c|", 65) == "A  |")
  assert(f("%s", "x") == "x" and f("%5s|", "ab") == "   ab|" and f("%-5s|", "ab") == "ab   |" and f("%.2s", "abc") == "ab" and f("%5.1s|", "abc") == "    a|" and f("%.0s", "abc") == "")
  assert(f("%s %s %s", nil, true, 1.5) == "nil true 1.5" and f("%s", 10) == "10" and f("%s", -0.0) == "-0.0" and f("%s", setmetatable({}, { __tostring = function() return "obj" end })) == "obj")
  assert(f("%f", 3.5) == "3.500000" and f("%.2f", 3.14159) == "3.14" and f("%8.3f|", 3.14159) == "   3.142|" and f("%-8.1f|", 2.25) == "2.2     |" and f("%.0f", 2.5) == "2" and f("%+.1f", 1) == "+1.0" and f("%.0f", 0.5) == "0" and f("%08.2f", -3.14159) == "-0003.14")
  assert(f("%e", 12345.678) == "1.234568e+04" and f("%.2e", 0.00012) == "1.20e-04" and f("%E", 1e10) == "1.000000E+10" and f("%.0e", 5) == "5e+00")
  assert(f("%g", 0.1) == "0.1" and f("%g", 1e20) == "1e+20" and f("%g", 100000) == "100000" and f("%g", 1000000) == "1e+06" and f("%.3g", 3.14159) == "3.14" and f("%G", 1e-10) == "1E-10" and f("%#g", 1) == "1.00000" and f("%.14g", 0.1) == "0.1" and f("%.17g", 0.1) == "0.10000000000000001")
  assert(f("%f", 1 / 0) == "inf" and f("%f", -1 / 0) == "-inf" and f("%5.1f|", 1 / 0) == "  inf|" and f("%g", 2 ^ 63) == "9.22337e+18" and f("%.20f", 0.5) == "0.50000000000000000000")
  assert(f("%a", 1) == "0x1p+0" and f("%a", 0.5) == "0x1p-1" and f("%A", 10) == "0X1.4P+3" and f("%.1a", 1) == "0x1.0p+0")
  assert(f("%%") == "%" and f("100%%") == "100%" and f("") == "" and f("plain") == "plain" and f("%d%%", 50) == "50%")
  assert(f("%5s%5s", "a", "b") == "    a    b" and f("%-3d%-3d|", 1, 2) == "1  2  |" and f("%s", "a\0b") == "a\0b" and #f("%s", ("x"):rep(1000)) == 1000)
  assert(f("%-20s|", "left") == "left                |" and f("%20s|", "right") == "               right|" and f("%99d", 1) == (" "):rep(98) .. "1" and f("%.99f", 0) == "0." .. ("0"):rep(99))
  assert(f("%d", -0) == "0" and f("%.3f", -0.0) == "-0.000" and f("%5.2s|", "abc") == "   ab|" and f("%.10d", 123) == "0000000123" and f("%+.3d", 7) == "+007")
  assert(f("%d %s", 1, "x", "extra") == "1 x")
  assert(("%d-%d"):format(1, 2) == "1-2" and ("%s"):format("m") == "m" and ("%2d:%02d"):format(5, 7) == " 5:07")
end
for _ = 1, 300 do check() end
assert(f("%p", {}):match("^0x%x+$") and f("%p", 1) == "(null)" and f("%p", print) == f("%p", print))
local function e(...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e("%d", 1.5)               -- expect: bad argument #2 to 'string.format' (number has no integer representation)
e("%d", "1.5")             -- expect: bad argument #2 to 'string.format' (number has no integer representation)
e("%d", "x")               -- expect: bad argument #2 to 'string.format' (number expected, got string)
e("%d")                    -- expect: bad argument #2 to 'string.format' (no value)
e("%d %d", 1)              -- expect: bad argument #3 to 'string.format' (no value)
e("%s")                    -- expect: bad argument #2 to 'string.format' (no value)
e("%x", 2^63)              -- expect: bad argument #2 to 'string.format' (number has no integer representation)
e("%c", "x")               -- expect: bad argument #2 to 'string.format' (number expected, got string)
e("%f", "x")               -- expect: bad argument #2 to 'string.format' (number expected, got string)
e("%f", {})                -- expect: bad argument #2 to 'string.format' (number expected, got table)
e("%")                     -- expect: bad argument #2 to 'string.format' (no value)
e("%y", 1)                 -- expect: invalid conversion '%y' to 'format'
e("%10")                   -- expect: bad argument #2 to 'string.format' (no value)
e("%123d", 1)              -- expect: invalid conversion specification: '%123d'
e("%.123d", 1)             -- expect: invalid conversion specification: '%.123d'
e("%0123d", 1)             -- expect: invalid conversion specification: '%0123d'
e("%#d", 1)                -- expect: invalid conversion specification: '%#d'
e("%#s", 1)                -- expect: invalid conversion specification: '%#s'
e("%05s", "x")             -- expect: invalid conversion specification: '%05s'
e("%10q", "x")             -- expect: specifier '%q' cannot have modifiers
e("%5.2c", 65)             -- expect: invalid conversion specification: '%5.2c'
e("%5s", "a\0b")           -- expect: bad argument #2 to 'string.format' (string contains zeros)
e({})                      -- expect: bad argument #1 to 'string.format' (string expected, got table)
e()                        -- expect: bad argument #1 to 'string.format' (string expected, got no value)
