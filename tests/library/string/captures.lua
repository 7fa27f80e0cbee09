-- Captures: nested, position, back references, %b and %f.

local function check()
  local a, b, c = ("2024-05-06"):match("(%d+)-(%d+)-(%d+)")
  assert(a == "2024" and b == "05" and c == "06")
  a, b, c = ("abc"):match("((a)(b))")
  assert(a == "ab" and b == "a" and c == "b")
  a, b, c = ("hello"):match("()ll()")
  assert(a == 3 and b == 5 and c == nil and math.type(a) == "integer")
  a, b = ("key ="):match("^(%w+)%s*=%s*(%w*)$")
  assert(a == "key" and b == "")
  assert(("x"):match("()") == 1 and ("abc"):match("^()abc()$") == 1 and select(2, ("abc"):match("^()abc()$")) == 4)
  assert(("no captures"):match("%a+") == "no" and ("x"):match("(y)") == nil and select("#", ("x"):match("(y)(z)")) == 1)
  -- back references
  assert(("abab"):match("(ab)%1") == "ab" and ("abac"):match("(ab)%1") == nil and ([["it's"]]):match([[(["']).-%1]]) == '"')
  assert(([[say "it's" now]]):match([[(["'])(.-)%1]]) == '"' and select(2, ([[say "it's" now]]):match([[(["'])(.-)%1]])) == "it's")
  assert(("hello"):match("(.)%1") == "l" and ("abcabc"):match("(a)(b)(c)%1%2%3") == "a" and ("xx yy"):match("(%w)%1 (%w)%2") == "x")
  assert(("aa"):match("^(a-)%1$") == "a" and ("[[x]]"):match("%[(=*)%[(.-)%]%1%]") == "" and select(2, ("[==[x]==]"):match("%[(=*)%[(.-)%]%1%]")) == "x")
  -- balanced
  assert(("f(a(b)c)d"):match("%b()") == "(a(b)c)" and ("((x)"):match("%b()") == "(x)" and ("no"):match("%b()") == nil)
  assert(("<<a>b>"):match("%b<>") == "<<a>b>" and ("begin x end"):match("%bbn") == "begin" and ("'a'b'"):match("%b''") == "'a'")
  assert(("if (a(b)) then"):match("if%s*(%b())") == "(a(b))" and (("("):rep(50) .. (")"):rep(50)):match("^%b()$"))
  -- frontier
  assert(("THE (quick) fox"):find("%f[%a]%a+%f[%A]") == 1 and ("a THE b"):match("%f[%w]%u+%f[%W]") == "THE")
  assert(("foo.bar"):gsub("%f[%w]%w+", string.upper) == "FOO.BAR" and ("[[]] x [] "):find("%f[x]") == 6)
  assert(("abc"):match("%f[%z]()") == 4 and (""):match("%f[%z]()") == nil and ("x y"):match("%f[\0]()") == 4)
  assert(("aba"):gsub("%f[a]", "|") == "|ab|a" and ("word"):match("^%f[%w]()") == 1)
  -- captures with repetitions around
  assert(("aaa"):match("(a*)") == "aaa" and ("aaa"):match("(a-)$") == "aaa" and ("aaab"):match("^(a+)b$") == "aaa" and ("a+b"):match("(%+)") == "+")
end
for _ = 1, 300 do check() end
-- up to 32 captures
local p = ("(.)"):rep(32)
local r = table.pack((("abcdefgh"):rep(4)):match(p))
assert(r.n == 32 and r[1] == "a" and r[32] == "h")
print(pcall(string.match, ("x"):rep(40), ("(.)"):rep(33)))   -- expect: false	too many captures
