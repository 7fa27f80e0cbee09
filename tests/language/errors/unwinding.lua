-- State after errors: locals, loops and tables go on from where they were.

local function risky(n) if n % 3 == 0 then error("third", 0) end return n end
local function sum(n)
  local s, fails = 0, 0
  for i = 1, n do
    local ok, v = pcall(risky, i)
    if ok then s = s + v else fails = fails + 1; assert(v == "third") end
  end
  return s, fails
end
for _ = 1, 20 do
  local s, f = sum(300)
  assert(s == 30000 and f == 100)
end
-- errors from different depths
local function nest(d, k)
  if d == 0 then if k then error(k, 0) end return 0 end
  local a, b, c = d, d * 2, d * 3
  local r = nest(d - 1, k)
  assert(b == 2 * a and c == 3 * a)
  return r + 1
end
for i = 1, 100 do
  local ok, e = pcall(nest, i, i)
  assert(not ok and e == i)
  assert(nest(i) == i)
end
-- pcall in pcall in pcall
local function layers(n)
  if n == 0 then error("bottom", 0) end
  local ok, e = pcall(layers, n - 1)
  assert(not ok)
  error(e .. n, 0)
end
local ok, e = pcall(layers, 5)
assert(e == "bottom12345")
for _ = 1, 100 do
  ok, e = pcall(layers, 50)
  assert(not ok and #e == 6 + 9 + 41 * 2)
end
-- an iterator, a sort and a gsub stopped by errors leave everything usable
local t = { 5, 3, 8, 1 }
assert(not pcall(table.sort, t, function() error("cmp") end))
table.sort(t)
assert(t[1] == 1 and t[4] == 8)
assert(not pcall(string.gsub, "abc", ".", function(c) if c == "b" then error("sub") end end))
assert(("abc"):gsub(".", "%0%0") == "aabbcc")
-- an error while building a table or evaluating arguments
for _ = 1, 300 do
  local r = pcall(function() return { 1, 2, error("x"), 4 } end)
  assert(r == false)
  r = pcall(function() return math.max(1, 2, nil + 1) end)
  assert(r == false)
end
