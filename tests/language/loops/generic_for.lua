-- The generic for: iterators with state and control, closures, objects with __call.

local function range(a, b)
  local function step(limit, i)
    if i < limit then return i + 1, (i + 1) * 10 end
  end
  return step, b, a - 1
end
local function chars(s)
  local i = 0
  return function()
    i = i + 1
    if i <= #s then return s:sub(i, i) end
  end
end
local function check()
  local s, m = 0, 0
  for i, v in range(1, 5) do s = s + i; m = m + v end
  assert(s == 15 and m == 150)
  local t = {}
  for c in chars("abc") do t[#t + 1] = c end
  assert(table.concat(t, "-") == "a-b-c")
  for _ in function() end do error("not reached") end
  -- assigning the control variable does not change the iteration
  s = 0
  for i in range(1, 4) do s = s + i; i = 100 end
  assert(s == 10)
  -- extra and missing values
  for a, b, c, d in range(1, 1) do assert(a == 1 and b == 10 and c == nil and d == nil) end
  -- false does not stop, nil does
  local seq, k = { false, false, 1 }, 0
  local rounds = 0
  for v in function() k = k + 1; return seq[k] end do rounds = rounds + 1 end
  assert(rounds == 3)
  -- callable objects
  local obj = setmetatable({ n = 0 }, { __call = function(self, st, ctl)
    self.n = self.n + 1
    if self.n <= 3 then return self.n, st end
  end })
  s = 0
  for v, st in obj, "state" do s = s + v; assert(st == "state") end
  assert(s == 6)
  -- break, nested, over a table being made
  local pairs_count = 0
  for k1 in pairs { 1, 2, 3 } do
    for k2 in pairs { 1, 2, 3 } do
      if k2 > k1 then break end
      pairs_count = pairs_count + 1
    end
  end
  assert(pairs_count == 6)
end
for _ = 1, 300 do check() end

-- each round has new variables
local fs = {}
for i, v in ipairs { 10, 20, 30 } do fs[i] = function(d) v = v + d; return i, v end end
for i = 1, 3 do
  local a, b = fs[i](1)
  assert(a == i and b == i * 10 + 1)
end
-- iterating a table with next directly, and strings by gmatch
local n = 0
for k, v in next, { a = 1, b = 2 } do n = n + v end
for w in ("one two"):gmatch("%a+") do n = n + #w end
assert(n == 9)
