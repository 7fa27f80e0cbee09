-- table.sort: numbers, strings, comparators, metamethods, bad comparators.

local function sorted(t, lt)
  lt = lt or function(a, b) return a < b end
  for i = 2, #t do if lt(t[i], t[i - 1]) then return false end end
  return true
end
local seed = 1
local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 8) % n end
local function check()
  for n = 0, 40, 3 do
    local t, sum = {}, 0
    for i = 1, n do t[i] = random(20); sum = sum + t[i] end
    table.sort(t)
    for i = 1, n do sum = sum - t[i] end
    assert(sorted(t) and sum == 0 and #t == n)
    table.sort(t, function(a, b) return a > b end)
    assert(sorted(t, function(a, b) return a > b end))
  end
  local t = { "banana", "apple", "Cherry", "date", "", "apple" }
  table.sort(t)
  assert(table.concat(t, ",") == ",Cherry,apple,apple,banana,date")
  table.sort(t, function(a, b) return #a < #b end)
  assert(#t[1] == 0 and #t[6] == 6)
  local m = { 3, 1.5, 2, -1, 2.5, 0 }
  table.sort(m)
  assert(table.concat(m, " ") == "-1 0 1.5 2 2.5 3")
  assert(select("#", table.sort({})) == 0)
  local one = { 5 }
  table.sort(one, error) -- never called
end
for _ = 1, 60 do check() end
local t = {}
for i = 1, 3000 do t[i] = random(1000000) end
table.sort(t)
assert(sorted(t))
table.sort(t) -- already sorted
assert(sorted(t))
table.sort(t, function(a, b) return a > b end) -- reversed
assert(sorted(t, function(a, b) return a > b end))
for i = 1, 3000 do t[i] = 7 end
table.sort(t)
assert(sorted(t))
for i = 1, 3000 do t[i] = i % 3 end
table.sort(t)
assert(sorted(t))
-- records by two fields
local people = {}
for i = 1, 300 do people[i] = { name = "n" .. random(50), age = random(30) } end
local function before(a, b) if a.name ~= b.name then return a.name < b.name end return a.age < b.age end
table.sort(people, before)
assert(sorted(people, before))
-- objects with __lt
local mt = { __lt = function(a, b) return a.v < b.v end }
local objs = {}
for i = 1, 100 do objs[i] = setmetatable({ v = random(50) }, mt) end
table.sort(objs)
assert(sorted(objs))
-- a proxy
local real = { 5, 3, 4, 1, 2 }
local proxy = setmetatable({}, { __index = real, __newindex = real, __len = function() return #real end })
table.sort(proxy)
print(table.concat(real, " "))                        -- expect: 1 2 3 4 5
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print((msg:gsub("^[^:]+:%d+: ", "")))
end
e(table.sort, { {}, {} })                             -- expect: attempt to compare two table values
e(table.sort, { 3, 2, 1 }, 5)                         -- expect: bad argument #2 to 'table.sort' (function expected, got number)
e(table.sort, nil)                                    -- expect: bad argument #1 to 'table.sort' (table expected, got nil)
e(table.sort, { 3, 2, 1 }, function() error("cmp", 0) end) -- expect: cmp
local ok, msg = pcall(table.sort, { 3, "x", 1 })
assert(not ok and msg:find("attempt to compare", 1, true))
ok, msg = pcall(table.sort, { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, function() return true end)
assert(ok or msg:find("invalid order function for sorting", 1, true))
-- an inconsistent comparator may leave any order but never loses elements or crashes
for n = 1, 100 do
  local r = {}
  for i = 1, n do r[i] = i end
  pcall(table.sort, r, function() return random(2) == 0 end)
  local sum = 0
  for i = 1, n do sum = sum + (r[i] or 0) end
  assert(sum == n * (n + 1) // 2)
end
