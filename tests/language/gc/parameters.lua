-- collectgarbage: modes and parameters, and what it answers.

assert(collectgarbage("incremental") == "generational")  -- as the command begins
assert(collectgarbage("generational") == "incremental")
assert(collectgarbage("generational", 20, 100) == "generational")
assert(collectgarbage("incremental", 160, 400, 10) == "generational")
assert(collectgarbage("setpause", 200) == 160)
assert(collectgarbage("setstepmul", 100) == 400)
assert(collectgarbage("incremental", 0, 0, 0) == "incremental")  -- zeros change nothing
assert(collectgarbage("setpause", 150) == 200)
assert(collectgarbage("setpause", 200) == 148)  -- kept in units of four
assert(collectgarbage("setstepmul", 3) == 100)
assert(collectgarbage("setstepmul", 100) == 0)

assert(collectgarbage("isrunning") == true)
assert(collectgarbage("stop") == 0)
assert(collectgarbage("isrunning") == false)
assert(collectgarbage("restart") == 0)
assert(collectgarbage("isrunning") == true)
assert(collectgarbage() == 0)
assert(collectgarbage("collect") == 0)
assert(math.type(collectgarbage("count")) == "float")
assert(select("#", collectgarbage("count")) == 1)

local function fails(message, ...)
  local ok, e = pcall(collectgarbage, ...)
  assert(not ok and e == message, e)
end
fails("bad argument #1 to 'collectgarbage' (invalid option 'x')", "x")
fails("bad argument #1 to 'collectgarbage' (string expected, got table)", {})
fails("bad argument #2 to 'collectgarbage' (number expected, got string)", "step", "x")
fails("bad argument #2 to 'collectgarbage' (number expected, got string)", "setpause", "x")
fails("bad argument #3 to 'collectgarbage' (number expected, got table)", "incremental", 1, {})

-- What is counted grows with what is kept, and falls when it is gone.
local function counted(make)
  collectgarbage()
  local before = collectgarbage("count")
  local kept = make()
  collectgarbage()
  local with = collectgarbage("count")
  assert(kept)
  kept = nil
  collectgarbage()
  assert(collectgarbage("count") - before < (with - before) / 2)
  return with - before
end
assert(counted(function() return ("x"):rep(2 ^ 20) end) > 1000)
assert(counted(function() local t = {} for i = 1, 10000 do t[i] = {} end return t end) > 400)
assert(counted(function() local t = {} for i = 1, 10000 do t[i] = i .. "th string" end return t end) > 200)
assert(counted(function() local t = {} for i = 1, 1000 do t[i] = coroutine.create(print) end return t end) > 200)
assert(counted(function() local t = {} for i = 1, 1000 do t[i] = assert(load("return " .. i)) end return t end) > 100)

-- In a finalizer it does nothing.
local results
setmetatable({}, {__gc = function() results = table.pack(collectgarbage(), collectgarbage("count"), collectgarbage("stop")) end})
collectgarbage()
assert(results.n == 3 and not results[1] and not results[2] and not results[3])
assert(collectgarbage("isrunning"))
