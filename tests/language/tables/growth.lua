-- Tables that grow, shrink, move between array and hash, with holes and many kinds of keys.

local function fill(order)
  local t = {}
  for _, k in ipairs(order) do t[k] = k * 2 end
  for _, k in ipairs(order) do assert(t[k] == k * 2) end
  return t
end
local up, down, shuffled = {}, {}, {}
for i = 1, 200 do
  up[i] = i
  down[i] = 201 - i
  shuffled[i] = (i * 77) % 211
end
for _ = 1, 30 do
  assert(#fill(up) == 200 and #fill(down) == 200)
  fill(shuffled)
end
-- remove and insert again and again: no unbounded growth, nothing lost
local t = {}
for round = 1, 50 do
  for i = 1, 100 do t[round * 100 + i] = i end
  for i = 1, 100 do t[(round - 1) * 100 + i] = nil end
end
local n = 0
for k, v in pairs(t) do n = n + 1; assert(k == 5000 + v) end
assert(n == 100)
-- a queue: two come in for each that leaves
local q, first, last = {}, 1, 0
local sum = 0
for i = 1, 5000 do
  last = last + 1
  q[last] = i
  if i % 2 == 0 then
    sum = sum + q[first]
    q[first] = nil
    first = first + 1
  end
end
assert(last - first + 1 == 2500 and sum == 2500 * 2501 // 2)
for i = first, last do assert(q[i] == i) end
for i = 1, first - 1 do assert(q[i] == nil) end
-- sparse, negative and huge keys
local s = {}
for i = -100, 100, 7 do s[i * 1000003] = i end
n = 0
for k, v in pairs(s) do assert(k == v * 1000003); n = n + 1 end
assert(n == 29)
-- mixed keys; removing all leaves an empty table that can be used again
local m = {}
for i = 1, 1000 do m[i] = i; m["s" .. i] = i; m[i + 0.25] = i end
for i = 1, 1000 do assert(m[i] == i and m["s" .. i] == i and m[i + 0.25] == i) end
for i = 1, 1000 do m[i] = nil; m["s" .. i] = nil; m[i + 0.25] = nil end
assert(next(m) == nil and #m == 0)
m[1] = "again"
assert(#m == 1)
