-- string.find: plain and pattern searches, positions, captures.

local function check()
  local a, b, c = ("hello world"):find("wor")
  assert(a == 7 and b == 9 and c == nil)
  assert(("hello"):find("l") == 3 and ("hello"):find("l", 4) == 4 and ("hello"):find("l", 5) == nil and ("hello"):find("xyz") == nil)
  a, b = ("hello"):find("")
  assert(a == 1 and b == 0)
  a, b = ("hello"):find("", 6)
  assert(a == 6 and b == 5)
  assert(("hello"):find("", 7) == nil and ("hello"):find("", 100) == nil and (""):find("") == 1 and (""):find("a") == nil)
  assert(("hello"):find("l", -2) == 4 and ("hello"):find("h", -100) == 1 and ("hello"):find("o", -1) == 5)
  -- plain
  assert(("a.b"):find(".", 1, true) == 2 and ("a.b"):find("%.") == 2 and ("a.b"):find(".") == 1)
  assert(("a+b"):find("+", 1, true) == 2 and ("[x]"):find("[x]", 1, true) == 1 and ("a%d1"):find("%d", 1, true) == 2 and ("a%d1"):find("%d") == 4)
  assert(("aXb"):find("", 2, true) == 2 and ("abc"):find("bc", 1, true) == 2 and ("abc"):find("bcd", 1, true) == nil)
  assert(("a\0b\0c"):find("\0c", 1, true) == 4 and ("a\0b"):find("b") == 3 and ("a\0b"):find("\0") == 2 and ("a\0b"):find("%z") == 2)
  assert(("aaab"):find("aab", 1, true) == 2 and ("abababac"):find("ababac", 1, true) == 3)
  -- captures follow the positions
  local s, e, k, v = ("  key = value"):find("(%w+)%s*=%s*(%w+)")
  assert(s == 3 and e == 13 and k == "key" and v == "value")
  local p, q, pos = ("abc"):find("b()")
  assert(p == 2 and q == 2 and pos == 3)
  assert(select("#", ("abc"):find("(a)(b)(c)")) == 5 and select("#", ("x"):find("y")) == 1)
  -- anchors
  assert(("hello"):find("^h") == 1 and ("hello"):find("^e") == nil and ("hello"):find("^l", 3) == 3 and ("hello"):find("o$") == 5)
  assert(("hello"):find("l$") == nil and ("a^b"):find("a^") == 1 and ("a$b"):find("$b") == 2 and ("hello"):find("^hello$") == 1 and (""):find("^$") == 1)
end
for _ = 1, 300 do check() end
local long = ("x"):rep(10000) .. "needle" .. ("y"):rep(100)
for _ = 1, 50 do
  assert(long:find("needle", 1, true) == 10001 and long:find("needle") == 10001 and long:find("ne+dle") == 10001)
  assert(long:find("needles", 1, true) == nil and long:find("(y+)$") == 10007)
end
assert(string.find(123, 2) == 2 and ("12"):find(2) == 2)
print(pcall(string.find, "x"))                -- expect: false	bad argument #2 to 'string.find' (string expected, got no value)
print(pcall(string.find, nil, "x"))           -- expect: false	bad argument #1 to 'string.find' (string expected, got nil)
print(pcall(string.find, "x", {}))            -- expect: false	bad argument #2 to 'string.find' (string expected, got table)
print(pcall(string.find, "x", "x", "y"))      -- expect: false	bad argument #3 to 'string.find' (number expected, got string)
