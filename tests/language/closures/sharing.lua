-- Upvalues are shared by reference while the enclosing function still runs, and after.

local function check()
  local x = 1
  local function inc() x = x + 1 end
  local function get() return x end
  inc()
  assert(x == 2 and get() == 2)
  x = 10
  inc()
  assert(x == 11 and get() == 11)
  do
    local y = x
    inc()
    assert(y == 11 and x == 12)
  end
  -- mutual recursion through locals
  local odd
  local function even(n) if n == 0 then return true end return odd(n - 1) end
  function odd(n) if n == 0 then return false end return even(n - 1) end
  assert(even(10) and odd(7) and not even(3))
  -- a closure assigned over its own upvalue
  local f
  f = function() f = nil; return "once" end
  assert(f() == "once" and f == nil)
  -- upvalue of an upvalue, changed at every level
  local z = 0
  local function l1() z = z + 1; return function() z = z + 10; return function() z = z + 100 return z end end end
  assert(l1()()() == 111 and z == 111)
end
for _ = 1, 300 do check() end

-- sharing outlives the function; the same for varargs in tables and pcall
local function pair()
  local v = {}
  return function(x) v[#v + 1] = x; return #v end, function() return table.concat(v, ",") end
end
local push, show = pair()
for i = 1, 300 do assert(push(i) == i) end
assert(#show() == 1091)
local ok, g = pcall(function() local k = 5; return function() k = k + 1; return k end end)
assert(ok and g() == 6 and g() == 7)
-- after an error, upvalues captured before it remain
local saved
pcall(function() local k = 1; saved = function() k = k + 1; return k end; k = 41; error("x") end)
assert(saved() == 42 and saved() == 43)
-- functions with equal code are different when they capture different variables
local function mk(i) return function() return i end end
assert(mk(1) ~= mk(2))
