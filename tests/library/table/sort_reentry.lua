-- What an order function may do while table.sort runs it: fail, yield, sort, recurse, collect, change what it is called from.

local function list(n)
  local t = {}
  for i = 1, n do t[i] = i * 7919 % 1009 end
  return t
end
local function ordered(t)
  for i = 2, #t do if t[i - 1] > t[i] then return false end end
  return true
end
local function less(a, b) return a < b end
local function try(order)
  local ok, message = pcall(table.sort, list(50), order)
  return ok and "sorted" or message
end

-- Hot, so that it also runs as machine code.
for _ = 1, 20 do
  local t = list(100)
  table.sort(t, less)
  assert(ordered(t))
end

-- Errors at once and later; the list goes on being usable.
local calls
local function fails(a, b)
  calls = calls + 1
  if calls == 30 then error("at " .. calls, 0) end
  return a < b
end
for _ = 1, 10 do
  calls = 0
  assert(try(fails) == "at 30")
end
print(try(function(a, b) return a.x < b end))  -- expect: tests/library/table/sort_reentry.lua:36: attempt to index a number value (local 'a')
print(try(function(a, b) return a < nil end))  -- expect: tests/library/table/sort_reentry.lua:37: attempt to compare number with nil
print(try(function() return true end))         -- expect: invalid order function for sorting
print(try(setmetatable({}, { __call = function(_, a, b) return a < b end })))  -- expect: bad argument #2 to 'table.sort' (function expected, got table)
print(try(math.max))                           -- expect: invalid order function for sorting

-- An order function that is a native one, takes fewer or more parameters, or gives fewer or more results.
print(try(rawequal))                           -- expect: sorted
print(try(function() end))                     -- expect: sorted
print(try(function(...) return ... < select(2, ...), 1, 2, 3 end))  -- expect: sorted
print(try(function(a, b, c) assert(c == nil) c = a < b return c end))  -- expect: sorted

-- No yield across it, but coroutines within and around.
local co = coroutine.create(function() table.sort(list(10), function(a, b) coroutine.yield() return a < b end) end)
print(coroutine.resume(co))                    -- expect: false	attempt to yield across a C-call boundary
local function by_coroutine(a, b)
  local resume = coroutine.wrap(function(x) local y = coroutine.yield(x) return x < y end)
  resume(a)
  return resume(b)
end
local t = list(200)
table.sort(t, by_coroutine)
assert(ordered(t))
co = coroutine.wrap(function(u)
  coroutine.yield(1)
  table.sort(u, less)
  coroutine.yield(2)
  return ordered(u)
end)
co(list(60))
co()
print(co())                                    -- expect: true

-- Sorts, protected calls, deep recursion (the stack moves), garbage and full collections in it.
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
local count = 0
local function busy(a, b)
  count = count + 1
  if count % 40 == 0 then
    local inner = list(20)
    table.sort(inner, less)
    assert(ordered(inner) and deep(count * 10) == count * 10)
    assert(not pcall(error))
    collectgarbage()
  end
  local boxed = { a = { a }, b = { b } }
  return boxed.a[1] < boxed.b[1]
end
for _ = 1, 3 do
  count = 0
  local u = list(100)
  table.sort(u, busy)
  assert(ordered(u))
end

-- Only the list refers to the elements, and then not even that.
local names = {}
for i = 1, 60 do names[i] = { "n" .. i * 37 % 61 } end
table.sort(names, function(a, b)
  collectgarbage("step", 0)
  return a[1] < b[1]
end)
for i = 2, #names do assert(names[i - 1][1] < names[i][1]) end
local emptied = {}
for i = 1, 40 do emptied[i] = { i } end
local emptied_ok = pcall(table.sort, emptied, function(a, b)
  for i = 1, 40 do emptied[i] = nil end
  collectgarbage()
  return a[1] < b[1]
end)
print(emptied_ok)                              -- expect: false

-- Sorts in sorts without end.
local function endless(a, b)
  table.sort({ 3, 1, 2 }, endless)
  return a < b
end
local ok, message = pcall(table.sort, { 3, 2, 1 }, endless)
print(ok, (message:find("stack overflow", 1, true)) ~= nil)  -- expect: false	true

-- Hooks see its calls.
local events = 0
local function watched(a, b) return a < b end
debug.sethook(function() if debug.getinfo(2, "f").func == watched then events = events + 1 end end, "c")
local v = list(30)
table.sort(v, watched)
debug.sethook()
assert(ordered(v))
local plain = 0
table.sort(list(30), function(a, b) plain = plain + 1 return a < b end)
print(events == plain)                         -- expect: true

-- A function that replaces all hooks and the metatable of the list while it is being sorted.
local w = list(64)
local seen = 0
table.sort(w, function(a, b)
  if seen == 10 then setmetatable(w, { __index = function() return 0 end }) end
  if seen == 20 then setmetatable(w, nil) end
  seen = seen + 1
  return a < b
end)
assert(ordered(w))
