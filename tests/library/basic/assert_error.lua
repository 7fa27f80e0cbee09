-- assert, error, pcall, select, rawequal and others: arguments and results.

local function check()
  assert(assert(1) == 1 and select("#", assert(1, 2, 3)) == 3)
  local a, b, c = assert("v", nil, "w")
  assert(a == "v" and b == nil and c == "w")
  local ok, e = pcall(assert, false)
  assert(not ok and e == "assertion failed!")
  ok, e = pcall(assert, nil, "custom")
  assert(not ok and e == "custom")
  local t = {}
  ok, e = pcall(assert, false, t)
  assert(not ok and e == t)
  ok, e = pcall(assert, false, 5)
  assert(not ok and e == 5)
  assert(rawequal("a", "a") and rawequal(1, 1.0) and not rawequal({}, {}))
  assert(rawlen({ 1, 2 }) == 2 and rawlen("abc") == 3 and rawget({ x = 1 }, "x") == 1)
  assert(rawset(t, "k", "v") == t and t.k == "v")
  assert(select(-1, 1, 2, 3) == 3 and select("#") == 0)
  assert(next({}) == nil and type(next) == "function")
  assert(getmetatable("").__name == nil and getmetatable("").__index == string)
end
for _ = 1, 300 do check() end
assert(_VERSION == "Lua 5.4")
for _, name in ipairs { "assert", "collectgarbage", "dofile", "error", "getmetatable", "ipairs", "load", "loadfile",
  "next", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable",
  "tonumber", "tostring", "type", "xpcall" } do
  assert(type(_G[name]) == "function", name)
end
for _, name in ipairs { "string", "table", "math", "io", "os", "coroutine", "debug" } do
  assert(type(_G[name]) == "table", name)
end
assert(_G.unpack == nil and _G.loadstring == nil and _G.setfenv == nil and table.getn == nil)
