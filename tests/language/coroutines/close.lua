-- coroutine.close: states, results, and what is left after it.

local function check()
  local co = coroutine.create(function() coroutine.yield() end)
  assert(coroutine.close(co) == true and coroutine.status(co) == "dead")
  co = coroutine.create(function() coroutine.yield(); error("not reached") end)
  coroutine.resume(co)
  assert(coroutine.close(co) == true and coroutine.status(co) == "dead")
  local ok, e = coroutine.resume(co)
  assert(not ok and e == "cannot resume dead coroutine")
  co = coroutine.create(error)
  coroutine.resume(co, "msg")
  ok, e = coroutine.close(co)
  assert(ok == false and e == "msg")
  ok, e = coroutine.close(co)
  assert(ok == true and e == nil)
  co = coroutine.create(function() end)
  coroutine.resume(co)
  assert(coroutine.close(co) == true)
  -- not the running one, nor one that waits
  local th
  th = coroutine.create(function()
    local good, err = pcall(coroutine.close, th)
    assert(not good and err:find("cannot close a running coroutine", 1, true), err)
    local inner = coroutine.create(function()
      local g2, e2 = pcall(coroutine.close, th)
      assert(not g2 and e2:find("cannot close a normal coroutine", 1, true), e2)
    end)
    assert(coroutine.resume(inner))
  end)
  assert(coroutine.resume(th))
  -- upvalues of a closed coroutine remain
  local get
  co = coroutine.create(function()
    local x = 1
    get = function() x = x + 1; return x end
    coroutine.yield()
  end)
  coroutine.resume(co)
  coroutine.close(co)
  assert(get() == 2 and get() == 3)
end
for _ = 1, 300 do check() end
print(pcall(coroutine.close, coroutine.running()))   -- expect: false	cannot close a running coroutine
print(pcall(coroutine.close))                        -- expect: false	bad argument #1 to 'coroutine.close' (thread expected, got no value)
print(pcall(coroutine.close, print))                 -- expect: false	bad argument #1 to 'coroutine.close' (thread expected, got function)
