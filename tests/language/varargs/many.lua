-- Many arguments and results at once.

local function count(...) return select("#", ...) end
local t = {}
for i = 1, 5000 do t[i] = i end
for _ = 1, 50 do
  assert(count(table.unpack(t)) == 5000)
  assert(select(5000, table.unpack(t)) == 5000)
  assert(#{ table.unpack(t) } == 5000 and #{ 0, table.unpack(t) } == 5001)
  local p = table.pack(table.unpack(t))
  assert(p.n == 5000 and p[5000] == 5000)
end
assert(math.max(table.unpack(t)) == 5000)
assert(#string.char(table.unpack(t, 1, 200)) == 200)
local function pass(...) return ... end
local function sum(...)
  local s = 0
  for _, v in ipairs { ... } do s = s + v end
  return s
end
assert(sum(pass(pass(table.unpack(t)))) == 12502500)
-- deep recursion that carries its varargs along
local function grow(n, ...)
  if n == 0 then return count(...) end
  return grow(n - 1, n, ...)
end
for _ = 1, 20 do assert(grow(200) == 200) end
local function wrap(n, ...)
  if n == 0 then return ... end
  local a, b = wrap(n - 1, ...)
  return b, a
end
local a, b = wrap(101, "x", "y")
assert(a == "y" and b == "x")
local ok, e = pcall(function() return table.unpack({}, 1, 1e7) end)
print(ok, e)                         -- expect: false	tests/language/varargs/many.lua:35: too many results to unpack
ok, e = pcall(function() return table.unpack({}, 1, math.maxinteger) end)
print(ok, e)                         -- expect: false	tests/language/varargs/many.lua:37: too many results to unpack
