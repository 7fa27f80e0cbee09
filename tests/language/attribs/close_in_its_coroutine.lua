-- coroutine.close, and an error in a wrapped coroutine, run pending __close methods inside the coroutine (manual §2.6, §3.3.8).

local function closing(f)
  return setmetatable({}, {__close = f})
end

-- The coroutine runs while its variables are closed; it cannot yield, be resumed or be closed again.
do
  local co, seen
  co = coroutine.create(function()
    local a <close> = closing(function(_, e)
      seen = {coroutine.running(), coroutine.status(co), coroutine.isyieldable(), e}
      local ok, message = pcall(coroutine.yield)
      assert(not ok and message == "attempt to yield across a C-call boundary")
      ok, message = pcall(coroutine.close, co)
      assert(not ok and message == "cannot close a running coroutine")
      ok, message = coroutine.resume(co)
      assert(not ok and message == "cannot resume non-suspended coroutine")
    end)
    coroutine.yield(20)
  end)
  assert(select(2, coroutine.resume(co)) == 20)
  assert(coroutine.close(co))
  assert(seen[1] == co and seen[2] == "running" and seen[3] == false and seen[4] == nil)
  assert(coroutine.status(co) == "dead")
  assert(coroutine.close(co))
end

-- An error that a method raises is close's, and goes to the methods that are left.
do
  local co = coroutine.create(function()
    local a <close> = closing(function(_, e) assert(e == 111); error(200) end)
    local b <close> = closing(function(_, e) assert(e == 111) end)
    local c <close> = closing(function(_, e) assert(e == nil); error(111) end)
    coroutine.yield()
  end)
  coroutine.resume(co)
  local ok, e = coroutine.close(co)
  assert(not ok and e == 200)
  ok, e = coroutine.close(co) -- the error has been told
  assert(ok and e == nil)
end

-- While one coroutine is closed by another, the other is "normal"; a third may run and yield.
do
  local outer, inner, status
  outer = coroutine.wrap(function()
    local me = coroutine.running()
    inner = coroutine.create(function()
      local x <close> = closing(function()
        status = coroutine.status(me)
        local third = coroutine.wrap(function(n) return n + coroutine.yield(n) end)
        assert(third(1) == 1 and third(2) == 3)
      end)
      coroutine.yield()
    end)
    coroutine.resume(inner)
    assert(coroutine.close(inner))
    return coroutine.yield("still a coroutine")
  end)
  assert(outer() == "still a coroutine" and status == "normal")
  assert(outer(7) == 7)
end

-- A wrapped coroutine that fails is closed before its error goes on; calling it meanwhile fails, and afterwards it is dead.
do
  local co, message
  co = coroutine.wrap(function()
    local x <close> = closing(function() message = select(2, pcall(co)) end)
    error(111)
  end)
  local ok, e = pcall(co)
  assert(not ok and e == 111)
  assert(message == "cannot resume non-suspended coroutine")
  ok, e = pcall(co)
  assert(not ok and e == "cannot resume dead coroutine")
end

-- Closures of the coroutine keep its variables when it is closed, with collections meanwhile.
do
  local get
  local co = coroutine.create(function()
    local v = {1}
    get = function() return v[1] end
    local x <close> = closing(function()
      v[1] = v[1] + 1
      local garbage
      for i = 1, 1000 do garbage = {garbage} end
      collectgarbage()
    end)
    v = {5}
    coroutine.yield()
  end)
  coroutine.resume(co)
  assert(coroutine.close(co) and get() == 6)
end
