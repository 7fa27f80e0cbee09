-- Weak values: collected objects disappear; strings, numbers and live objects stay.

local function fill(t, n)
  for i = 1, n do t[i] = { i } end
  t.str, t.num, t.bool = "string" .. n, n, true
end
local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
for _ = 1, 20 do
  local t = setmetatable({}, { __mode = "v" })
  collectgarbage("stop")
  fill(t, 50)
  local keep = { t[10], t[20] }
  collectgarbage("restart")
  assert(t[10][1] == 10)
  collectgarbage()
  collectgarbage()
  assert(t[10] == keep[1] and t[20] == keep[2] and t[10][1] == 10)
  assert(t.str == "string50" and t.num == 50 and t.bool == true)
  assert(count(t) == 5, count(t))
  keep = nil
  collectgarbage()
  collectgarbage()
  assert(t[10] == nil and count(t) == 3)
  collectgarbage("stop")
  fill(t, 10)
  assert(count(t) == 13)
  collectgarbage("restart")
end
-- functions and coroutines are collected as well
local t = setmetatable({}, { __mode = "v" })
do
  local x = 1
  t.f = function() x = x + 1; return x end
  t.co = coroutine.create(function() end)
  t.lib = print
end
collectgarbage()
collectgarbage()
assert(t.f == nil and t.co == nil and t.lib == print)
-- a cache
local cache = setmetatable({}, { __mode = "v" })
local made = 0
local function cached(k)
  local v = cache[k]
  if not v then made = made + 1; v = { k }; cache[k] = v end
  return v
end
local a = cached("a")
assert(cached("a") == a and made == 1)
collectgarbage()
assert(cached("a") == a and made == 1)
a = nil
collectgarbage()
collectgarbage()
assert(cached("a")[1] == "a" and made == 2)
-- a mode set later
local late = { {}, {} }
setmetatable(late, { __mode = "v" })
collectgarbage()
collectgarbage()
assert(next(late) == nil)
