-- create, resume, yield, status: values passed both ways, the life of a coroutine.

local function check()
  local co = coroutine.create(function(a, b)
    assert(a == 1 and b == 2)
    local c, d, e = coroutine.yield(a + b)
    assert(c == "x" and d == nil and e == "z")
    local n = select("#", coroutine.yield())
    assert(n == 0)
    return "end", nil, 3
  end)
  assert(type(co) == "thread" and coroutine.status(co) == "suspended")
  local ok, v = coroutine.resume(co, 1, 2, "extra")
  assert(ok and v == 3 and coroutine.status(co) == "suspended")
  assert(select("#", coroutine.resume(co, "x", nil, "z")) == 1)
  local r = table.pack(coroutine.resume(co))
  assert(r.n == 4 and r[1] == true and r[2] == "end" and r[3] == nil and r[4] == 3)
  assert(coroutine.status(co) == "dead")
  local e
  ok, e = coroutine.resume(co)
  assert(ok == false and e == "cannot resume dead coroutine")
  ok, e = coroutine.resume(co, 1)
  assert(ok == false and e == "cannot resume dead coroutine")
  -- status of the running one and of the one that resumed it
  local outer
  outer = coroutine.create(function()
    assert(coroutine.status(outer) == "running" and coroutine.running() == outer)
    local inner = coroutine.create(function()
      assert(coroutine.status(outer) == "normal")
      local good, err = coroutine.resume(outer)
      assert(good == false and err == "cannot resume non-suspended coroutine")
      good, err = coroutine.resume(coroutine.running())
      assert(good == false and err == "cannot resume non-suspended coroutine")
    end)
    assert(coroutine.resume(inner))
    assert(select(2, coroutine.running()) == false and coroutine.isyieldable())
  end)
  assert(coroutine.resume(outer))
  -- a function that never yields
  co = coroutine.create(function(...) return select("#", ...), ... end)
  r = table.pack(coroutine.resume(co, nil, nil))
  assert(r.n == 4 and r[2] == 2)
end
for _ = 1, 300 do check() end
local main, ismain = coroutine.running()
assert(type(main) == "thread" and ismain == true and not coroutine.isyieldable())
assert(coroutine.status(main) == "running")
print(coroutine.resume(main))                  -- expect: false	cannot resume non-suspended coroutine
print(pcall(coroutine.yield, 1))               -- expect: false	attempt to yield from outside a coroutine
print(pcall(coroutine.create, 1))              -- expect: false	bad argument #1 to 'coroutine.create' (function expected, got number)
print(pcall(coroutine.create))                 -- expect: false	bad argument #1 to 'coroutine.create' (function expected, got no value)
print(pcall(coroutine.resume, {}))             -- expect: false	bad argument #1 to 'coroutine.resume' (thread expected, got table)
print(pcall(coroutine.status, nil))            -- expect: false	bad argument #1 to 'coroutine.status' (thread expected, got nil)
print(pcall(coroutine.wrap))                   -- expect: false	bad argument #1 to 'coroutine.wrap' (function expected, got no value)
local co = coroutine.create(print)
assert(tostring(co):match("^thread: "))
print(coroutine.resume(co, "printed by a coroutine")) -- expect: printed by a coroutine
-- expect: true
