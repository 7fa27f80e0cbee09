-- Library functions called from hot code: numbers of results, and calls that are not the common case.

local function results()
  local s, t = "hello", { 10, 20, 30 }
  local a, b, c = s:byte(1, 2)
  assert(a == 104 and b == 101 and c == nil)
  local d = s:byte(9)
  assert(d == nil)
  assert(select("#", s:byte(9)) == 0 and select("#", s:byte(1, -1)) == 5)
  assert(select("#", table.insert({}, 1)) == 0)
  local e, f, g, h = table.unpack(t)
  assert(e == 10 and f == 20 and g == 30 and h == nil)
  local list = { 0, table.unpack(t, 2, 3) }
  assert(#list == 3 and list[2] == 20 and list[3] == 30)
  assert(#{ table.unpack(t, 3, 2) } == 0)
  assert(select("#", table.unpack(t, 1, 40)) == 40)
  local long = { s:rep(30):byte(1, -1) }
  assert(#long == 150 and long[150] == 111)
  assert((select(2, "x", "y", "z")) == "y" and select(-1, "x", "y") == "y" and select(9, 1) == nil)
  local i, j = math.max(3, 7.5, -1), math.min(2, 2.0)
  assert(i == 7.5 and math.type(j) == "integer")
  assert(math.floor(2.5) == 2 and math.type(math.floor(2.5)) == "integer" and math.floor(1e300) == 1e300 and math.ceil("1.5") == 2)
  assert(math.abs(math.mininteger) == math.mininteger and math.fmod(-6, 4) == -2 and math.fmod(math.mininteger, -1) == 0)
  assert(math.tointeger(3.0) == 3 and math.tointeger(3.5) == nil and math.ult(1, -1))
  assert(tostring(12) == "12" and tostring(nil) == "nil" and tostring(1.5) == "1.5" and tonumber("0x10") == 16 and tonumber("z", 36) == 35)
  assert(tonumber({}) == nil and tonumber("") == nil and tonumber(nil) == nil and not pcall(tonumber))
  assert(rawget(t, 2) == 20 and rawlen(t) == 3 and rawequal(t, t) and not rawequal(1, 2) and rawlen("four") == 4)
  local k, v, w = assert(1, 2)
  assert(k == 1 and v == 2 and w == nil)
  assert(s:sub(2, 2) == "e" and s:sub(-3) == "llo" and s:sub(4, 2) == "" and s:sub(0) == s and s:sub(2, math.maxinteger) == "ello")
  assert(s:upper() == "HELLO" and ("ÄX"):lower() == "Äx" and s:reverse() == "olleh" and s:rep(3, ",") == "hello,hello,hello")
  assert(s:rep(0) == "" and s:rep(-1) == "" and ("x"):rep(1, ",") == "x" and (""):rep(1000000) == "" and #s:rep(1000) == 5000)
  assert(string.char() == "" and string.char(72, 105) == "Hi" and string.len(12) == 2 and string.char(0) == "\0")
  assert(table.remove(t) == 30 and #t == 2 and table.remove(t, 1) == 10 and table.remove(t) == 20 and table.remove(t) == nil)
end

for _ = 1, 200 do results() end

-- In tail position and as the last argument.
local function tail(x) return math.floor(x) end
local function tails(...) return select(2, ...) end
local function bytes(s) return s:byte(1, -1) end
for n = 1, 200 do
  assert(tail(n + 0.5) == n)
  local a, b, c = tails(n, "b", "c")
  assert(a == "b" and b == "c" and c == nil)
  assert(select("#", bytes("abc")) == 3 and select("#", bytes("")) == 0)
end

-- Arguments that only an ordinary call can take, and its errors.
local calls = {
  { math.floor, "bad argument #1 to 'floor' (number expected, got table)", {} },
  { math.max, "bad argument #1 to 'max' (number expected, got no value)" },
  { string.byte, "bad argument #2 to 'byte' (number expected, got table)", "x", {} },
  { string.char, "bad argument #1 to 'char' (value out of range)", 256 },
  { string.rep, "resulting string too large", "x", 1 << 40 },
  { select, "bad argument #1 to 'select' (index out of range)", 0 },
  { setmetatable, "bad argument #2 to 'setmetatable' (nil or table expected)", {}, 1 },
  { setmetatable, "cannot change a protected metatable", setmetatable({}, { __metatable = 1 }), {} },
  { table.insert, "wrong number of arguments to 'insert'", {} },
  { next, "invalid key to 'next'", {}, 1 },
  { math.random, "bad argument #1 to 'random' (interval is empty)", 2, 1 },
  { rawlen, "table or string expected", 1 },
}
for _ = 1, 60 do
  for _, c in ipairs(calls) do
    local ok, message = pcall(function() return (c[1](table.unpack(c, 3))) end)
    assert(not ok)
    if c[1] ~= math.max then assert(message:find(c[2]:match("%((.*)%)$") or c[2], 1, true), message) end
  end
end

-- Metatables.
local log = {}
local proxy = setmetatable({}, {
  __index = function(_, k) return k <= 3 and k * 10 or nil end,
  __len = function() return 3 end,
  __pairs = function(t) return function(_, k) if (k or 0) < 3 then return (k or 0) + 1, t[(k or 0) + 1] end end, t, nil end,
})
for _ = 1, 60 do
  local sum = 0
  for i, v in ipairs(proxy) do sum = sum + i * v end
  assert(sum == 140)
  for i, v in pairs(proxy) do sum = sum + i * v end
  assert(sum == 280 and table.unpack(proxy) == 10 and rawlen(proxy) == 0)
  for i, v in ipairs({ 1, 2, nil, 4 }) do assert(i == v and i < 3) end
  for k in pairs({}) do error(k) end
end

local meta = getmetatable("")
meta.__tostring = function(s) return "<" .. s .. ">" end
debug.setmetatable(1, { __tostring = function() return "number" end, __name = "N" })
for _ = 1, 60 do
  assert(tostring("x") == "<x>" and tostring(2) == "number" and string.format("%s", "y") == "<y>")
end
print("a", 1)
meta.__tostring = nil
debug.setmetatable(1, nil)
print("a", 1)
-- expect: <a>	number
-- expect: a	1
