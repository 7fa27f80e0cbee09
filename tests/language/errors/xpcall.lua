-- xpcall: the handler is called where the error happened, its result is returned.

local function check()
  local ok, e = xpcall(function() error("x", 0) end, function(m) return m .. " handled" end)
  assert(not ok and e == "x handled")
  ok, e = xpcall(function(a, b) return a + b end, print, 3, 4)
  assert(ok and e == 7)
  local n = select("#", xpcall(function() return 1, 2, 3 end, print))
  assert(n == 4)
  -- the handler sees the stack of the error
  local lines
  local function deep(k) if k == 0 then error("deep", 0) end local r = deep(k - 1) return r end
  xpcall(deep, function() lines = select(2, debug.traceback():gsub("\n", "")) end, 9)
  assert(lines > 10)
  -- handlers that return several values or none
  ok, e = xpcall(error, function() return 1, 2 end)
  assert(not ok and e == 1)
  n = select("#", xpcall(error, function() end, "m"))
  assert(n == 2)
  -- non-string errors
  local t = {}
  ok, e = xpcall(error, function(m) return m end, t)
  assert(not ok and e == t)
  -- nested
  ok, e = xpcall(function()
    local ok2, e2 = xpcall(error, function(m) return "inner " .. m end, "a")
    assert(e2 == "inner a")
    error("b", 0)
  end, function(m) return "outer " .. m end)
  assert(e == "outer b")
  -- pcall inside hides its errors from the outer handler
  local calls = 0
  xpcall(function() pcall(error, "quiet") end, function() calls = calls + 1 end)
  assert(calls == 0)
end
for _ = 1, 200 do check() end

-- an error in the handler
local ok, e = xpcall(error, function(m) error("again") end, "m")
assert(not ok)
ok, e = xpcall(function() local x = nil; return x.y end, function(m) return "H:" .. m end)
print(e)                                   -- expect: H:tests/language/errors/xpcall.lua:41: attempt to index a nil value (local 'x')
print(pcall(xpcall))                       -- expect: false	bad argument #2 to 'xpcall' (function expected, got no value)
print(pcall(xpcall, print))                -- expect: false	bad argument #2 to 'xpcall' (function expected, got no value)
print(pcall(xpcall, print, 5))             -- expect: false	bad argument #2 to 'xpcall' (function expected, got number)
print(xpcall(nil, function(m) return m end)) -- expect: false	attempt to call a nil value
-- traceback as the handler
ok, e = xpcall(function() error("with trace") end, debug.traceback)
assert(not ok and e:find("with trace", 1, true) and e:find("stack traceback:", 1, true))
ok, e = xpcall(function() error({}) end, debug.traceback)
assert(not ok and type(e) == "table") -- values that are not strings are passed on
