-- __newindex: only for absent fields; tables, functions, chains; rawset.

local function check()
  local store = {}
  local t = setmetatable({ own = 1 }, { __newindex = store })
  t.own = 2
  t.fresh = 3
  assert(t.own == 2 and rawget(t, "fresh") == nil and store.fresh == 3)
  local log = {}
  local f = setmetatable({}, { __newindex = function(self, k, v) log[#log + 1] = k; rawset(self, k, v) end })
  f.a = 1
  f.a = 2
  f[1] = 3
  f[1.0] = 4
  f[2] = 5
  assert(f.a == 2 and f[1] == 4 and f[2] == 5 and #log == 3)
  f.a = nil
  f.a = 6 -- absent again
  assert(#log == 4 and f.a == 6)
  f.b = nil -- absent: the metamethod is called with nil
  assert(#log == 5 and f.b == nil)
  -- a chain
  local deep = {}
  local c = setmetatable({}, { __newindex = setmetatable({}, { __newindex = setmetatable({ k = 0 },
    { __newindex = deep }) }) })
  c.k, c.z = 1, 2
  assert(rawget(c, "k") == nil and deep.z == 2 and deep.k == nil)
  -- proxies: read and write somewhere else
  local real = { n = 0 }
  local p = setmetatable({}, { __index = real, __newindex = real })
  for i = 1, 10 do p.n = p.n + 1; p[i] = i end
  assert(real.n == 10 and real[10] == 10 and next(p) == nil)
  -- a table that may not be changed
  local ro = setmetatable({}, { __index = { v = 1 }, __newindex = function(_, k) error("no " .. k, 0) end })
  local ok, e = pcall(function() ro.v = 2 end)
  assert(not ok and e == "no v" and ro.v == 1)
  -- keys that would be invalid are passed to a function
  local keys = setmetatable({}, { __newindex = function(_, k) return k end })
  keys[nil] = 1
  keys[0 / 0] = 1
  assert(next(keys) == nil)
end
for _ = 1, 300 do check() end

local function set(t, v) t.x = v end
local plain, log = {}, 0
local watched = setmetatable({}, { __newindex = function(_, _, v) log = log + v end })
for i = 1, 500 do set(plain, i) assert(plain.x == i) end
for i = 1, 500 do set(watched, 1) set(plain, i) end
assert(log == 500 and rawget(watched, "x") == nil)
local late = { x = 0 }
for i = 1, 300 do set(late, i) end
late.x = nil
setmetatable(late, getmetatable(watched))
for i = 1, 300 do set(late, 1) end
assert(log == 800 and rawget(late, "x") == nil)
