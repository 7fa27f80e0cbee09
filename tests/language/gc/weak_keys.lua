-- Weak keys and ephemerons: an entry lives while its key is reachable from outside.

local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local function collect() collectgarbage() collectgarbage() end
for _ = 1, 20 do
  local t = setmetatable({}, { __mode = "k" })
  local k1, k2 = {}, {}
  t[k1], t[k2], t[{}], t["s"], t[1] = "v1", {}, "gone", {}, {}
  collect()
  assert(t[k1] == "v1" and type(t[k2]) == "table" and type(t.s) == "table" and type(t[1]) == "table")
  assert(count(t) == 4)
  k2 = nil
  collect()
  assert(count(t) == 3)
end
-- ephemerons: the value refers to its own key
local e = setmetatable({}, { __mode = "k" })
for i = 1, 50 do
  local k = {}
  e[k] = { key = k, i = i }
end
collect()
assert(next(e) == nil)
-- a chain of ephemerons hanging from one live key
local first = {}
do
  local k = first
  for i = 1, 100 do
    local nk = { i }
    e[k] = nk
    k = nk
  end
end
collect()
local n, k = 0, first
while e[k] do k = e[k]; n = n + 1; assert(k[1] == n) end
assert(n == 100 and count(e) == 100)
first = nil
k = nil
collect()
assert(next(e) == nil)
-- two ephemeron tables that refer to each other
local a, b = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" })
do
  local x, y = {}, {}
  a[x] = y
  b[y] = x
end
collect()
assert(next(a) == nil and next(b) == nil)
-- both weak
local kv = setmetatable({}, { __mode = "kv" })
local live = {}
kv[live], kv[{}], kv[1] = {}, live, {}
kv.live = live
collect()
assert(kv[live] == nil and kv[1] == nil and kv.live == live and count(kv) == 1)
-- private data attached to objects
local private = setmetatable({}, { __mode = "k" })
local objects = {}
for i = 1, 100 do objects[i] = {}; private[objects[i]] = { secret = i } end
collect()
for i = 1, 100 do assert(private[objects[i]].secret == i) end
for i = 1, 100, 2 do objects[i] = nil end
collect()
assert(count(private) == 50)
