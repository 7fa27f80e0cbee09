-- Generic loops over tables of all kinds, and what may happen to a table while it is traversed.

local function keys(t)
  local n, sum = 0, 0
  for k, v in pairs(t) do
    assert(rawequal(rawget(t, k), v))
    n = n + 1
    if type(k) == "number" then sum = sum + k end
  end
  local m = 0
  for _ in pairs(t) do m = m + 1 end
  for k in next, t do m = m - 1 assert(rawget(t, k) ~= nil) end
  for k, v, extra in pairs(t) do assert(k ~= nil and v ~= nil and extra == nil) end
  assert(m == 0)
  return n, sum
end
local function build(array, hash, holes)
  local t = {}
  for i = 1, array do t[i] = i end
  for i = 1, hash do t["k" .. i] = i t[i + 0.5] = true t[-i] = -i end
  if holes then
    for i = 1, array, 2 do t[i] = nil end
    for i = 1, hash, 3 do t["k" .. i] = nil end
  end
  return t
end
for array = 0, 20 do
  for hash = 0, 6 do
    local n = keys(build(array, hash))
    assert(n == array + 3 * hash, n)
    assert(keys(build(array, hash, true)) == array // 2 + 3 * hash - (hash + 2) // 3)
  end
end

-- Entries are changed and removed on the way; collections in between.
for round = 1, 40 do
  local t = build(17, 9)
  local seen = 0
  for k, v in pairs(t) do
    seen = seen + 1
    if seen % 2 == 0 then t[k] = nil else t[k] = { v } end
    if seen % 11 == 0 then collectgarbage() end
  end
  assert(seen == 17 + 27)
  local objects = {}
  for i = 1, 30 do objects[{}] = i end
  seen = 0
  for k in pairs(objects) do
    objects[k] = nil
    k = nil
    seen = seen + 1
    if round % 8 == 0 then collectgarbage() end
  end
  assert(seen == 30 and next(objects) == nil)
end

-- Loops within loops over the same table, left early and begun anew; iterators used by hand.
local function nested(t)
  local n = 0
  for a in pairs(t) do
    for b in pairs(t) do
      if b == a then break end
      n = n + 1
    end
  end
  return n
end
for _ = 1, 20 do
  assert(nested(build(5, 5)) == 20 * 19 // 2)
  local t, k, n = build(9, 3), nil, 0
  local f, s = pairs(t)
  repeat
    k = f(s, k)
    n = n + 1
  until k == nil
  assert(n == 9 + 9 + 1)
  -- from the middle
  n = 0
  for _ in next, t, 4 do n = n + 1 end
  assert(n == 5 + 9)
end

-- ipairs.
local function sum(t)
  local s, last = 0, 0
  for i, v in ipairs(t) do
    s = s + v
    assert(i == last + 1)
    last = i
  end
  return s, last
end
local far = { 1, 2, 3 }
far[4] = 4
far[5] = 5
local chain = setmetatable({ 1, 2 }, { __index = function(_, i) return i <= 6 and i or nil end })
local hashed = {}
for i = 40, 1, -1 do hashed[i] = i end
for _ = 1, 60 do
  assert(sum({}) == 0 and sum({ 1, 2, nil, 4 }) == 3 and sum(far) == 15 and sum(chain) == 21 and sum(hashed) == 820)
  local grown = { 1 }
  for i, v in ipairs(grown) do if i < 30 then grown[i + 1] = v + 1 end end
  assert(#grown == 30)
  for i in ipairs({ 5, 6, 7 }) do assert(i <= 3) end
end
assert(not pcall(sum, nil))

-- Other iterators where pairs was, and values to close.
local function each(iterate, t)
  local n = 0
  for k, v in iterate(t) do n = n + 1 end
  return n
end
local function counter(t)
  local i = 0
  return function() i = i + 1 if i <= #t then return i, t[i] end end
end
local closed = 0
local function closing(t)
  return next, t, nil, setmetatable({}, { __close = function() closed = closed + 1 end })
end
for _ = 1, 40 do
  assert(each(pairs, { 1, 2, x = 3 }) == 3 and each(ipairs, { 1, 2, x = 3 }) == 2 and each(counter, { 1, 2, 3 }) == 3 and each(closing, { 1, 2 }) == 2)
  local saved = pairs
  pairs = counter
  local n = 0
  for k, v in pairs({ 7, 8 }) do n = n + v end
  pairs = saved
  assert(n == 15)
end
assert(closed == 40)

-- What a debugger sees of the loop's own variables, and errors from the middle of one.
local function look(t)
  for k, v in pairs(t) do
    local i = 1
    while true do
      local name, value = debug.getlocal(1, i)
      if not name then break end
      if value == nil then assert(rawequal(value, nil) and tostring(value) == "nil") end
      i = i + 1
    end
  end
end
for _ = 1, 20 do look({ 1, 2, a = 1, b = 2 }) end
local function spoiled(t)
  for k in pairs(t) do
    t[k] = nil
    for i = 1, 100 do t["new" .. i] = i end
    for i = 1, 100 do t["new" .. i] = nil end
    t[k .. "x"] = 1
    collectgarbage()
  end
end
for _ = 1, 5 do pcall(spoiled, { a = 1, b = 2, c = 3 }) end
