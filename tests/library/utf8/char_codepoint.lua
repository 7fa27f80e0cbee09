-- utf8.char, utf8.codepoint and utf8.charpattern.

local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

local limits = { 0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF, 0x1FFFFF, 0x200000, 0x3FFFFFF, 0x4000000, 0x7FFFFFFF }
local sizes = { 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6 }
local function check()
  for i, code in ipairs(limits) do
    local s = utf8.char(code)
    assert(#s == sizes[i] and utf8.codepoint(s, 1, 1, true) == code and s:match("^" .. utf8.charpattern .. "$") == s)
    assert(pcall(utf8.codepoint, s) == (code <= 0x10FFFF))
    assert(load(("return '\\u{%x}'"):format(code))() == s)
  end
  assert(utf8.char() == "" and utf8.char(72, 228, 8364) == "H\xC3\xA4\xE2\x82\xAC" and utf8.char("65", 66.0) == "AB")
  assert(table.concat({ utf8.codepoint("aä€", 1, -1) }, ",") == "97,228,8364" and utf8.codepoint("aä€", -3) == 8364)
  assert(select("#", utf8.codepoint("abc", 3, 2)) == 0 and select("#", utf8.codepoint("", 1, 0)) == 0)
  -- the end may be inside the last character
  assert(select("#", utf8.codepoint("aä€", 1, 4)) == 3 and select("#", utf8.codepoint("aä€", 2, 2)) == 1)
  local n = 0
  for c in ("x\0ä€\u{10FFFF}"):gmatch(utf8.charpattern) do n = n + #c * 10 ^ utf8.len(c) end
  assert(n == 110)
end
for _ = 1, 50 do check() end
assert(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")

-- overlong forms, surrogates, bytes that never occur, what is cut off
for _, s in ipairs { "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\x80", "\xBF", "\xFE", "\xFF", "\xC3",
  "\xE2\x82", "\xF4\x90\x80\x80", "\xC3a" } do
  local ok, message = pcall(utf8.codepoint, s)
  assert(not ok and message == "invalid UTF-8 code" and utf8.len(s) == nil)
end
assert(utf8.codepoint("\xED\xA0\x80", 1, 1, true) == 0xD800 and utf8.len("\xED\xBF\xBF", 1, -1, true) == 1)

e(utf8.char, -1)  -- expect: bad argument #1 to 'utf8.char' (value out of range)
e(utf8.char, 65, 0x80000000)  -- expect: bad argument #2 to 'utf8.char' (value out of range)
e(utf8.char, 65, 1.5)  -- expect: bad argument #2 to 'utf8.char' (number has no integer representation)
e(utf8.char, "x")  -- expect: bad argument #1 to 'utf8.char' (number expected, got string)
e(utf8.codepoint)  -- expect: bad argument #1 to 'utf8.codepoint' (string expected, got no value)
e(utf8.codepoint, "abc", 4)  -- expect: bad argument #3 to 'utf8.codepoint' (out of bounds)
e(utf8.codepoint, "abc", 0)  -- expect: bad argument #2 to 'utf8.codepoint' (out of bounds)
e(utf8.codepoint, "abc", -4)  -- expect: bad argument #2 to 'utf8.codepoint' (out of bounds)
e(utf8.codepoint, "abc", 1, 4)  -- expect: bad argument #3 to 'utf8.codepoint' (out of bounds)
e(utf8.codepoint, "abc", 4, 5)  -- expect: bad argument #3 to 'utf8.codepoint' (out of bounds)
e(utf8.codepoint, "ab\xFF", 1, 3)  -- expect: invalid UTF-8 code
