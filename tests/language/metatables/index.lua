-- __index: tables, functions, chains; raw access; present fields are not looked up.

local function check()
  local t = setmetatable({ own = 1 }, { __index = { own = 2, inherited = 3 } })
  assert(t.own == 1 and t.inherited == 3 and t.none == nil)
  assert(rawget(t, "inherited") == nil)
  local f = setmetatable({}, { __index = function(self, k) return k, "dropped" end })
  assert(f.x == "x" and f[1] == 1 and f[f] == f and select("#", f.x) == 1)
  assert(f[nil] == nil)
  -- a chain of tables ending in a function
  local last
  local c = setmetatable({}, { __index = setmetatable({ a = 1 }, { __index = setmetatable({ b = 2 },
    { __index = function(self, k) last = self; return k .. "!" end }) }) })
  assert(c.a == 1 and c.b == 2 and c.z == "z!" and last ~= c) -- called with the last table
  -- a false value is a value
  local v = setmetatable({ f = false }, { __index = function() return true end })
  assert(v.f == false)
  -- integer, float, boolean keys and growing tables
  local calls = 0
  local d = setmetatable({}, { __index = function(t, k) calls = calls + 1; t[k] = k * 2; return k * 2 end })
  assert(d[1] == 2 and d[1] == 2 and d[2.5] == 5.0 and d[1.0] == 2 and calls == 2)
  -- removing the field uncovers the inherited one
  local u = setmetatable({ k = 1 }, { __index = { k = 2 } })
  u.k = nil
  assert(u.k == 2)
  -- changing metatables takes effect at once
  local mt = { __index = { x = "first" } }
  local w = setmetatable({}, mt)
  assert(w.x == "first")
  mt.__index = { x = "second" }
  assert(w.x == "second")
  mt.__index.x = "third"
  assert(w.x == "third")
  mt.__index = nil
  assert(w.x == nil)
  mt.__index = function() return "fourth" end
  assert(w.x == "fourth")
  setmetatable(w, nil)
  assert(w.x == nil)
end
for _ = 1, 300 do check() end

-- __index may be any value that can be indexed
local s = setmetatable({}, { __index = "a string" })
assert(s.upper == string.upper)
print(pcall(function() return setmetatable({}, { __index = 5 }).x end))    -- expect: false	tests/language/metatables/index.lua:46: attempt to index a number value
print(pcall(function() return setmetatable({}, { __index = true })[1] end)) -- expect: false	tests/language/metatables/index.lua:47: attempt to index a boolean value
-- a loop of __index is found
local a, b = {}, {}
setmetatable(a, { __index = b })
setmetatable(b, { __index = a })
print(pcall(function() return a.x end))                                    -- expect: false	tests/language/metatables/index.lua:52: '__index' chain too long; possible loop
print(pcall(function() a.x = 1; return a.x end))                           -- expect: true	1
setmetatable(a, { __newindex = b })
setmetatable(b, { __newindex = a })
print(pcall(function() a.y = 1 end))                                       -- expect: false	tests/language/metatables/index.lua:56: '__newindex' chain too long; possible loop
-- strings share one metatable whose __index is the string library
assert(getmetatable("").__index == string and ("x").len == string.len and ("x").nothing == nil)
