-- Tracebacks through native functions, metamethods, loops, threads and readers of load.

local function show(...)
  for _, s in ipairs { ... } do
    if type(s) == "string" then print((s:gsub("\n%s*", "|"))) end
  end
end

local function fails() error("failed") end
local function sorts() table.sort({ 3, 2, 1 }, fails) end
for _ = 1, 100 do pcall(sorts) end
show(xpcall(sorts, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in function <tests/library/debug/tracebacks.lua:9>|[C]: in function 'table.sort'|tests/library/debug/tracebacks.lua:10: in function <tests/library/debug/tracebacks.lua:10>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:12: in main chunk|[C]: in ?
show(xpcall(string.gsub, debug.traceback, "abc", "b", function() local x; x.y = 1 end)) -- expect: tests/library/debug/tracebacks.lua:13: attempt to index a nil value (local 'x')|stack traceback:|tests/library/debug/tracebacks.lua:13: in function <tests/library/debug/tracebacks.lua:13>|[C]: in function 'string.gsub'|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:13: in main chunk|[C]: in ?
show(xpcall(function() pcall(sorts); sorts() end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in function <tests/library/debug/tracebacks.lua:9>|[C]: in function 'table.sort'|tests/library/debug/tracebacks.lua:10: in upvalue 'sorts'|tests/library/debug/tracebacks.lua:14: in function <tests/library/debug/tracebacks.lua:14>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:14: in main chunk|[C]: in ?
show(xpcall(function() table.sort({ 2, 1 }, function() sorts() end) end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in function <tests/library/debug/tracebacks.lua:9>|[C]: in function 'table.sort'|tests/library/debug/tracebacks.lua:10: in upvalue 'sorts'|tests/library/debug/tracebacks.lua:15: in function <tests/library/debug/tracebacks.lua:15>|[C]: in function 'table.sort'|tests/library/debug/tracebacks.lua:15: in function <tests/library/debug/tracebacks.lua:15>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:15: in main chunk|[C]: in ?
show(xpcall(coroutine.wrap(sorts), debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in ?|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:16: in main chunk|[C]: in ?
show(xpcall(function() for _ in fails do end end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in for iterator 'for iterator'|tests/library/debug/tracebacks.lua:17: in function <tests/library/debug/tracebacks.lua:17>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:17: in main chunk|[C]: in ?
show(xpcall(function() local x <close> = setmetatable({}, { __close = fails }) end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in metamethod 'close'|tests/library/debug/tracebacks.lua:18: in function <tests/library/debug/tracebacks.lua:18>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:18: in main chunk|[C]: in ?
show(xpcall(function() return setmetatable({}, { __index = fails }).x end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in metamethod 'index'|tests/library/debug/tracebacks.lua:19: in function <tests/library/debug/tracebacks.lua:19>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:19: in main chunk|[C]: in ?
show(xpcall(function() return 1 + setmetatable({}, { __add = fails }) end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in metamethod 'add'|tests/library/debug/tracebacks.lua:20: in function <tests/library/debug/tracebacks.lua:20>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:20: in main chunk|[C]: in ?
local function tail() return fails() end
show(xpcall(function() tail() end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in function <tests/library/debug/tracebacks.lua:9>|(...tail calls...)|tests/library/debug/tracebacks.lua:22: in function <tests/library/debug/tracebacks.lua:22>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:22: in main chunk|[C]: in ?
local t = {}
function t:method() fails() end
function t.field() t:method() end
function global_of_test() t.field() end
show(xpcall(function() global_of_test() end, debug.traceback)) -- expect: tests/library/debug/tracebacks.lua:9: failed|stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in upvalue 'fails'|tests/library/debug/tracebacks.lua:24: in method 'method'|tests/library/debug/tracebacks.lua:25: in field 'field'|tests/library/debug/tracebacks.lua:26: in function 'global_of_test'|tests/library/debug/tracebacks.lua:27: in function <tests/library/debug/tracebacks.lua:27>|[C]: in function 'xpcall'|tests/library/debug/tracebacks.lua:27: in main chunk|[C]: in ?
-- a reader that load calls
local seen
load(function() seen = debug.traceback("reader"); return nil end)
show(seen) -- expect: reader|stack traceback:|tests/library/debug/tracebacks.lua:30: in function <tests/library/debug/tracebacks.lua:30>|[C]: in function 'load'|tests/library/debug/tracebacks.lua:30: in main chunk|[C]: in ?
-- finalizers
do
  local done
  setmetatable({}, { __gc = function() done = debug.getinfo(1, "n").name .. " " .. debug.getinfo(1, "n").namewhat end })
  collectgarbage()
  print(done) -- expect: __gc metamethod
end
-- dead and suspended threads
local function thread(f)
  local co = coroutine.create(f)
  coroutine.resume(co)
  return co
end
show(debug.traceback(thread(function() local function inner() fails() end inner() end))) -- expect: stack traceback:|[C]: in function 'error'|tests/library/debug/tracebacks.lua:9: in upvalue 'fails'|tests/library/debug/tracebacks.lua:45: in local 'inner'|tests/library/debug/tracebacks.lua:45: in function <tests/library/debug/tracebacks.lua:45>
show(debug.traceback(thread(function() local function inner() coroutine.yield() end inner() end), "message")) -- expect: message|stack traceback:|[C]: in function 'coroutine.yield'|tests/library/debug/tracebacks.lua:46: in local 'inner'|tests/library/debug/tracebacks.lua:46: in function <tests/library/debug/tracebacks.lua:46>
show(debug.traceback(thread(function() local function inner() coroutine.yield() end inner() end), "message", 1)) -- expect: message|stack traceback:|tests/library/debug/tracebacks.lua:47: in local 'inner'|tests/library/debug/tracebacks.lua:47: in function <tests/library/debug/tracebacks.lua:47>
show(debug.traceback(thread(function() end))) -- expect: stack traceback:
show(debug.traceback("message", 0)) -- expect: message|stack traceback:|[C]: in function 'debug.traceback'|tests/library/debug/tracebacks.lua:49: in main chunk|[C]: in ?
show(debug.traceback("message", 2)) -- expect: message|stack traceback:|[C]: in ?
-- long stacks
local function deep(n) if n == 0 then fails() end deep(n - 1) return n end
for _, n in ipairs { 17, 18, 19, 40 } do
  local _, m = xpcall(deep, debug.traceback, n)
  print(n, select(2, m:gsub("\n", "")), m:match("%.%.%.\t.-\n"))
end
-- expect: 17	23	...	(skipping 1 levels)
-- expect:
-- expect: 18	23	...	(skipping 2 levels)
-- expect:
-- expect: 19	23	...	(skipping 3 levels)
-- expect:
-- expect: 40	23	...	(skipping 24 levels)
-- expect:
