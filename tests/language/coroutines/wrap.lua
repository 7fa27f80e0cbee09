-- wrap: results without a status, errors raised in the caller.

local function check()
  local f = coroutine.wrap(function(a)
    local b = coroutine.yield(a * 2)
    local c, d = coroutine.yield(b + 1, b + 2)
    return c .. d
  end)
  assert(f(5) == 10)
  local x, y = f(10)
  assert(x == 11 and y == 12 and f("p", "q") == "pq")
  local ok, e = pcall(f)
  assert(not ok and e:find("cannot resume dead coroutine", 1, true))
  -- errors
  local g = coroutine.wrap(function() error("inside", 0) end)
  ok, e = pcall(g)
  assert(not ok and e:find("inside", 1, true))
  ok, e = pcall(g)
  assert(not ok and e:find("cannot resume dead coroutine", 1, true))
  local t = {}
  g = coroutine.wrap(function() error(t) end)
  ok, e = pcall(g)
  assert(not ok and e == t)
  -- calling itself
  local h
  h = coroutine.wrap(function() local good, err = pcall(h); return good, err end)
  ok, e = h()
  assert(ok == false and e:find("cannot resume non-suspended coroutine", 1, true))
  -- in for loops
  local s = 0
  for i in coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end) do s = s + i end
  assert(s == 55)
  local keys = {}
  for k, v in coroutine.wrap(function() for k, v in pairs({ a = 1, b = 2 }) do coroutine.yield(k, v) end end) do
    keys[k] = v
  end
  assert(keys.a == 1 and keys.b == 2)
end
for _ = 1, 300 do check() end
assert(type(coroutine.wrap(print)) == "function")
print(pcall(coroutine.wrap(function() error("pos") end)))       -- expect: false	tests/language/coroutines/wrap.lua:41: pos
print(pcall(coroutine.wrap(function() local x = nil + 1 end)))  -- expect: false	tests/language/coroutines/wrap.lua:42: attempt to perform arithmetic on a nil value
local function caller() local r = coroutine.wrap(function() error("deep") end)(); return r end
print(pcall(caller))                                            -- expect: false	tests/language/coroutines/wrap.lua:43: tests/language/coroutines/wrap.lua:43: deep
print(pcall(coroutine.wrap(function() error(42) end)))          -- expect: false	42
