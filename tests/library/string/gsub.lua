-- string.gsub: string, table and function replacements; counts; anchors; limits.

local function g(...) local s, n = string.gsub(...) return s .. ":" .. n end
local function check()
  assert(g("hello", "l", "L") == "heLLo:2" and g("hello", "l", "L", 1) == "heLlo:1" and g("hello", "x", "y") == "hello:0")
  assert(g("hello", "l", "L", 0) == "hello:0" and g("hello", "l", "L", -1) == "hello:0" and g("hello", "", "-") == "-h-e-l-l-o-:6")
  assert(g("", "", "x") == "x:1" and g("abc", ".", "%0%0") == "aabbcc:3" and g("abc", "%w", "%%%0") == "%a%b%c:3")
  assert(g("hello world", "(%w+)", "<%1>") == "<hello> <world>:2" and g("hello world", "%w+", "%0 %0", 1) == "hello hello world:1")
  assert(g("hello world", "(%w+) (%w+)", "%2 %1") == "world hello:1" and g("abc", "%w", "%1") == "abc:3")
  assert(g("abc", "b*", "-") == "-a-c-:3" and g("abc", "x*", "-") == "-a-b-c-:4" and g("aaa", "a-", "x") == "xaxaxax:4")
  -- anchors
  assert(g("aaa", "^a", "b") == "baa:1" and g("aaa", "a$", "b") == "aab:1" and g("abc", "^b", "x") == "abc:0" and g("hello", "^", ">") == ">hello:1" and g("hello", "$", "<") == "hello<:1")
  -- tables: missing and false leave the match
  assert(g("$a $b $c", "%$(%w)", { a = "1", b = 2, c = false }) == "1 2 $c:3" and g("abc", "%w", { b = "" }) == "ac:3")
  assert(g("ab", "(a)(b)", { a = "first" }) == "first:1" and g("abc", "()", { [2] = "two" }) == "atwobc:4")
  assert(g("abc", "%w", setmetatable({}, { __index = function(_, k) return k:upper() end })) == "ABC:3")
  -- functions: all captures, or the whole match
  assert(g("abc", "%w", function(c) return c .. "," end) == "a,b,c,:3" and g("abc", "%w", function() end) == "abc:3")
  assert(g("a1b2", "(%a)(%d)", function(a, d) return d .. a end) == "1a2b:2" and g("abc", "%w", function() return false end) == "abc:3")
  assert(g("abc", "()b()", function(i, j) return i .. "-" .. j end) == "a2-3c:1" and g("10 20", "%d+", function(d) return d * 2 end) == "20 40:2")
  assert(g("5", "%d", function(d) return 1.5 end) == "1.5:1" and g("x", "x", 7) == "7:1" and g("abc", "%w", function(...) return select("#", ...) end) == "111:3")
  local order = {}
  string.gsub("abc", "%w", function(c) order[#order + 1] = c end)
  assert(table.concat(order) == "abc")
  -- useful ones
  assert(g("  trim me  ", "^%s*(.-)%s*$", "%1") == "trim me:1" and g("a.b.c", "%.", "/") == "a/b/c:2" and g("one;two", ";%s*", "\n") == "one\ntwo:1")
  assert(g("hello world", "%f[%w]%w", string.upper) == "Hello World:2" and g("x = 1 -- c", "%-%-.*$", "") == "x = 1 :1")
  assert(("a,b"):gsub(",", "%%") == "a%b" and ("abc"):gsub("b", "\0") == "a\0c" and g("a\0b", "%z", "0") == "a0b:1")
  assert(g("100", "0", "%0.") == "10.0.:2" and g("(x)", "%b()", "") == ":1")
end
for _ = 1, 300 do check() end
local s, n = (("ab"):rep(5000)):gsub("b", "xyz")
assert(#s == 20000 and n == 5000)
-- nested gsub in the replacement function
local r = ("a(b(c))"):gsub("%b()", function(x) return "[" .. x:sub(2, -2):gsub("%b()", "<>") .. "]" end)
assert(r == "a[b<>]")
-- an error in the function
print(pcall(string.gsub, "abc", "b", function() error("in gsub", 0) end))   -- expect: false	in gsub
print((string.gsub("hello", "", "-")))                    -- expect: -h-e-l-l-o-
print(string.gsub("abc def", "%w+", "<%0>"))              -- expect: <abc> <def>	2
