-- Calls of library functions that machine code knows: the common cases, all that is not common, and functions that only have the same names.

local floor, ceil, max, min, abs, sqrt = math.floor, math.ceil, math.max, math.min, math.abs, math.sqrt
local byte, char, sub, insert = string.byte, string.char, string.sub, table.insert

local function same(a, b) return a == b and math.type(a) == math.type(b) or a ~= a and b ~= b end
local function slow(f, ...) return (select(1, f(...))) end  -- a call that is no intrinsic

local numbers = { 0, 1, -1, 7, math.maxinteger, math.mininteger, 0.0, -0.0, 0.5, -0.5, 2.5, -2.5, 1e15, 2^53, 2^62, 2^63, -2^63, -2^63 - 2048,
  1e300, -1e300, 1 / 0, -1 / 0, 0 / 0, 9007199254740993.0, 4.9e-324, "3", "2.5" }
local function unary(x)
  return floor(x), ceil(x), abs(x), math.floor(x), (math.ceil(x))
end
local function root(x) return sqrt(x), (math.sqrt(x)) end
local function extremes(a, b)
  local x, y = max(a, b), math.max(a, b)
  local z = min(a, b)
  return x, y, z
end
for _ = 1, 30 do
  for _, x in ipairs(numbers) do
    local f, c, a, f2, c2 = unary(x)
    assert(same(f, slow(floor, x)) and same(f, f2) and same(c, slow(ceil, x)) and same(c, c2) and same(a, slow(abs, x)), x)
    assert(same(root(x), slow(sqrt, x)))
    for _, y in ipairs(numbers) do
      if type(x) ~= "string" and type(y) ~= "string" then
        local m, m2, n = extremes(x, y)
        assert(same(m, slow(max, x, y)) and same(m, m2) and same(n, slow(min, x, y)))
        assert(tostring(m) == tostring(slow(max, x, y)) and tostring(n) == tostring(slow(min, x, y)))
      end
    end
  end
end

-- Strings.
local function bytes(s, i)
  local a, b = byte(s, i), s:byte(i)
  local c = byte(s)
  local d, e = sub(s, i, i), s:sub(i, i)
  assert(a == b and d == e)
  return a, c, d
end
local text = "a\0\255z"
for _ = 1, 60 do
  for i = -6, 6 do
    local a, c, d = bytes(text, i)
    assert(a == slow(byte, text, i) and c == 97 and d == slow(sub, text, i, i) and (d == "" or char(a) == d))
  end
  assert(bytes("x", 1.0) == 120 and bytes("x", "1") == 120 and (byte(12, 2)) == 50 and (bytes("", 1)) == nil)
end
local function chars(n)
  local s = char(n)
  return s
end
for _ = 1, 3 do
  for n = 0, 255 do assert(#chars(n) == 1 and chars(n):byte() == n) end
end
for _, bad in ipairs({ -1, 256, 1 << 40, "x", {}, 1.5 }) do
  assert(not pcall(chars, bad))
end

-- type.
local things = { 1, 1.5, "s", true, false, {}, print, function() end, coroutine.create(print), io.stdout }
local function kind(x)
  local t = type(x)
  if type(x) == "number" then t = "n" end
  return t
end
for _ = 1, 60 do
  local all = {}
  for i, x in ipairs(things) do all[i] = kind(x) end
  assert(table.concat(all, " ") == "n n string boolean boolean table function function thread userdata" and kind(nil) == "nil")
end

-- insert.
local function fill(t, n, v)
  for i = 1, n do insert(t, v or i) end
  table.insert(t, v)
  return t
end
for n = 0, 40 do
  assert(#fill({}, n) == n and #fill({ 1, 2, 3 }, n) == n + 3)
  local t = fill({}, n, "x")
  assert(#t == n + 1 and t[n + 1] == "x")
  while #t > n // 2 do t[#t] = nil end
  fill(t, 3, "y")
  assert(#t == n // 2 + 4 and t[#t] == "y")
end
local log = {}
local watched = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k rawset(t, k, v) end })
fill(watched, 5)
assert(#log == 6 and #watched == 5)

-- Functions that only have these names, in the same places.
local names = { floor = function(x) return "floor " .. x end, insert = function(t, v) t.v = v return t end, byte = function() return 1, 2 end }
local function call(lib, t)
  local a = lib.floor(2)
  lib.insert(t, 5)
  local b = lib.byte("x", 1)
  return a, b
end
for _ = 1, 200 do
  local t = {}
  local a, b = call(names, t)
  assert(a == "floor 2" and b == 1 and t.v == 5)
end
local both = { floor = math.floor, insert = table.insert, byte = string.byte }
for i = 1, 200 do
  local t = {}
  local a, b = call(i % 2 == 0 and both or names, t)
  if i % 2 == 0 then assert(a == 2 and b == 120 and t[1] == 5) else assert(a == "floor 2" and b == 1 and t.v == 5) end
end
-- A library function that is replaced.
local saved = math.floor
local function replaced(x) return (math.floor(x)) end
for i = 1, 100 do assert(replaced(i + 0.5) == i) end
math.floor = function(x) return -x end
for i = 1, 100 do assert(replaced(i) == -i) end
math.floor = setmetatable({}, { __call = function(_, x) return x * 2 end })
for i = 1, 100 do assert(replaced(i) == i * 2) end
math.floor = nil
local ok, message = pcall(replaced, 1)
assert(not ok and message:find("field 'floor'", 1, true))
math.floor = saved
-- Errors have their names.
local function wrong(x) local y = math.floor(x) return y end
for _ = 1, 100 do wrong(1.5) end
ok, message = pcall(wrong, {})
assert(message:find("bad argument #1 to 'floor' (number expected, got table)", 1, true))
