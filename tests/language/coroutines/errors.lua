-- Errors in coroutines: reported by resume, the coroutine is dead, others go on.

local function check()
  local co = coroutine.create(function() coroutine.yield(1); error({ code = 7 }) end)
  assert(coroutine.resume(co))
  local ok, e = coroutine.resume(co)
  assert(not ok and e.code == 7 and coroutine.status(co) == "dead")
  ok, e = coroutine.resume(co)
  assert(not ok and e == "cannot resume dead coroutine")
  -- errors pass through nested coroutines only by hand
  local outer = coroutine.create(function()
    local inner = coroutine.create(function() error("inner", 0) end)
    local good, err = coroutine.resume(inner)
    assert(not good and err == "inner")
    coroutine.yield("alive")
    error("outer", 0)
  end)
  ok, e = coroutine.resume(outer)
  assert(ok and e == "alive")
  ok, e = coroutine.resume(outer)
  assert(not ok and e == "outer")
  -- pcall around resume, resume in pcall
  ok, e = pcall(function() return coroutine.resume(coroutine.create(error), "x") end)
  assert(ok == true and e == false)
  -- an error after yields inside pcall
  co = coroutine.wrap(function()
    for i = 1, 5 do
      local good, err = pcall(function() coroutine.yield(i); error("e" .. i, 0) end)
      assert(not good and err == "e" .. i)
    end
    return "survived"
  end)
  for i = 1, 5 do assert(co() == i) end
  assert(co() == "survived")
end
for _ = 1, 200 do check() end
print(coroutine.resume(coroutine.create(function() error("with position") end)))   -- expect: false	tests/language/coroutines/errors.lua:37: with position
print(coroutine.resume(coroutine.create(function() local t; t.x = 1 end)))         -- expect: false	tests/language/coroutines/errors.lua:38: attempt to index a nil value (local 't')
print(coroutine.resume(coroutine.create(function() error() end)))                  -- expect: false	nil
print(coroutine.resume(coroutine.create(function() error("level2", 2) end)))       -- expect: false	level2
-- runaway recursion in a coroutine
local function forever() return forever() + 1 end
local ok, e = coroutine.resume(coroutine.create(forever))
assert(not ok and e:find("stack overflow", 1, true))
-- coroutines that resume coroutines without end
local function nest(n) return coroutine.wrap(function() return nest(n + 1) end)() end
ok, e = pcall(nest, 1)
assert(not ok and e:find("stack overflow", 1, true), e)
