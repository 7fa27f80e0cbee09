-- Pattern items: classes, sets, ranges, complements, repetitions.

local function check()
  local m = string.match
  assert(m("hello 123", "%a+") == "hello" and m("hello 123", "%d+") == "123" and m("a,b", "%p") == "," and m("a b", "%s") == " ")
  assert(m("abcDEF", "%u+") == "DEF" and m("abcDEF", "%l+") == "abc" and m("ab12_", "%w+") == "ab12" and m("xyz0fG", "%x+") == "0f")
  assert(m("a\1b", "%c") == "\1" and m(" a!", "%g+") == "a!" and m("ab12", "%D+") == "ab" and m("12ab", "%A+") == "12")
  assert(m("a b", "%S+") == "a" and m("ABc", "%U") == "c" and m("abC", "%L") == "C" and m("ab-c", "%W") == "-" and m("fg", "%X") == "g" and m("!a", "%P") == "a")
  assert(m("hello", ".") == "h" and m("hello", "h.l") == "hel" and m("a.b", "%.") == "." and m("50%", "%%") == "%" and m("", ".") == nil)
  -- sets
  assert(m("hello", "[aeiou]") == "e" and m("hello", "[^h]") == "e" and m("x5", "[0-9]") == "5" and m("xA", "[A-Za-z]+") == "xA")
  assert(m("a]b", "[]]") == "]" and m("a]b", "[^]]") == "a" and m("a-b", "[a-]+") == "a-" and m("a-b", "[-a]+") == "a-" and m("a^b", "[b^]+") == "^b")
  assert(m("ab1_2", "[%w_]+") == "ab1_2" and m("a.b", "[%.]") == "." and m("12,5", "[%d,]+") == "12,5" and m("x%y", "[%%]") == "%")
  assert(m("a\0b", "[\0]") == "\0" and m("a\0b", "[^\0]+") == "a" and m("\255", "[\200-\255]") == "\255")
  assert(m("2024-01-02", "[%d%-]+") == "2024-01-02" and m("abc", "[b-]") == "b" and m("e", "[^a-d]") == "e" and m("%a", "[%a]") == "a")
  -- repetitions
  assert(m("aaa", "a*") == "aaa" and m("aaa", "a+") == "aaa" and m("aaa", "a-") == "" and m("aaa", "a?") == "a" and m("bbb", "a*") == "" and m("bbb", "a+") == nil)
  assert(m("aaab", "a-b") == "aaab" and m("<a><b>", "<.->") == "<a>" and m("<a><b>", "<.*>") == "<a><b>" and m("ab", "a?b?c?") == "ab")
  assert(m("aXbX", ".-X") == "aX" and m("aXbX", ".*X") == "aXbX" and m("key=val", "(.-)=(.*)") == "key" and m("color", "colou?r") == "color")
  assert(m("aab", "a?a?a?b") == "aab" and m("xxx", "x-$") == "xxx" and m("abc123", "^%a+%d+$") == "abc123" and m("abc123x", "^%a+%d+$") == nil)
  assert(m("  trim  ", "^%s*(.-)%s*$") == "trim" and m("", "^%s*(.-)%s*$") == "" and m("a*b", "a%*b") == "a*b")
  assert(m("0x1F", "^0[xX](%x+)$") == "1F" and m("-12.5e3", "^[+-]?%d+%.?%d*[eE]?[+-]?%d*$") == "-12.5e3")
  assert(m("hello", "l", 4) == "l" and m("hello", "^l", 4) == "l" and m("hello", "h", 2) == nil and m("hello", "", 6) == "" and m("hello", "", 7) == nil)
  assert(m("x", "x", -5) == "x" and m(12, "%d") == "1")
end
for _ = 1, 300 do check() end
-- every byte against every class, compared with its definition
local function class(c)
  local n = 0
  for b = 0, 255 do if string.char(b):match("^%" .. c .. "$") then n = n + 1 end end
  local complement = 0
  for b = 0, 255 do if string.char(b):match("^%" .. c:upper() .. "$") then complement = complement + 1 end end
  assert(n + complement == 256)
  return n
end
print(class("a"), class("d"), class("l"), class("u"), class("w"))  -- expect: 52	10	26	26	62
print(class("s"), class("p"), class("c"), class("x"), class("g"))  -- expect: 6	32	33	22	94
