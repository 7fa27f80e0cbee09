-- Recursion without end is an error that can be caught, many times over.

local function forever(n) return 1 + forever(n + 1) end
for _ = 1, 2 do
  local ok, e = pcall(forever, 1)
  assert(not ok and e:find("stack overflow", 1, true), e)
end
-- the program goes on as before
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
assert(depth(100000) == 100000)
-- mutual recursion, methods, closures
local a, b
function a(n) local r = b(n + 1); return r end
function b(n) local r = a(n + 1); return r end
assert(not pcall(a, 1))
local obj = {}
function obj:m() return (self:m()) end
assert(not pcall(obj.m, obj))
-- through metamethods
local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
local ok, e = pcall(function() return t[1] end)
assert(not ok and e:find("stack overflow", 1, true), e)
local u = setmetatable({}, {})
getmetatable(u).__add = function(x, y) return x + y end
ok, e = pcall(function() return u + 1 end)
assert(not ok and e:find("stack overflow", 1, true), e)
local c = setmetatable({}, { __tostring = function(x) return tostring(x) end })
ok, e = pcall(tostring, c)
assert(not ok and e:find("stack overflow", 1, true), e)
-- through the library
local function sorted() table.sort({ 3, 2, 1 }, function() sorted() end) end
ok, e = pcall(sorted)
assert(not ok and e:find("stack overflow", 1, true), e)
local function sub(s) return (s:gsub(".", sub)) end
ok, e = pcall(sub, "x")
assert(not ok and e:find("stack overflow", 1, true), e)
-- in a coroutine
local co = coroutine.create(forever)
ok, e = coroutine.resume(co, 1)
assert(not ok and e:find("stack overflow", 1, true), e)
assert(coroutine.status(co) == "dead")
-- with a message handler
local handled
ok = xpcall(forever, function(m) handled = m; return "handled" end, 1)
assert(not ok and handled:find("stack overflow", 1, true))
print("still here")                 -- expect: still here
