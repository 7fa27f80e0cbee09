-- Numerals of few digits have a short way; the same ones with zeros in front, or an exponent, do not. And comparisons of strings by words, and rawset over
-- values that are there.

local seed = 5
local function random(limit)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % limit
end

for _ = 1, 2000 do
  local digits = {}
  for i = 1, 1 + random(20) do digits[i] = random(10) end
  local text = table.concat(digits)
  if #text < 19 then
    local value = tonumber(text)
    assert(math.type(value) == "integer" and value == tonumber(("0"):rep(30) .. text) and tonumber("-" .. text) == -value and tonumber("+" .. text) == value)
  end
  local at = random(#text + 1)
  local fraction = text:sub(1, at) .. "." .. text:sub(at + 1)
  local value = tonumber(fraction)
  assert(math.type(value) == "float" and value == tonumber(fraction .. "e0") and value == tonumber(("0"):rep(30) .. fraction) and tonumber("-" .. fraction) == -value)
end

assert(math.type(tonumber("999999999999999999")) == "integer" and math.type(tonumber("9223372036854775807")) == "integer")
assert(math.type(tonumber("9223372036854775808")) == "float" and tonumber("-9223372036854775808") == math.mininteger)
assert(tonumber("5.") == 5 and tonumber(".5") == 0.5 and tonumber("-.5") == -0.5 and 1 / tonumber("-0.0") == -1 / 0 and tonumber("-0") == 0)
for _, text in ipairs { "", "-", "+", ".", "-.", "--1", "1-", "1.2.3", "1_0", "1\0", "1.\0", "1 2", "a", "1a", "0x", "+ 1" } do assert(tonumber(text) == nil, text) end
assert(tonumber(" 12 ") == 12 and tonumber("\t1.5\n") == 1.5)

-- Strings in order, by their first bytes or not.
local words = { "", "\0", "\0\0", "a", "a\0", "aa", "aaaaaaa", "aaaaaaaa", "aaaaaaaa\0", "aaaaaaaaa", ("aaaaaaaa"):rep(8), ("aaaaaaaa"):rep(8) .. "b", "aaaaaaaab", "aaaaaaab", "ab",
  "b", "\127", "\128", "\255", "\255\255\255\255\255\255\255\255" }
for _ = 1, 20 do
  for i = 1, #words do
    for j = 1, #words do
      local a, b = words[i], words[j]
      assert((a < b) == (i < j) and (a <= b) == (i <= j) and (a > b) == (i > j) and (a == b) == (i == j))
    end
  end
end

-- rawset.
local set = {}
local object = setmetatable({ a = 1, [1] = 1 }, { __newindex = function(_, k) set[#set + 1] = k end })
for i = 1, 200 do
  assert(rawset(object, "a", i) == object and object.a == i and rawset(object, 1, -i)[1] == -i and rawset(object, 1.0, i)[1] == i)
  rawset(object, "b", i)
  assert(object.b == i)
  rawset(object, "b", nil)
  assert(object.b == nil)
end
assert(#set == 0)
assert(not pcall(rawset, object, nil, 1) and not pcall(rawset, object, 0 / 0, 1) and not pcall(rawset, 1, 1, 1) and not pcall(rawset, object, 1))
-- A field of a class that objects inherit, while their lookups are cached.
local class = { size = 1 }
class.__index = class
local instance = setmetatable({}, class)
local function size() return instance.size end
for i = 1, 100 do
  assert(size() == i)
  rawset(class, "size", i + 1)
end
rawset(class, "size", nil)
assert(size() == nil)
rawset(class, "__index", { size = "other" })
assert(size() == "other")
