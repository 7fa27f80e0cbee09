-- The same pattern in different functions, again and again, while others come and go and the collector runs.

-- '^' is an anchor except for gmatch.
for _ = 1, 30 do
  assert(("^a^a"):find("^a") == nil and ("a^a"):find("^a") == 1)
  local n = 0
  for m in ("^a^a"):gmatch("^a") do n = n + 1 assert(m == "^a") end
  assert(n == 2 and ("aaa"):gsub("^a", "b") == "baa")
end

-- Patterns made while one is in use, which must not be replaced under it.
local function inner(c)
  local parts = {}
  for i = 1, 200 do
    parts[i] = (c .. i):match("^" .. c .. "(" .. tostring(i):gsub("%d", "%%d") .. ")$")
  end
  collectgarbage("step")
  return "<" .. #parts .. c:gsub("%a", function(x) return x .. c end) .. ">"
end
for _ = 1, 3 do
  assert(("ab-c"):gsub("%a", inner) == "<200aa><200bb>-<200cc>")
  local seen = {}
  for k, v in ("a=1, b=2, c=3"):gmatch("(%w)=(%w)") do
    inner(k)
    seen[#seen + 1] = k .. v
  end
  assert(table.concat(seen, " ") == "a1 b2 c3")
end

-- Strings with the same text that are different objects, and long patterns.
local long = ("x"):rep(60)
for i = 1, 50 do
  local p = long .. "%d+" .. ("."):rep(i % 3)
  local s = "ab" .. long .. "123yz"
  local a, b = s:find(p)
  assert(a == 3 and b == 65 + i % 3 or i % 3 == 0 and b == 65, b)
  if i % 10 == 0 then collectgarbage() end
end
local all = ("(.)"):rep(32)
local r = table.pack((("0123456789"):rep(4)):match(all))
assert(r.n == 32 and r[32] == "1")
assert(select("#", (("0123456789"):rep(4)):find(all)) == 34)

-- Literal text of many kinds.
for _, c in ipairs({ { "a.b", "a%.b" }, { "100%", "100%%" }, { "f(x)[1]", "f%(x%)%[1%]" }, { "a\0b", "a\0b" }, { "a\0b", "a%zb" } }) do
  for _ = 1, 5 do
    assert((">" .. c[1] .. "<"):find(c[2]) == 2 and c[1]:match("^" .. c[2] .. "$") == c[1] and not (c[1]:sub(1, -2)):find(c[2]))
  end
end

-- Repetitions that have to give something back, and some that need not.
for _ = 1, 5 do
  assert(("aaab"):match("a*ab") == "aaab" and ("aaa"):match("^(a+)(a)$") == "aa" and ("key = val"):match("^(%w+)%s*=%s*(%w+)$") == "key")
  assert(("foo.bar.lua"):match("^(.*)%.(.-)$") == "foo.bar" and ("aXb"):match("%u?b") == "Xb" and ("ab"):match("^a?ab") == "ab")
  assert(("x=1;y=2;"):gsub("(%w+)=(%w+);", "%2=%1;") == "1=x;2=y;" and ("  trim me  "):match("^%s*(.-)%s*$") == "trim me")
  assert(("aaa"):find("a-$") == 1 and ("[[x]]"):match("%[(%[.-%])%]") == "[x]" and ("abcabc"):match("(abc)%1") == "abc")
end

-- The limit on nesting, and errors that come only when matching gets there.
assert(not pcall(string.find, ("a"):rep(300), ("a?"):rep(300)))
assert(pcall(string.find, ("a"):rep(300), ("a?"):rep(100)))
for _ = 1, 5 do
  assert(("b"):find("a[") == nil and select(2, pcall(string.find, "a", "a[")):find("missing ']'", 1, true))
  assert(select(2, pcall(string.gsub, "a", "(a", "%1")):find("unfinished capture", 1, true))
  assert(select(2, pcall(string.gsub, "abc", "%w", "%2")):find("invalid capture index %2", 1, true))
end
