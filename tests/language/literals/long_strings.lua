-- Long strings: levels, the first newline, no escapes, nested brackets.

local function check()
  assert([[abc]] == "abc" and [==[abc]==] == "abc" and [[]] == "")
  assert([[
abc]] == "abc")
  assert([[

abc]] == "\nabc")
  assert([[a
b
]] == "a\nb\n")
  assert([[\n\z\x41]] == "\\n\\z\\x41" and #[[\n]] == 2)
  assert([=[]]]=] == "]]" and [=[a]]b]=] == "a]]b")
  assert([==[]=]]==] == "]=]" and [==[ [[x]] ]==] == " [[x]] ")
  assert([[a]b]] == "a]b" and [[ [ ]] == " [ ")
  assert([[]x]] == "]x")
  assert([[ [=[ ]=] ]] == " [=[ ]=] ")
  assert([["quoted" 'too']] == "\"quoted\" 'too'")
  local t = { [ [[key]] ] = 1 }
  assert(t.key == 1)
  assert(#[[
]] == 0)
end

for _ = 1, 300 do check() end

-- line ends of any kind become a newline
local f = load("return [[a\r\nb\rc\n\rd]]")
assert(f() == "a\nb\nc\nd")
f = load("return [[\r\nx]]")
assert(f() == "x")
f = load("return 'a\\\r\nb'")
assert(f() == "a\nb")
assert(load("return [==[" .. string.rep("x", 5000) .. "]==]")() == string.rep("x", 5000))
