-- Calls nested other than by a script's own calls are limited, and what overflows is an error like others.

-- How deep `f`, which gets a function to count levels with, nests before it fails; and the error.
local function levels(f)
  local depth = 0
  local ok, message = pcall(f, function() depth = depth + 1 end)
  return depth, ok, message
end

local function check(f, pattern)
  local depth, ok, message = levels(f)
  assert(depth > 150 and depth < 250, depth)
  assert(not ok and message:find(pattern), message)
end

-- Protected calls catch it themselves.
check(function(count)
  local function h() count() return pcall(h) end
  local result = table.pack(h())
  assert(result[result.n] == "C stack overflow" and result[result.n - 1] == false and result.n > 150)
  error("caught", 0)
end, "^caught$")
check(function(count)
  local function h()
    count()
    local ok, message = xpcall(h, function(m) return m end)
    if not ok then error(message, 0) end
  end
  h()
end, "^C stack overflow$")

-- Metamethods: the error is that of the function whose operation called one.
local function object(metatable) return setmetatable({}, metatable) end
check(function(count)
  local o = object {__index = function(o) count() return o.x end}
  return o.x
end, "^[^ ]*nesting.lua:%d+: C stack overflow$")
check(function(count)
  local o = object {__concat = function(a, b) count() return a .. b end}
  return o .. o
end, ":%d+: C stack overflow$")
check(function(count)
  local mt = {__eq = function(a, b) count() return a == b end}
  return object(mt) == object(mt)
end, ":%d+: C stack overflow$")
check(function(count)
  local o = object {__lt = function(a, b) count() return a < b end}
  return o < o
end, ":%d+: C stack overflow$")
check(function(count)
  local o = object {__len = function(a) count() return #a end}
  return #o
end, ":%d+: C stack overflow$")
check(function(count)
  local o = object {__newindex = function(o) count() o.x = 1 end}
  o.x = 1
end, ":%d+: C stack overflow$")
check(function(count)
  local function h() local c <close> = object {__close = h} count() end
  h()
end, ":%d+: C stack overflow$")

-- Library functions that call back.
check(function(count)
  local o = object {__tostring = function(o) count() return tostring(o) end}
  return tostring(o)
end, "^C stack overflow$")
check(function(count)
  local o = object {}
  getmetatable(o).__pairs = function(o) count() return pairs(o) end
  return pairs(o)
end, "^C stack overflow$")
check(function(count)
  local function h() count() return (("x"):gsub("x", h)) end
  h()
end, "^C stack overflow$")
check(function(count)
  local function h() count() table.sort({1, 2, 3}, h) end
  h()
end, "^C stack overflow$")
check(function(count)
  local function h()
    count()
    local f, message = load(h)
    if not f then error(message, 0) end
  end
  h()
end, "^C stack overflow$")
check(function(count)
  local function h() count() return coroutine.wrap(h)() end
  h()
end, "C stack overflow$")
check(function(count)
  local function h()
    count()
    local ok, message = coroutine.resume(coroutine.create(h))
    if not ok then error(message, 0) end
  end
  h()
end, "^C stack overflow$")

-- Message handlers that fail are called for their own errors, as long as there is room.
do
  local function handler(n)
    if type(n) ~= "number" then return n end
    if n == 0 then return "end" end
    error(n - 1)
  end
  local ok, message = xpcall(error, handler, 150)
  assert(not ok and message == "end")
  ok, message = xpcall(error, handler, 300)
  assert(not ok and message == "C stack overflow")
  ok, message = xpcall(error, function(m) error(m) end, 1)
  assert(not ok and message == "error in error handling")
end

-- The count is right again after errors, also in coroutines that were left and resumed elsewhere.
local function depth_here()
  local depth = 0
  local function h() depth = depth + 1 return (pcall(h)) end
  h()
  return depth
end
local expected = depth_here()
for _ = 1, 300 do
  pcall(error)
  pcall(function() return object {__index = function() error("x") end}.x end)
  xpcall(function() local c <close> = object {__close = error} error("y") end, function(m) return m end)
  coroutine.resume(coroutine.create(function() pcall(pcall, error) error("z") end))
end
assert(depth_here() == expected)

local function nest(n, f, ...)
  if n == 0 then return f(...) end
  return select(2, pcall(nest, n - 1, f, ...))
end
local co = coroutine.create(function()
  nest(50, coroutine.yield)
  local inside = depth_here()
  nest(20, function()
    coroutine.yield(inside)
    assert(depth_here() < inside - 15)
  end)
  return depth_here()
end)
assert(nest(100, coroutine.resume, co))
local ok, inside = coroutine.resume(co)
assert(ok and inside == expected - 1)
local last
ok, last = coroutine.resume(co)
assert(ok and last == inside)
assert(depth_here() == expected)
