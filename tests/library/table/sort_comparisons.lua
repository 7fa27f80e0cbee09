-- table.sort asks an order function the same questions in the same order as the reference; equal elements end up where they do there.

local function trace(n, step, modulus)
  local t, asked = {}, {}
  for i = 1, n do t[i] = i * step % modulus end
  table.sort(t, function(a, b)
    asked[#asked + 1] = a .. "<" .. b
    return a < b
  end)
  return table.concat(asked, " ") .. " -> " .. table.concat(t, " ")
end
for _ = 1, 50 do trace(12, 7, 11) end
print(trace(0, 1, 1))  -- expect:  -> 
print(trace(1, 1, 2))  -- expect:  -> 1
print(trace(2, 2, 3))  -- expect: 1<2 -> 1 2
print(trace(3, 2, 5))  -- expect: 1<2 4<1 2<4 -> 1 2 4
print(trace(4, 3, 5))  -- expect: 2<3 1<2 4<2 2<4 2<1 3<4 -> 1 2 3 4
print(trace(5, 3, 7))  -- expect: 1<3 2<1 3<2 6<2 2<5 2<6 2<1 3<5 6<3 5<6 -> 1 2 3 5 6
print(trace(8, 3, 5))  -- expect: 4<3 2<3 1<3 4<3 3<3 1<3 0<3 4<3 3<0 4<4 0<2 3<0 2<3 1<2 1<2 2<2 2<1 1<0 1<0 1<1 -> 0 1 1 2 3 3 4 4
print(trace(10, 7, 11))  -- expect: 4<7 2<4 3<4 10<4 4<1 6<4 4<5 4<9 4<8 4<6 4<1 1<2 3<1 2<3 7<8 5<7 9<7 7<10 7<6 9<7 7<6 6<5 8<10 9<8 10<9 -> 1 2 3 4 5 6 7 8 9 10

local function comparisons(n, f)
  local t, count = {}, 0
  for i = 1, n do t[i] = f(i) end
  table.sort(t, function(a, b)
    count = count + 1
    return a < b
  end)
  for i = 2, n do assert(t[i - 1] <= t[i]) end
  return count
end
print(comparisons(100, function(i) return i end), comparisons(100, function(i) return -i end), comparisons(100, function() return 1 end))  -- expect: 578	710	593
print(comparisons(500, function(i) return i * 7919 % 503 end), comparisons(500, function(i) return i % 2 end))  -- expect: 4980	4246

-- which of equal elements comes first
local records = {}
for i = 1, 12 do records[i] = { key = i % 3, id = i } end
table.sort(records, function(a, b) return a.key < b.key end)
local ids = {}
for i, r in ipairs(records) do ids[i] = r.id end
print(table.concat(ids, " "))  -- expect: 12 9 3 6 1 4 7 10 2 8 11 5

-- order functions that are no orders
local function bad(n, f)
  local t = {}
  for i = 1, n do t[i] = i * 5 % 7 end
  local ok, message = pcall(table.sort, t, f)
  return ok and table.concat(t, " ") or message
end
local function always() return true end
local function less_equal(a, b) return a <= b end
local function unequal(a, b) return a ~= b end
print(bad(2, always))  -- expect: 3 5
print(bad(3, always))  -- expect: 3 1 5
print(bad(4, always))  -- expect: invalid order function for sorting
print(bad(6, always))  -- expect: invalid order function for sorting
print(bad(8, less_equal))  -- expect: invalid order function for sorting
print(bad(5, unequal))  -- expect: invalid order function for sorting
print(bad(8, function() end))  -- expect: 5 4 2 0 6 3 1 5
print(bad(3, function() error("stop", 0) end))  -- expect: stop
