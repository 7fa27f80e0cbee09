-- Strings as objects: methods, indexing, comparison with the functions of the library.

local function check()
  local s = "Hello"
  assert(s:upper() == string.upper(s) and s.len == string.len and s["sub"] == string.sub and s.nothing == nil and s[1] == nil)
  assert(("x"):rep(3):upper():lower():len() == 3 and #s:rep(2) == 10 and s:sub(1, 1):byte() == 72)
  assert((s .. " World"):gsub("World", "Lua") == "Hello Lua" and ("%s!"):format(s) == "Hello!")
  local upper = s.upper
  assert(upper("abc") == "ABC")
  for _, name in ipairs { "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub", "upper" } do
    assert(type(string[name]) == "function" and ("")[name] == string[name])
  end
  assert(getmetatable(s) == getmetatable("other") and getmetatable(s).__index == string)
end
for _ = 1, 300 do check() end
function string.twice(s) return s .. s end
for i = 1, 300 do assert(("ab"):twice() == "abab") end
string.twice = nil
assert(not pcall(function() return ("ab"):twice() end))
-- interning: short strings built in different ways are one key
local t = {}
for i = 1, 300 do
  t["key" .. i] = i
  assert(t[("key%d"):format(i)] == i and t[table.concat({ "k", "ey", i })] == i and t[("yek"):reverse() .. i] == i)
end
