-- string.byte and string.char.

local function check()
  assert(("a"):byte() == 97 and ("\0"):byte() == 0 and ("\255"):byte() == 255 and ("abc"):byte(2) == 98 and ("abc"):byte(-1) == 99)
  assert(select("#", (""):byte()) == 0 and select("#", ("abc"):byte(10)) == 0 and select("#", ("abc"):byte(2, 1)) == 0)
  local a, b, c = ("xyz"):byte(1, 3)
  assert(a == 120 and b == 121 and c == 122)
  assert(select("#", ("hello"):byte(1, -1)) == 5 and select("#", ("hello"):byte(-100, 100)) == 5 and select("#", ("hello"):byte(0)) == 0)
  assert(select("#", ("hello"):byte(math.mininteger, math.maxinteger)) == 5)
  assert(string.char() == "" and string.char(97) == "a" and string.char(0, 255, 10) == "\0\255\n" and string.char(104.0, "105") == "hi")
  for i = 0, 255, 5 do assert(string.char(i):byte() == i and #string.char(i) == 1) end
  assert(string.char(("any text"):byte(1, -1)) == "any text")
end
for _ = 1, 300 do check() end
local s = ("0123456789"):rep(20)
assert(select("#", s:byte(1, -1)) == 200 and string.char(s:byte(1, -1)) == s)
local sum = 0
for i = 1, #s do sum = sum + s:byte(i) end
assert(sum == 20 * 525)
print(pcall(string.char, 256))         -- expect: false	bad argument #1 to 'string.char' (value out of range)
print(pcall(string.char, 65, -1))      -- expect: false	bad argument #2 to 'string.char' (value out of range)
print(pcall(string.char, "x"))         -- expect: false	bad argument #1 to 'string.char' (number expected, got string)
print(pcall(string.char, 1.5))         -- expect: false	bad argument #1 to 'string.char' (number has no integer representation)
print(pcall(string.byte))              -- expect: false	bad argument #1 to 'string.byte' (string expected, got no value)
print(pcall(string.byte, "x", "y"))    -- expect: false	bad argument #2 to 'string.byte' (number expected, got string)
