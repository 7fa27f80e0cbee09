-- perilune-only
-- re.gsub: replacement strings, tables, functions; counts; errors and yields in callbacks.
local re = require "re"
local function g(...) local s, n = re.gsub(...) return s .. ":" .. n end

local function check()
  assert(g("hello", "l", "L") == "heLLo:2" and g("hello", "x", "y") == "hello:0" and g("hello", "l", "L", 1) == "heLlo:1")
  assert(g("hello", "l", "L", 0) == "hello:0" and g("hello", "l", "L", -1) == "hello:0" and g("hello", "l", "") == "heo:2")
  assert(g("abc", "[a-z]", "%0%0") == "aabbcc:3" and g("abc", "[a-z]", "%1") == "abc:3" and g("abc", "b", "%%") == "a%c:1")
  assert(g("John Smith", [[(\w+) (\w+)]], "%2 %1") == "Smith John:1" and g("ab", "(a)|(b)", "<%1%2>") == "<a><b>:2")
  assert(g("k=v", [[(?P<key>\w)=(?P<value>\w)]], "%{value}=%{key}%{0}") == "v=kk=v:1" and g("k", "(k)", "%{1}%{01}") == "kk:1")
  assert(g("ab", "(a)(b)(c)?", "[%3]") == "[]:1" and g("x", "x", 42) == "42:1" and g("x", "x", 1.5) == "1.5:1" and g("1", 1, 2) == "2:1")
  -- empty matches
  assert(g("abc", "", "-") == "-a-b-c-:4" and g("abc", "b*", "-") == "-a-c-:3" and g("", "", "x") == "x:1" and g("né", "", "-") == "-n-é-:3")
  assert(g("baac", "a*", "x") == ("baac"):gsub("a*", "x") .. ":" .. select(2, ("baac"):gsub("a*", "x")))
  -- tables
  assert(g("$a $b $c", [[\$(\w)]], { a = "1", b = 2, c = false }) == "1 2 $c:3" and g("ab", ".", { a = "" }) == "b:2")
  assert(g("ab", "(a)|b", { [false] = "no", a = "yes" }) == "yesno:2")
  assert(g("abc", ".", setmetatable({}, { __index = function(_, k) return k:upper() end })) == "ABC:3")
  -- functions
  assert(g("abc", ".", string.upper) == "ABC:3" and g("abc", ".", function() end) == "abc:3" and g("abc", "b", function() return false end) == "abc:1")
  assert(g("a1b2", [[(\w)(\d)]], function(a, d) return d .. a end) == "1a2b:2" and g("ab", "(a)|(b)", function(a, b) return tostring(a) .. tostring(b) end) == "afalsefalseb:2")
  assert(g("abc", "b()", function(...) return select("#", ...) end) == "a1c:1" and g("10 20", [[\d+]], function(d) return d * 2 end) == "20 40:2")
  assert(g("abc", "b", function() return "%1" end) == "a%1c:1")
  -- ^ is the subject's beginning only
  assert(g("aaa", "^a", "b") == "baa:1" and g("a\na", "(?m)^", "> ") == "> a\n> a:2" and g("ab", "$", "!") == "ab!:1")
  assert(g("a\0b", "\0", "0") == "a0b:1" and g("ab", "b", "\0") == "a\0:1")
  assert(re.compile("b"):gsub("abc", "x") == "axc" and select(2, re.compile("b"):gsub("abcb", "x", 1)) == 1)
end
for _ = 1, 60 do check() end

-- Without a change the subject itself comes back; with one to nothing, an empty string.
local long = ("x"):rep(5000)
assert(re.gsub(long, "y", "z") == long and re.gsub(long, "x", "") == "" and #re.gsub(long, "x", "yz") == 10000)
assert(re.gsub(long, ".", function() end) == long)

-- Bad replacements are errors, found or not.
local function fails(...)
  local ok, message = pcall(...)
  assert(not ok)
  return message
end
assert(fails(re.gsub, "a", "b", "%2") == "invalid capture index %2 in replacement string")
assert(fails(re.gsub, "a", "(b)", "%{2}") == "invalid capture index %2 in replacement string")
assert(fails(re.gsub, "a", "b", "%x") == "invalid use of '%' in replacement string" and fails(re.gsub, "a", "b", "x%") == "invalid use of '%' in replacement string")
assert(fails(re.gsub, "a", "b", "%{x") == "invalid use of '%' in replacement string" and fails(re.gsub, "a", "b", "%{x}") == "no group named 'x' in the pattern")
assert(fails(re.gsub, "a", "b", "%{}") == "no group named '' in the pattern" and fails(re.gsub, "a", "b", "%{99999}") == "invalid capture index %99999 in replacement string")
assert(fails(re.gsub, "a", "b", "%{1000000}") == "no group named '1000000' in the pattern")
assert(fails(re.gsub, "a", "a", function() return {} end) == "invalid replacement value (a table)")
assert(fails(re.gsub, "a", "a", { a = true }) == "invalid replacement value (a boolean)")

-- Errors in callbacks pass through, of any type.
local object = {}
local ok, e = pcall(re.gsub, "abc", "b", function() error(object) end)
assert(not ok and e == object)
ok, e = pcall(re.gsub, "abc", "b", setmetatable({}, { __index = function() error("in index", 0) end }))
assert(not ok and e == "in index")

-- Yields do not.
local co = coroutine.wrap(function() return pcall(re.gsub, "abc", "b", function() coroutine.yield() end) end)
ok, e = co()
assert(not ok and e == "attempt to yield across a C-call boundary")

-- Callbacks may use the library, and collect.
local out = re.gsub("a1 b2", [[\w\d]], function(s)
  collectgarbage()
  return (re.gsub(s, [[\d]], function(d) return re.match(d .. "0", ".+") end))
end)
assert(out == "a10 b20")
