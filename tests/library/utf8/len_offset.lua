-- utf8.len and utf8.offset.

local function show(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = tostring(values[i]) end
  print(table.concat(values, " "))
end
local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

local s = "aä€\u{10FFFF}z"  -- characters at 1, 2, 4, 7, 11
local starts = { 1, 2, 4, 7, 11, 12 }
local function check()
  assert(utf8.len(s) == 5 and utf8.len("") == 0 and utf8.len("\0\0") == 2)
  for i = 1, 6 do
    assert(utf8.offset(s, i) == starts[i] and (i == 6 or utf8.offset(s, i - 6) == starts[i]))
    for j = i, 6 do
      assert(utf8.offset(s, j - i + 1, starts[i]) == starts[j] and utf8.offset(s, i - j, starts[j]) == starts[i])
      if j <= 5 then assert(utf8.len(s, starts[i], starts[j]) == j - i + 1) end
    end
    for position = starts[i], (starts[i + 1] or 13) - 1 do assert(utf8.offset(s, 0, position) == starts[i]) end
  end
  assert(utf8.offset(s, 0) == 1 and utf8.offset("", 0) == 1 and utf8.offset("", 1) == 1 and utf8.offset("", -1) == nil)
  assert(utf8.offset(s, 7) == nil and utf8.offset(s, -6) == nil and utf8.offset(s, math.maxinteger) == nil and utf8.offset(s, math.mininteger) == nil)
end
for _ = 1, 100 do check() end

show(utf8.len("ab\xFFcd"))  -- expect: nil 3
show(utf8.len("abc\xE3def"))  -- expect: nil 4
show(utf8.len("\xF4\x9F\xBF\xBF"))  -- expect: nil 1
show(utf8.len("\xF4\x9F\xBF\xBF", 1, -1, true))  -- expect: 1
show(utf8.len("hel\x80lo"))  -- expect: nil 4
show(utf8.len(s, 3))  -- expect: nil 3
show(utf8.len(s, -1), utf8.len(s, 12), utf8.len(s, 5, 4), utf8.len(s, 1, 0))  -- expect: 1 0 0 0
show(utf8.len(s, 1, 2), utf8.len(s, 4, 5), utf8.len(123))  -- expect: 2 1 3
show(utf8.len("\xFF\x8F\x8F\x8F\x8F\x8F\x8F\x8F"))  -- expect: nil 1
show(utf8.offset("\xE0\x9E", -1), utf8.offset("\xE0", 1), utf8.offset("\x80\x80x", 0, 2))  -- expect: 1 1 1
e(utf8.len, "abc", 0)  -- expect: bad argument #2 to 'utf8.len' (initial position out of bounds)
e(utf8.len, "abc", 5)  -- expect: bad argument #2 to 'utf8.len' (initial position out of bounds)
e(utf8.len, "abc", 1, 4)  -- expect: bad argument #3 to 'utf8.len' (final position out of bounds)
e(utf8.len, "abc", -4)  -- expect: bad argument #2 to 'utf8.len' (initial position out of bounds)
e(utf8.len)  -- expect: bad argument #1 to 'utf8.len' (string expected, got no value)
e(utf8.offset, "abc", 1, 5)  -- expect: bad argument #3 to 'utf8.offset' (position out of bounds)
e(utf8.offset, "abc", 1, -4)  -- expect: bad argument #3 to 'utf8.offset' (position out of bounds)
e(utf8.offset, "abc", 0, 5)  -- expect: bad argument #3 to 'utf8.offset' (position out of bounds)
e(utf8.offset, "", 1, 2)  -- expect: bad argument #3 to 'utf8.offset' (position out of bounds)
e(utf8.offset, s, 1, 3)  -- expect: initial position is a continuation byte
e(utf8.offset, s, -1, 8)  -- expect: initial position is a continuation byte
e(utf8.offset, "\x80", 1)  -- expect: initial position is a continuation byte
e(utf8.offset, "abc")  -- expect: bad argument #2 to 'utf8.offset' (number expected, got no value)
