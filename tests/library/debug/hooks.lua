-- debug.sethook: order of events, what the hook sees, threads, errors.

local log
local function trace(mode, f, ...)
  log = {}
  local function hook(event, line)
    local i = debug.getinfo(2, "Slnt")
    log[#log + 1] = event .. (line and " " .. line or "") .. (event ~= "line" and " " .. tostring(i.name) or "")
  end
  debug.sethook(hook, mode)
  f(...)
  debug.sethook()
  return table.concat(log, ", ", 1)
end

local function branches(n)
  local x = 0
  for i = 1, n do
    if i % 2 == 0 then
      x = x + 1
    else
      x = x - 1
    end
  end
  while x < 1 do
    x = x + 1
  end
  repeat x = x + 1 until x > 2
  for _, v in ipairs { 1, 2 } do
    x = x + v
  end
  return x
end
for _ = 1, 300 do branches(3) end
print(trace("l", branches, 3)) -- expect: line 11, line 17, line 18, line 19, line 22, line 18, line 19, line 20, line 18, line 19, line 22, line 18, line 25, line 26, line 25, line 26, line 25, line 28, line 28, line 29, line 30, line 29, line 30, line 29, line 31, line 32, line 12

local function inner(x) return x + 1 end
local function tail(x) return inner(x) end
local function vararg(...) return select("#", ...) end
local function calls()
  local a = inner(1) + inner(2)
  a = tail(a)
  a = vararg(a, a, a)
  pcall(error, "x")
  pcall(inner, 1)
  local t = setmetatable({}, { __index = function(_, k) return k end, __close = function() end })
  local b = t.b
  do local c <close> = t end
  table.sort({ 2, 1 }, function(p, q) return p < q end)
  for k in pairs { 1 } do a = k end
  return (string.gsub("x", "x", inner))
end
for _ = 1, 100 do pcall(calls) end
print(trace("c", pcall, calls)) -- expect: call f, call nil, call inner, call inner, call tail, tail call nil, call vararg, call select, call pcall, call nil, call pcall, call nil, call setmetatable, call index, call close, call sort, call nil, call pairs, call for iterator, call for iterator, call gsub, call nil, call add, call sethook
print(trace("r", pcall, calls)) -- expect: return sethook, return inner, return inner, return nil, return select, return vararg, return pcall, return nil, return pcall, return setmetatable, return index, return close, return nil, return sort, return pairs, return for iterator, return for iterator, return f
print(trace("crl", inner, 1)) -- expect: return sethook, line 11, call f, line 37, return f, line 12, call sethook
print(trace("crl", vararg, 1, 2)) -- expect: return sethook, line 11, call f, line 39, call select, return select, return f, line 12, call sethook
print(trace("crl", tail, 1)) -- expect: return sethook, line 11, call f, line 38, tail call nil, line 37, return nil, line 12, call sethook
print(trace("", inner, 1)) -- expect:

-- what is said of the events' values
local function transfers(mode, f, ...)
  local seen = {}
  debug.sethook(function(event)
    local i = debug.getinfo(2, "rf")
    if i.func ~= f then return end
    seen[#seen + 1] = event
    for n = i.ftransfer, i.ftransfer + i.ntransfer - 1 do
      local _, value = debug.getlocal(2, n)
      seen[#seen + 1] = tostring(value)
    end
  end, mode)
  f(...)
  debug.sethook()
  print(table.concat(seen, " "))
end
for _ = 1, 100 do inner(1) end
transfers("cr", inner, 10) -- expect: call 10 return 11
transfers("cr", math.max, 10, 20) -- expect: call 10 20 return 20
transfers("cr", function(a, b) return a, b, a end, 1, 2) -- expect: call 1 2 return 1 2 1
transfers("cr", select, 2, "a", "b", "c") -- expect: call 2 a b c return b c
print(debug.getinfo(1, "r").ftransfer) -- expect: 0

-- reading and writing the hooked function's variables
local function watched(a)
  local x = a
  local y = x + 1
  return x, y
end
for _ = 1, 300 do watched(1) end
debug.sethook(function(event, line)
  local name, value = debug.getlocal(2, 2)
  if name == "x" and value == 1 then debug.setlocal(2, 2, 41) end
end, "l")
local x, y = watched(1)
debug.sethook()
print(x, y) -- expect: 41	42

-- inside a hook nothing is hooked; the hook's name; stack levels
debug.sethook(function()
  debug.sethook()
  local i = debug.getinfo(1, "nS")
  print(i.name, i.namewhat, i.what, debug.getinfo(2, "l").currentline) -- expect: ?	hook	Lua	106
  print((debug.traceback("in hook"):gsub("\n%s*", "|"))) -- expect: in hook|stack traceback:|tests/library/debug/hooks.lua:104: in hook '?'|tests/library/debug/hooks.lua:106: in main chunk|[C]: in ?
end, "l")
local line_of_hook = 1
print(debug.gethook()) -- expect: nil

-- gethook
local function nothing() end
debug.sethook(nothing, "crl", 100000)
local h, mask, count = debug.gethook()
print(h == nothing, mask, count) -- expect: true	crl	100000
debug.sethook(nothing, "", 7000)
print(select(2, debug.gethook())) -- expect: 	7000
debug.sethook(nothing, "")
print(debug.gethook()) -- expect: nil
debug.sethook(nothing, "r")
debug.sethook(nil)
print(debug.gethook()) -- expect: nil

-- counting, and stopping what never ends
local function spin() while true do end end
local function spin_for() for i = 1, math.huge do end end
local function spin_float() local s = 0; for i = 1.0, 1e300 do s = s + i end end
local function spin_calls() local function f() return f() end return f() end
local function spin_repeat() local n = 0; repeat n = n + 1 until n < 0 end
local function spin_goto() ::again:: goto again end
for _, f in ipairs { spin, spin_for, spin_float, spin_calls, spin_repeat, spin_goto } do
  debug.sethook(function(event) error("stopped by " .. event, 0) end, "", 20000)
  local ok, message = pcall(f)
  debug.sethook()
  assert(not ok and message == "stopped by count", message)
end
local counted = 0
debug.sethook(function() counted = counted + 1 end, "", 100)
for i = 1, 10000 do local z = i end
debug.sethook()
assert(counted >= 100 and counted <= 500, counted)

-- errors in hooks are those of the hooked code
local function in_inner() return debug.getinfo(3, "f").func == inner end
debug.sethook(function(event) if in_inner() then error("from hook") end end, "c")
local ok, message = pcall(inner, 1)
debug.sethook()
print(ok, message) -- expect: false	tests/library/debug/hooks.lua:143: from hook
debug.sethook(function(event) if in_inner() then error("from line", 0) end end, "l")
print(pcall(inner, 1)) -- expect: false	from line
debug.sethook()
local ended = 0
for _ = 1, 50 do
  debug.sethook(function(event) if in_inner() then error("from return", 0) end end, "r")
  local good, m = pcall(inner, 1)
  debug.sethook()
  assert(not good and m == "from return")
  ended = ended + 1
end
print(ended) -- expect: 50

-- a hook set by code that runs in a loop
local hits
local function sets(n)
  local s = 0
  for i = 1, n do
    s = s + i
    if i == n - 2 then debug.sethook(function() hits = hits + 1 end, "l") end
  end
  debug.sethook()
  return s
end
for _ = 1, 300 do hits = 0; assert(sets(10) == 55) end
print(hits) -- expect: 8

-- each thread has its own
local events = {}
local co = coroutine.create(function(a)
  local b = coroutine.yield(a)
  return a + b
end)
debug.sethook(co, function(event, line) events[#events + 1] = event .. " " .. tostring(line) end, "crl")
print(coroutine.resume(co, 1)) -- expect: true	1
print(debug.gethook(), select(2, debug.gethook(co))) -- expect: nil	crl	0
print(coroutine.resume(co, 2)) -- expect: true	3
print(table.concat(events, ", ")) -- expect: call nil, line 177, call nil, return nil, line 178, return nil
-- set while it is suspended in code that ran before
local deep = coroutine.wrap(function()
  local function loop(n) for i = 1, n do coroutine.yield(i) end return "end" end
  for _ = 1, 100 do loop(2) end
  return (loop(3))
end)
for _ = 1, 100 do deep() end
local thread
local function body(n)
  local total = 0
  for i = 1, n do
    total = total + coroutine.yield(total)
  end
  return total
end
for _ = 1, 50 do
  thread = coroutine.create(body)
  coroutine.resume(thread, 3)
  coroutine.resume(thread, 1)
  local seen = 0
  debug.sethook(thread, function() seen = seen + 1 end, "l")
  coroutine.resume(thread, 1)
  local done, total = coroutine.resume(thread, 1)
  assert(done and total == 3 and seen == 4, seen)
end
-- no yields in hooks
local yields = coroutine.create(function() local a = 1; return a end)
debug.sethook(yields, function() coroutine.yield() end, "l")
print(coroutine.resume(yields)) -- expect: false	attempt to yield across a C-call boundary

-- an endless loop in a thread
local endless = coroutine.create(spin)
debug.sethook(endless, function() error("enough", 0) end, "", 1000)
print(coroutine.resume(endless)) -- expect: false	enough

print(pcall(debug.sethook, 1)) -- expect: false	bad argument #2 to 'debug.sethook' (string expected, got no value)
print(pcall(debug.sethook, print)) -- expect: false	bad argument #2 to 'debug.sethook' (string expected, got no value)
print(pcall(debug.sethook, 1, "c")) -- expect: false	bad argument #1 to 'debug.sethook' (function expected, got number)
print(pcall(debug.sethook, print, "c", "x")) -- expect: false	bad argument #3 to 'debug.sethook' (number expected, got string)
