-- Multiple assignment: everything on the right is evaluated first; counts are adjusted.

local function check()
  local a, b, c = 1, 2
  assert(a == 1 and b == 2 and c == nil)
  a, b = b, a
  assert(a == 2 and b == 1)
  a, b, c = 1, 2, 3, 4
  assert(a == 1 and b == 2 and c == 3)
  a, b, c = c, a, b
  assert(a == 3 and b == 1 and c == 2)
  local i, t = 1, {}
  i, t[i] = i + 1, 20 -- the index is evaluated before the assignment
  assert(i == 2 and t[1] == 20 and t[2] == nil)
  local x = { 1, 2, 3 }
  i = 1
  i, x[i], x[i + 1] = 5, x[2], x[1]
  assert(i == 5 and x[1] == 2 and x[2] == 1)
  local y = { v = 1 }
  y.v, y = 2, { v = 3 }
  assert(y.v == 3)
  local z = {}
  local w = z
  z, z.k = nil, "key" -- the table is the one held before
  assert(z == nil and w.k == "key")
  local p = { {} }
  local q = p[1]
  p[1], p[1].f = "gone", 7
  assert(p[1] == "gone" and q.f == 7)
end
for _ = 1, 300 do check() end

local function two() return 1, 2 end
local function none() end
local function counts()
  local a, b, c = two()
  assert(a == 1 and b == 2 and c == nil)
  a, b, c = two(), 10
  assert(a == 1 and b == 10 and c == nil)
  a, b, c = 0, two()
  assert(a == 0 and b == 1 and c == 2)
  a, b, c = none(), none()
  assert(a == nil and b == nil and c == nil)
  a, b, c = (two())
  assert(a == 1 and b == nil)
  a = two()
  assert(a == 1)
  a, b = none()
  assert(a == nil and b == nil)
  a, b, c = two(), two(), two()
  assert(a == 1 and b == 1 and c == 1)
end
for _ = 1, 300 do counts() end
