-- Calls of library functions are seen by hooks, wherever they are made from and whenever the hook comes.

local floor, byte = math.floor, string.byte
local calls, returns = {}, 0
local function hook(event)
  if event == "return" then
    returns = returns + 1
  else
    local f = debug.getinfo(2, "f").func
    calls[f] = (calls[f] or 0) + 1
  end
end

local function work(n)
  local sum = 0
  for i = 1, n do sum = sum + floor(i + 0.5) + byte("a") + #("x"):rep(2) end
  for _, v in ipairs({ 1, 2 }) do sum = sum + v end
  return sum
end
for _ = 1, 200 do work(3) end

-- The hook is set by a function called from hot code, which goes on with library functions at once.
local function set_and_work(set)
  local a = floor(1.5)
  if set then debug.sethook(hook, "cr") end
  local b = floor(2.5)
  local c = floor(a + b)
  debug.sethook()
  return c
end
for _ = 1, 200 do set_and_work(false) end
set_and_work(true)
print(calls[floor], calls[debug.sethook], returns)
-- expect: 2	1	3

calls, returns = {}, 0
debug.sethook(hook, "cr")
work(10)
debug.sethook()
print(calls[floor], calls[byte], calls[string.rep], calls[ipairs], calls[work], returns)
-- expect: 10	10	10	1	1	36

-- The count of instructions does not depend on it either.
local function count(period)
  local n = 0
  debug.sethook(function() n = n + 1 end, "", period)
  work(100)
  debug.sethook()
  return n
end
local first = count(7)
for _ = 1, 20 do assert(count(7) == first) end
