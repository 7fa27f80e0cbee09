-- Closures keep their own variables; functions made together share them.

local function counter()
  local n = 0
  return function() n = n + 1; return n end, function(v) n = v end, function() return n end
end
local function check()
  local a, set, get = counter()
  local b = counter()
  assert(a() == 1 and a() == 2 and b() == 1 and get() == 2)
  set(10)
  assert(a() == 11 and get() == 11 and b() == 2)
  set(nil)
  assert(get() == nil)
  -- parameters and varargs are variables too
  local function make(x, ...)
    local rest = { ... }
    return function() x = x + 1; return x, #rest end
  end
  local f, g = make(1, "a"), make(10)
  assert(f() == 2 and g() == 11 and f() == 3 and select(2, f()) == 1 and select(2, g()) == 0)
  -- several levels
  local function outer()
    local x = 0
    return function()
      local y = 0
      return function()
        x, y = x + 1, y + 1
        return x, y
      end
    end
  end
  local mk = outer()
  local p, q = mk(), mk()
  p(); p()
  local x, y = q()
  assert(x == 3 and y == 1)
  x, y = p()
  assert(x == 4 and y == 3)
end
for _ = 1, 300 do check() end
