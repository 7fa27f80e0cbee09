-- The functions of the coroutine library and their argument checks.

for _, name in ipairs { "close", "create", "isyieldable", "resume", "running", "status", "wrap", "yield" } do
  assert(type(coroutine[name]) == "function", name)
end
local function check()
  local co = coroutine.create(function() coroutine.yield() end)
  assert(coroutine.isyieldable(co) and not coroutine.isyieldable())
  assert(coroutine.wrap(function() return coroutine.isyieldable() end)() == true)
  coroutine.resume(co)
  coroutine.resume(co)
  assert(coroutine.status(co) == "dead")
  local same = {}
  for i = 1, 5 do same[coroutine.create(print)] = i end
  local n = 0
  for _ in pairs(same) do n = n + 1 end
  assert(n == 5)
  local co2
  co2 = coroutine.create(function() return coroutine.running() end)
  local ok, th, main = coroutine.resume(co2)
  assert(ok and th == co2 and main == false)
end
for _ = 1, 300 do check() end
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e(function() coroutine.create({}) end)       -- expect: tests/library/coroutine/api.lua:29: bad argument #1 to 'create' (function expected, got table)
e(function() coroutine.resume(nil) end)      -- expect: tests/library/coroutine/api.lua:30: bad argument #1 to 'resume' (thread expected, got nil)
e(function() coroutine.status("x") end)      -- expect: tests/library/coroutine/api.lua:31: bad argument #1 to 'status' (thread expected, got string)
e(function() coroutine.wrap(nil) end)        -- expect: tests/library/coroutine/api.lua:32: bad argument #1 to 'wrap' (function expected, got nil)
e(function() coroutine.close({}) end)        -- expect: tests/library/coroutine/api.lua:33: bad argument #1 to 'close' (thread expected, got table)
e(function() coroutine.isyieldable(1) end)   -- expect: tests/library/coroutine/api.lua:34: bad argument #1 to 'isyieldable' (thread expected, got number)
e(function() coroutine.yield() end)          -- expect: attempt to yield from outside a coroutine
