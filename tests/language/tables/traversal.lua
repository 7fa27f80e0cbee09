-- next and pairs: every key exactly once, integers of a sequence in order,
-- assigning to and removing existing fields during the traversal.

local function check()
  local t = {}
  for i = 1, 20 do t[i] = i * i; t["k" .. i] = i; t[i + 0.5] = -i end
  t[true], t[false], t[-3], t[0] = 1, 2, 3, 4
  local seen, n = {}, 0
  for k, v in pairs(t) do
    assert(not seen[k] and t[k] == v)
    seen[k] = true
    n = n + 1
  end
  assert(n == 64)
  for k in pairs(t) do assert(seen[k]) end
  -- values of a sequence come in order (true of the reference implementation)
  local order = {}
  for k in pairs { 10, 20, 30, 40, 50 } do order[#order + 1] = k end
  assert(table.concat(order, " ") == "1 2 3 4 5")
  -- change every value
  for k, v in pairs(t) do t[k] = tostring(v) end
  for k, v in pairs(t) do assert(type(v) == "string") end
  -- remove every other field, then all
  local removed = 0
  for k in pairs(t) do
    if removed % 2 == 0 then t[k] = nil end
    removed = removed + 1
  end
  assert(removed == 64)
  local left = 0
  for k in pairs(t) do left = left + 1 end
  assert(left == 32)
  for k in pairs(t) do t[k] = nil end
  assert(next(t) == nil)
  -- removing with a collection in the middle
end
for _ = 1, 100 do check() end

local t = {}
for i = 1, 500 do t["key" .. i] = {} end
local n = 0
for k in pairs(t) do
  t[k] = nil
  n = n + 1
  if n % 100 == 0 then collectgarbage() end
end
assert(n == 500 and next(t) == nil)
-- next itself
assert(next({}) == nil and next({ 5 }) == 1 and select(2, next({ 5 })) == 5)
assert(next({ 5 }, 1) == nil)
local k, v = next({ a = 1 })
assert(k == "a" and v == 1 and next({ a = 1 }, "a") == nil)
-- removing the key just returned, with next by hand
t = { a = 1, b = 2, c = 3, 1, 2, 3 }
k = nil
n = 0
repeat
  k = next(t, k)
  if k ~= nil then t[k] = nil; n = n + 1 end
until k == nil
assert(n == 6 and next(t) == nil)
print(pcall(next, {}, "missing"))        -- expect: false	invalid key to 'next'
print(pcall(next, {}, 1))                -- expect: false	invalid key to 'next'
print(pcall(next))                       -- expect: false	bad argument #1 to 'next' (table expected, got no value)
print(pcall(next, 5))                    -- expect: false	bad argument #1 to 'next' (table expected, got number)
