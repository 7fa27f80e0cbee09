-- debug.traceback: the message, the first lines, levels, other values, threads.

local function check()
  local s = debug.traceback("msg")
  assert(s:match("^msg\nstack traceback:\n\t"))
  assert(debug.traceback():match("^stack traceback:\n"))
  assert(debug.traceback(nil):match("^stack traceback:\n"))
  assert(debug.traceback(12):match("^12\nstack traceback:"))
  local t = {}
  assert(debug.traceback(t) == t and debug.traceback(true) == true)
  assert(s:find("errors/traceback.lua:%d+:", 1) and s:find("in main chunk", 1, true))
end
for _ = 1, 300 do check() end
local function where() return debug.traceback("here") end
local s = where()
assert(s:find("traceback.lua:14: in", 1, true), s)
assert(s:find("traceback.lua:15: in main chunk", 1, true), s)
-- a deep stack is abbreviated
local function deep(n) if n == 0 then return debug.traceback("deep") end local r = deep(n - 1) return r end
s = deep(100)
local lines = select(2, s:gsub("\n", ""))
assert(lines < 40 and s:find("...", 1, true), s)
-- of a suspended coroutine
local co = coroutine.create(function() coroutine.yield() end)
coroutine.resume(co)
s = debug.traceback(co, "in co")
assert(s:match("^in co\nstack traceback:") and s:find("traceback.lua:24:", 1, true), s)
assert(type(debug.traceback(co, {})) == "table")
print(debug.traceback(coroutine.create(print), "fresh"))
-- expect: fresh
-- expect: stack traceback:
