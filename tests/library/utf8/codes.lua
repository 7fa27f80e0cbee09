-- utf8.codes: traversal, strict and lax.

local function collect(s, lax)
  local out = {}
  for p, c in utf8.codes(s, lax) do out[#out + 1] = ("%d:%X"):format(p, c) end
  return table.concat(out, " ")
end
local function e(...)
  local ok, message = pcall(...)
  assert(not ok)
  print(message)
end

for _ = 1, 200 do
  assert(collect("aä€\u{10FFFF}\0") == "1:61 2:E4 4:20AC 7:10FFFF 11:0" and collect("") == "")
  assert(collect("\u{D800}\u{200000}\u{7FFFFFFF}", true) == "1:D800 4:200000 9:7FFFFFFF")
end
-- the iterator itself; out of the string there is nothing
local f, s, first = utf8.codes("ab")
assert(s == "ab" and first == 0 and f("", 2) == nil and f("", -1) == nil and f("", math.mininteger) == nil)
print(select("#", f("ab", 2)), f("ab", 0))  -- expect: 0	1	97
print(f("ab", 1))  -- expect: 2	98
e(collect, "ab\xFF")  -- expect: tests/library/utf8/codes.lua:5: invalid UTF-8 code
e(collect, "\u{110000}")  -- expect: tests/library/utf8/codes.lua:5: invalid UTF-8 code
e(collect, "\u{DFFF}")  -- expect: tests/library/utf8/codes.lua:5: invalid UTF-8 code
e(collect, "a\xC3")  -- expect: tests/library/utf8/codes.lua:5: invalid UTF-8 code
e(utf8.codes)  -- expect: bad argument #1 to 'utf8.codes' (string expected, got no value)
e(utf8.codes, {})  -- expect: bad argument #1 to 'utf8.codes' (string expected, got table)
