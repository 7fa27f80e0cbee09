-- A message handler runs where the error is raised, also when library functions stand between that place and the xpcall.
local function trace(f, ...)
  local _, text = xpcall(f, debug.traceback, ...)
  local lines = {}
  for line in text:gmatch("[^\n]+") do lines[#lines + 1] = line:gsub("^%s+", "") end
  return table.concat(lines, " | ", 1, 4)
end
local function fail() error("x", 0) end

print(trace(function() table.sort({3, 2, 1}, function() fail() return true end) end))
print(trace(function() return (string.gsub("abc", ".", function() fail() return "" end)) end))
print(trace(function() return #tostring(setmetatable({}, {__tostring = function() fail() return "" end})) end))
-- expect: x | stack traceback: | [C]: in function 'error' | tests/language/errors/handlers_below_natives.lua:8: in upvalue 'fail'
-- expect: x | stack traceback: | [C]: in function 'error' | tests/language/errors/handlers_below_natives.lua:8: in upvalue 'fail'
-- expect: x | stack traceback: | [C]: in function 'error' | tests/language/errors/handlers_below_natives.lua:8: in upvalue 'fail'

-- It runs once, and its result passes the library function.
local calls = 0
local function count(message)
  calls = calls + 1
  return message .. "!"
end
print(xpcall(table.sort, count, {2, 1}, fail))
print(calls)
-- expect: false	x!
-- expect: 1

-- A pcall that is nearer takes the error.
print(xpcall(function()
  table.sort({2, 1}, function() return pcall(fail) end)
  return "sorted"
end, count))
print(calls)
-- expect: true	sorted
-- expect: 1

-- Libraries may make another error of it, which is handled as one of its own.
print(xpcall(function() return load(function() fail() end) end, count))
print(calls)
-- expect: true	nil	x!
-- expect: 2

-- A handler that fails is called with its own error, until nesting has an end.
local level = 0
print(xpcall(table.sort, function(message)
  level = level + 1
  if level < 5 then error(message .. level, 0) end
  return message
end, {2, 1}, fail))
-- expect: false	x1234

-- Variables closed on the way have errors of their own, which the handler sees.
local seen = {}
local closing = setmetatable({}, {__close = function(_, e)
  seen[#seen + 1] = "closing after " .. e
  print(xpcall(fail, function(m) return "inner " .. m end))
  error("y", 0)
end})
print(xpcall(function()
  table.sort({2, 1}, function()
    local _ <close> = closing
    fail()
    return true
  end)
end, function(message)
  seen[#seen + 1] = "handled " .. message
  return "<" .. message .. ">"
end))
print(table.concat(seen, ", "))
-- expect: false	inner x
-- expect: false	<y>
-- expect: handled x, closing after <x>, handled y

-- Coroutines end the search: their resumer decides.
print(xpcall(function()
  local co = coroutine.create(function() table.sort({2, 1}, fail) end)
  return coroutine.resume(co)
end, count))
print(calls)
-- expect: true	false	x
-- expect: 2
print(xpcall(function() coroutine.wrap(function() table.sort({2, 1}, fail) end)() end, count))
print(calls)
-- expect: false	tests/language/errors/handlers_below_natives.lua:82: x!
-- expect: 3

-- Many times, for compiled code.
for _ = 1, 300 do
  local ok, message = xpcall(table.sort, count, {2, 1}, fail)
  assert(not ok and message == "x!")
end
assert(calls == 303)
