-- string.gmatch: every match in turn, empty ones too, captures, start position.

local function all(s, p, i)
  local t = {}
  for a, b in s:gmatch(p, i) do t[#t + 1] = b and (a .. "=" .. b) or tostring(a) end
  return table.concat(t, "|")
end
local function check()
  assert(all("one two  three", "%a+") == "one|two|three" and all("a=1, b=2", "(%w+)=(%w+)") == "a=1|b=2")
  assert(all("abc", "") == "|||" and all("abc", ".") == "a|b|c" and all("", "") == "" and all("", ".") == "")
  assert(all("abc", "()") == "1|2|3|4" and all("aXbXc", "X()") == "3|5" and all("xaxbx", "x*") == "x||x||x" or all("xaxbx", "x*") == "x|x|x")
  assert(all("hello", "l*") == "||ll|" and all("aaa", "a-") == "|||" and all("a,b,,c", "([^,]*)") == "a|b||c")
  assert(all("THE (quick) fox", "%f[%a]%a+") == "THE|quick|fox" and all("k1=v1;k2=v2", "(%w-)=(%w-);?%f[%W]") ~= nil)
  assert(all("abc", "^a") == "" or all("abc", "^a") == "a") -- an anchor makes no sense in gmatch
  assert(all("abcabc", "b", 3) == "b" and all("abcabc", "%a", -2) == "b|c" and all("abc", "%a", 10) == "" and all("abc", "", 4) == "" and all("abc", ".", -100) == "a|b|c")
  assert(all("a(b(c))(d)", "%b()") == "(b(c))|(d)" and all("x\0y\0", "%Z+") == "x|y")
  -- the iterator by hand, and after the end
  local it = ("ab"):gmatch(".")
  assert(it() == "a" and it() == "b" and it() == nil and it() == nil)
  -- nested over the same string
  local n = 0
  for a in ("ab"):gmatch(".") do for b in ("ab"):gmatch(".") do n = n + 1 end end
  assert(n == 4)
  local t = {}
  for k, v in ("a=1,b=2"):gmatch("(%w)=(%w)") do t[k] = tonumber(v) end
  assert(t.a == 1 and t.b == 2)
end
for _ = 1, 300 do check() end
local words = 0
for w in (("word "):rep(2000)):gmatch("%S+") do words = words + 1 end
assert(words == 2000)
print(all("abc", "^a"))               -- expect: 
print(all("xaxbx", "x*"))             -- expect: x|x|x
