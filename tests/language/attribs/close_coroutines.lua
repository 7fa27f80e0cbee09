-- To-be-closed variables in coroutines: yields inside closing methods,
-- coroutine.close and coroutine.wrap.

local log = {}
local function closer(name, y)
  return setmetatable({}, { __close = function(_, e)
    if y then coroutine.yield("closing " .. name) end
    log[#log + 1] = name .. ":" .. tostring(e)
  end })
end
local function text() local s = table.concat(log, " "); log = {}; return s end
local function check()
  -- a yield between
  local co = coroutine.wrap(function()
    local a <close> = closer("a")
    coroutine.yield(1)
    return 2
  end)
  assert(co() == 1 and #log == 0 and co() == 2 and text() == "a:nil")
  -- yields inside the closing methods
  co = coroutine.wrap(function()
    local a <close> = closer("a", true)
    local b <close> = closer("b", true)
    return "end", "of it"
  end)
  assert(co() == "closing b" and co() == "closing a")
  local x, y = co()
  assert(x == "end" and y == "of it" and text() == "b:nil a:nil")
  -- coroutine.close closes what is pending
  local th = coroutine.create(function()
    local a <close> = closer("a")
    do
      local b <close> = closer("b")
      coroutine.yield()
    end
  end)
  coroutine.resume(th)
  local ok, e = coroutine.close(th)
  assert(ok == true and e == nil and text() == "b:nil a:nil" and coroutine.status(th) == "dead")
  assert(coroutine.close(th) == true)
  -- an error while closing
  th = coroutine.create(function()
    local a <close> = closer("a")
    local b <close> = setmetatable({}, { __close = function() error("bad close", 0) end })
    coroutine.yield()
  end)
  coroutine.resume(th)
  ok, e = coroutine.close(th)
  assert(ok == false and e == "bad close" and text() == "a:bad close")
  -- an error in the coroutine with resume leaves the variables open until close
  th = coroutine.create(function()
    local a <close> = closer("a")
    error("oops", 0)
  end)
  ok, e = coroutine.resume(th)
  assert(not ok and e == "oops" and text() == "")
  ok, e = coroutine.close(th)
  assert(ok == false and e == "oops" and text() == "a:oops")
  -- with wrap they are closed at once
  co = coroutine.wrap(function()
    local a <close> = closer("a")
    error("oops", 0)
  end)
  ok, e = pcall(co)
  assert(not ok and e == "oops" and text() == "a:oops")
  -- a generic for left early closes its generator
  local function gen(n)
    local c = coroutine.create(function() local g <close> = closer("gen"); for i = 1, n do coroutine.yield(i) end end)
    return function() local _, v = coroutine.resume(c); return v end, nil, nil,
      setmetatable({}, { __close = function() coroutine.close(c) end })
  end
  for i in gen(10) do if i == 3 then break end end
  assert(text() == "gen:nil")
end
for _ = 1, 200 do check() end
