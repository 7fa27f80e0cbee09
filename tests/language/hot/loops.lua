-- Hot loops of every form, nested, with break, goto, closures and errors inside.

local function nested(n)
  local s = 0
  for i = 1, n do
    for j = i, n do
      if (i + j) % 7 == 0 then goto continue end
      if j - i > 20 then break end
      for k = 1, 3 do s = s + k end
      ::continue::
    end
  end
  return s
end
assert(nested(60) == nested(60))
print(nested(100))                         -- expect: 9720
local function whiles(n)
  local s, i = 0, 0
  while i < n do
    i = i + 1
    local j = 0
    repeat
      j = j + 1
      local stop = j > i % 5
      s = s + j
    until stop
  end
  return s
end
print(whiles(1000))                        -- expect: 7000
local function float(n)
  local s = 0.0
  for x = 0.0, n, 0.25 do s = s + x end
  return s
end
assert(float(100) == 20050.0)
local function down(n) local t = {} for i = n, 1, -1 do t[#t + 1] = i end return #t, t[1], t[#t] end
for _ = 1, 20 do
  local c, a, b = down(300)
  assert(c == 300 and a == 300 and b == 1)
end
-- closures made in a hot loop
local fs = {}
for i = 1, 500 do
  local x = i * 2
  fs[i] = function(d) x = x + d; return x, i end
end
for r = 1, 3 do
  for i = 1, 500 do
    local x, j = fs[i](1)
    assert(x == i * 2 + r and j == i)
  end
end
-- variables live across the loop
local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
for i = 1, 2000 do a, b, c, d, e, f, g, h = b, c, d, e, f, g, h, a end
assert(a == 1 and h == 8)
local p, q = 0, 1
for _ = 1, 90 do p, q = q, p + q end
assert(p == 2880067194370816120)
-- errors caught in a hot loop
local caught = 0
for i = 1, 1000 do
  local ok = pcall(function() if i % 10 == 0 then error("x") end end)
  if not ok then caught = caught + 1 end
end
assert(caught == 100)
-- generic loops
local t = {}
for i = 1, 100 do t[i] = i; t["k" .. i] = i end
local s = 0
for _ = 1, 20 do
  for _, v in pairs(t) do s = s + v end
  for i, v in ipairs(t) do s = s - v * 2 + i - v end
  for k, v in next, t do if type(k) == "string" then s = s + v - v end end
end
assert(s == 0)
