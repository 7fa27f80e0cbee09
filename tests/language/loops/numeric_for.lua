-- The numeric for: directions, steps, the count fixed at the start, the variable local.

local function collect(a, b, c)
  local t = {}
  if c then for i = a, b, c do t[#t + 1] = i end
  else for i = a, b do t[#t + 1] = i end
  end
  return table.concat(t, " ")
end
local function check()
  assert(collect(1, 5) == "1 2 3 4 5" and collect(5, 1) == "" and collect(3, 3) == "3")
  assert(collect(5, 1, -1) == "5 4 3 2 1" and collect(1, 5, -1) == "")
  assert(collect(1, 10, 3) == "1 4 7 10" and collect(1, 9, 3) == "1 4 7" and collect(1, 1, 100) == "1")
  assert(collect(-3, 3, 2) == "-3 -1 1 3" and collect(10, -10, -7) == "10 3 -4")
  assert(collect(1, 3.9) == "1 2 3" and collect(1, 3.0) == "1 2 3" and collect(3, 1.1, -1) == "3 2")
  assert(collect(1, math.huge, math.maxinteger) == "1" and collect(1, -math.huge) == "")
  assert(collect(-1, -math.huge, math.mininteger) == "-1")
  assert(collect(1, 0/0) == "" and collect(0, -0.5) == "")
  local n, lim = 0, 5
  for i = 1, lim do lim = 100; n = n + 1 end
  assert(n == 5)
  local step = 2
  for i = 1, 9, step do step = 100; n = n + 1 end
  assert(n == 10)
  for i = 1, 3 do local j = i; i = i * 10; assert(i == j * 10); n = n + 1 end
  assert(n == 13)
  for i = 1, 10 do if i == 4 then break end n = n + 1 end
  assert(n == 16)
end
for _ = 1, 300 do check() end

-- nested loops with the same name
local total = 0
for i = 1, 20 do
  for i = i, 20 do total = total + i end
end
assert(total == 2870)
-- the bounds are evaluated once, in order
local log = {}
local function e(name, v) log[#log + 1] = name; return v end
for i = e("a", 1), e("b", 4), e("c", 2) do log[#log + 1] = i end
print(table.concat(log, " "))        -- expect: a b c 1 3
