-- Hot table access: shapes that change, arrays that grow and get holes, keys of
-- different kinds at one place.

local function getx(t) return t.x end
local function setx(t, v) t.x = v end
local shapes = { { x = 1 }, { y = 0, x = 2 }, { x = 3, z = 0 }, { a = 1, b = 2, c = 3, x = 4 }, {}, { "array", x = 6 } }
for r = 1, 300 do
  local s = 0
  for i = 1, #shapes do s = s + (getx(shapes[i]) or 5) end
  assert(s == 21)
end
for r = 1, 300 do
  local t = {}
  setx(t, r)
  assert(getx(t) == r)
  t.y, t.z = 1, 2
  setx(t, nil)
  assert(getx(t) == nil and t.y == 1)
  setx(t, r + 1)
  assert(t.x == r + 1)
end
local function at(t, k) return t[k] end
local t = { 10, 20, 30, key = "v", [1.5] = "f", [true] = "b", [-1] = "n" }
for i = 1, 500 do
  assert(at(t, 1) == 10 and at(t, 3) == 30 and at(t, 4) == nil and at(t, 0) == nil and at(t, -1) == "n")
  assert(at(t, 2.0) == 20 and at(t, 1.5) == "f" and at(t, "key") == "v" and at(t, true) == "b" and at(t, "none") == nil and at(t, nil) == nil)
end
-- push and pop
local stack = {}
for r = 1, 50 do
  for i = 1, 100 do stack[#stack + 1] = i end
  for i = 100, 1, -1 do assert(stack[#stack] == i); stack[#stack] = nil end
end
assert(#stack == 0)
-- two dimensions
local function matrix(n) local m = {} for i = 1, n do m[i] = {} for j = 1, n do m[i][j] = i * j end end return m end
local function trace(m) local s = 0 for i = 1, #m do s = s + m[i][i] end return s end
for _ = 1, 30 do assert(trace(matrix(20)) == 2870) end
-- an array that becomes sparse, then dense again
local a = {}
for i = 1, 300 do a[i] = i end
for i = 1, 300, 2 do a[i] = nil end
local n = 0
for i = 1, 300 do if a[i] then n = n + a[i] end end
assert(n == 22650)
for i = 1, 300, 2 do a[i] = -i end
n = 0
for i = 1, 300 do n = n + a[i] end
assert(n == 150 and #a == 300)
-- counting with string keys
local counts = {}
for w in (("the quick brown the lazy the quick "):rep(100)):gmatch("%a+") do counts[w] = (counts[w] or 0) + 1 end
assert(counts.the == 300 and counts.quick == 200 and counts.brown == 100 and counts.lazy == 100)
-- fields updated in place
local p = { n = 0, s = "", f = 0.5 }
for i = 1, 1000 do p.n = p.n + i; p.f = p.f * 1.0 + 1; if i % 100 == 0 then p.s = p.s .. i end end
assert(p.n == 500500 and p.f == 1000.5 and p.s == "1002003004005006007008009001000")
-- reading through nil fails in a hot function, and only then
local function deep(o) return o.a.b.c end
local good = { a = { b = { c = 7 } } }
for i = 1, 1000 do
  assert(deep(good) == 7)
  if i % 100 == 0 then
    local ok, e = pcall(deep, { a = {} })
    assert(not ok and e:find("attempt to index a nil value (field 'b')", 1, true), e)
    ok, e = pcall(deep, nil)
    assert(not ok and e:find("attempt to index a nil value (local 'o')", 1, true), e)
  end
end
