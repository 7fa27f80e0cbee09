-- perilune-only
-- re: match, fullmatch, find, test, exec; init; groups that took no part; methods and functions.
local re = require "re"
assert(re == require "re" and package.loaded.re == re and rawget(_G, "re") == nil)

-- Each search by function with text, function with compiled pattern, and method gives the same.
local function all(name, subject, pattern, ...)
  local compiled = re.compile(pattern)
  local a = table.pack(re[name](subject, pattern, ...))
  local b = table.pack(re[name](subject, compiled, ...))
  local c = table.pack(compiled[name](compiled, subject, ...))
  assert(a.n == b.n and b.n == c.n)
  for i = 1, a.n do assert(a[i] == b[i] and b[i] == c[i]) end
  return table.unpack(a, 1, a.n)
end
local function list(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  return table.concat(t, " ")
end

local function check()
  assert(list(all("match", "hello world", "o w")) == "o w")
  assert(list(all("match", "hello world", "(l+)o (w)")) == "ll w")
  assert(list(all("match", "hello", "x")) == "nil" and list(all("find", "hello", "x")) == "nil")
  assert(list(all("find", "hello world", "o w")) == "5 7")
  assert(list(all("find", "hello world", "(o)( )w")) == "5 7 o  ")
  assert(all("test", "abc", "b") == true and all("test", "abc", "^b") == false)
  -- groups that took no part
  assert(list(all("match", "b", "(a)|(b)")) == "false b" and list(all("match", "ac", "a(b)?c")) == "false")
  assert(list(all("find", "b", "(a)|(b)")) == "1 1 false b" and list(all("match", "b", "(a*)b")) == "")
  -- fullmatch
  assert(list(all("fullmatch", "aab", "(a+)b")) == "aa" and list(all("fullmatch", "aabc", "(a+)b")) == "nil")
  assert(list(all("fullmatch", "xab", "ab", 2)) == "ab" and list(all("fullmatch", "ab", "a|ab")) == "ab")
  assert(list(all("fullmatch", "", "")) == "" and list(all("fullmatch", "a\n", "a")) == "nil")
  -- init
  assert(list(all("find", "abcabc", "b", 3)) == "5 5" and list(all("find", "abcabc", "b", -2)) == "5 5")
  assert(list(all("find", "abc", "a", -10)) == "1 1" and list(all("find", "abc", "a", 0)) == "1 1" and list(all("find", "abc", "a", 2)) == "nil")
  assert(list(all("find", "abc", "", 4)) == "4 3" and list(all("find", "abc", "", 5)) == "nil" and all("test", "abc", "", 5) == false)
  assert(list(all("fullmatch", "abc", "", 4)) == "" and list(all("fullmatch", "abc", "", 5)) == "nil")
  assert(list(all("find", "abc", "c", math.maxinteger)) == "nil" and list(all("find", "abc", "a", math.mininteger)) == "1 1")
  assert(list(all("find", "abc", "b", "2")) == "2 2" and list(all("find", "abc", "b", 2.0)) == "2 2")
  -- what precedes init is context
  assert(list(all("find", "abab", "^ab", 3)) == "nil" and list(all("find", "ab\nab", "(?m)^ab", 2)) == "4 5")
  assert(list(all("find", "foobar", [[\bbar]], 4)) == "nil" and list(all("find", "foo bar", [[\bbar]], 5)) == "5 7")
  -- anchors
  assert(list(all("find", "aab", "b$")) == "3 3" and list(all("find", "b\n", "b$")) == "nil" and list(all("find", "b\nc", "(?m)b$")) == "1 1")
  assert(list(all("find", "ab", [[\Aab\z]])) == "1 2")
  -- numbers are strings
  assert(list(all("match", 12345, "3.")) == "34" and list(re.match("a1b", 1)) == "1")
  -- zeros
  assert(list(all("find", "a\0b\0c", "b\0c")) == "3 5" and #all("match", "x\0\0y", "\\x00+") == 2 and list(all("find", "a\0b", "b")) == "3 3")
  -- leftmost, then as Perl would choose
  assert(list(all("match", "abcd", "b|abc")) == "abc" and list(all("match", "ab", "a|ab")) == "a")
  assert(list(all("match", "<<a>>", "<(.+?)>")) == "<a" and list(all("match", "<<a>>", "<(.+)>")) == "<a>")
end
for _ = 1, 60 do check() end

-- exec
local p = re.compile [[(?P<year>\d+)-(?P<month>\d+)(?:-(?P<day>\d+))?]]
local m, first, last = p:exec("on 2024-07!")
assert(m[0] == "2024-07" and m[1] == "2024" and m.year == "2024" and m[2] == "07" and m.month == "07" and m[3] == false and m.day == false)
assert(first[0] == 4 and last[0] == 10 and first.year == 4 and last.year == 7 and first[2] == 9 and last.month == 10)
assert(first[3] == false and first.day == false and last.day == false and #m == 3 and #first == 3 and #last == 3)
assert(select("#", p:exec("nothing")) == 1 and p:exec("nothing") == nil and p:exec("2024-07", 7) == nil)
m, first, last = re.exec("abc", "(?<empty>)b")
assert(m.empty == "" and first.empty == 2 and last.empty == 1 and m[0] == "b")
m = re.exec("ab", "(?P<n>a)(?P<first>b)")
assert(m.n == "a" and m.first == "b")

-- a name given twice
m = re.exec("b", "(?P<n>a)|(?P<n>b)")
assert(m.n == false and m[2] == "b" and select(2, re.compile("(?P<n>a)|(?P<n>b)"):groups()).n == 1)

-- groups, source
local count, names = p:groups()
assert(count == 3 and names.year == 1 and names.month == 2 and names.day == 3)
count, names = re.compile("a"):groups()
assert(count == 0 and next(names) == nil)
assert(p:source() == [[(?P<year>\d+)-(?P<month>\d+)(?:-(?P<day>\d+))?]] and re.compile("a\0b"):source() == "a\0b")

-- many groups
local many = re.compile(("(a)"):rep(300) .. "(b)?")
local t = table.pack(many:match(("a"):rep(300)))
assert(t.n == 301 and t[1] == "a" and t[300] == "a" and t[301] == false)
t = table.pack(many:find(("a"):rep(300)))
assert(t.n == 303 and t[1] == 1 and t[2] == 300 and t[303] == false)
m = many:exec(("a"):rep(300))
assert(#m == 301 and m[300] == "a" and m[301] == false)

-- pattern objects
assert(type(p) == "userdata" and tostring(re.compile("a/b", "smi")) == "re.pattern: /a/b/ims" and getmetatable(p).__name == "re.pattern")
assert(tostring(re.compile("", { ungreedy = true })) == "re.pattern: //U" and p ~= re.compile(p:source()))
assert(p.year == nil and not pcall(function() p.x = 1 end))

-- the preloader is not what the module is
assert(type(package.preload.re) == "function")
