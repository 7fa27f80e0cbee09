-- Integer keys outside of the array part: negative, zero, huge, sparse; colliding ones; with and without metatables.

local keys = { 0, -1, -2, 100, 1000, 1 << 20, 1 << 32, 1 << 40, (1 << 40) + 1, math.maxinteger, math.mininteger, 3 << 32 | 3, 5 << 32 | 5, 255, 256 }

local function fill(t)
  for i, k in ipairs(keys) do t[k] = i end
end
local function check(t, times)
  for i, k in ipairs(keys) do assert(t[k] == i * times) end
  assert(t[77] == nil and t[-77] == nil and t[7 << 32 | 7] == nil)
end
local function scale(t, by)
  for _, k in ipairs(keys) do t[k] = t[k] * by end
end
for _ = 1, 100 do
  local t = {}
  fill(t)
  check(t, 1)
  scale(t, 3)
  check(t, 3)
  -- removed and set again, seen by nobody in between
  for i, k in ipairs(keys) do
    t[k] = nil
    assert(t[k] == nil)
    t[k] = i
  end
  check(t, 1)
  local count = 0
  for k, v in pairs(t) do
    assert(keys[v] == k)
    count = count + 1
  end
  assert(count == #keys)
end

-- keys in the program
local function constants(t)
  t[0] = 1
  t[200] = (t[200] or 0) + 1
  t[0] = t[0] + t[200]
  return t[0], t[200], t[201]
end
local c = {}
for _ = 1, 100 do constants(c) end
print(constants(c))                            -- expect: 102	101	nil

-- floats are the same keys, strings are not
local function read(t, k) return t[k] end
local function write(t, k, v) t[k] = v end
local m = {}
for i = 1, 100 do
  write(m, -5, i)
  write(m, "-5", "s")
  assert(read(m, -5) == i and read(m, -5.0) == i and read(m, "-5") == "s" and read(m, -5.5) == nil)
  write(m, -5.0, i + 1)
  assert(read(m, -5) == i + 1)
end

-- booleans, nils, floats, tables as values
for _ = 1, 100 do
  for _, v in ipairs({ true, false, 1.5, "x", m, print }) do
    write(m, 0, v)
    assert(rawequal(read(m, 0), v))
  end
  write(m, 0, nil)
  assert(read(m, 0) == nil and next({ [0] = nil }) == nil)
end

-- metatables: only what is missing, or nil, is their concern
local log = {}
local object = setmetatable({ [-1] = "own", [0] = "own" }, {
  __index = function(_, k) log[#log + 1] = "get " .. k return "inherited" end,
  __newindex = function(t, k, v) log[#log + 1] = "set " .. k rawset(t, k, v) end,
})
for _ = 1, 100 do
  log = {}
  assert(read(object, -1) == "own" and read(object, -2) == "inherited")
  write(object, 0, "again")
  write(object, -2, 5)
  assert(read(object, -2) == 5)
  write(object, -2, nil)
  write(object, -2, nil)
  assert(read(object, 0) == "again")
end
print(table.concat(log, ", "))                 -- expect: get -2, set -2, set -2
local chained = setmetatable({}, { __index = { [-9] = "far" } })
for _ = 1, 100 do assert(read(chained, -9) == "far" and read(chained, -8) == nil) end

-- upwards from a middle, so that keys move between the parts
local function grow(first, last)
  local t = {}
  for i = first, last do t[i] = i end
  local sum = 0
  for i = first - 5, last + 5 do sum = sum + (t[i] or 0) end
  return sum
end
for _ = 1, 30 do assert(grow(-20, 60) == (60 * 61 - 20 * 21) // 2 and grow(3, 40) == 40 * 41 // 2 - 3) end

-- not tables
local function bad(t, k) return t[k] end
local function bad_set(t, k) t[k] = 1 end
for _ = 1, 50 do
  assert(not pcall(bad, nil, -1) and not pcall(bad_set, 5, -1) and bad("s", -1) == nil)
end
print(pcall(bad_set, nil, -1))                 -- expect: false	tests/language/tables/hash_integers.lua:101: attempt to index a nil value (local 't')
