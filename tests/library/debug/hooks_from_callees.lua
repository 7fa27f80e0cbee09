-- Hooks that are set, and locals that are written, by what a running function calls: metamethods, iterators, closing methods, natives.

local lines
local function hook(_, line) lines[#lines + 1] = line end
local armed
local function arm()
  if armed then lines = {}; debug.sethook(hook, "l") end
  return 1
end
local mt = { __index = arm, __add = arm, __lt = function() arm() return true end, __concat = arm, __len = arm, __close = arm,
  __eq = function() arm() return true end, __call = arm, __newindex = arm, __unm = arm }
local function object() return setmetatable({}, mt) end

local cases = {
  index = function(o) local a = o.x
    return a end,
  add = function(o) local a = o + 1
    return a end,
  less = function(o) if o < o then
    return 1 end end,
  concat = function(o) local a = "x" .. o .. "y"
    return a end,
  length = function(o) local a = #o
    return a end,
  equal = function(o, p) local a = o == p
    return a end,
  call = function(o) local a = o()
    return a end,
  newindex = function(o) o.x = 1
    return 1 end,
  minus = function(o) local a = -o
    return a end,
  close = function(o) do local c <close> = o end
    return 1 end,
  pcall = function(o) local a = pcall(arm)
    return a end,
  sort = function(o) table.sort({ 2, 1 }, function() arm() return false end)
    return 1 end,
  iterator = function(o) for i in function(_, k) arm() return not k and 1 or nil end do
    local a = i end return 1 end,
}
local names = {}
for name in pairs(cases) do names[#names + 1] = name end
table.sort(names)
for round = 1, 200 do
  for _, name in ipairs(names) do
    armed = round == 200
    cases[name](object(), object())
    debug.sethook()
    if armed then
      local first = debug.getinfo(cases[name], "S").linedefined
      local seen = {}
      for _, line in ipairs(lines) do
        if line >= first and line <= first + 1 then seen[#seen + 1] = line - first end
      end
      print(name, table.concat(seen, " "))
    end
  end
end
-- expect: add	1
-- expect: call	1
-- expect: close	1
-- expect: concat	1
-- expect: equal	1
-- expect: index	1
-- expect: iterator	1
-- expect: length	1
-- expect: less	1
-- expect: minus	1
-- expect: newindex	1
-- expect: pcall	1
-- expect: sort	1

-- locals of the caller, written from a metamethod while the caller runs hot
local function set(level, name, value)
  for n = 1, 100 do
    local found = debug.getlocal(level + 1, n)
    if not found then return end
    if found == name then return debug.setlocal(level + 1, n, value) end
  end
end
local writes = setmetatable({}, { __index = function(_, k)
  if k % 50 == 0 then set(2, "sum", tostring(k)) set(2, "step", 0.5) end
  return 1
end })
local function loop(n)
  local sum, step = 0, 1
  for i = 1, n do
    local one = writes[i]
    sum = sum + step * one
  end
  return sum
end
for _ = 1, 300 do loop(20) end
print(loop(60), loop(120), loop(20)) -- expect: 55.5	110.5	20

-- a finalizer that writes and hooks while a loop polls
local stop = false
local function polls()
  local x, rounds = 1, 0
  setmetatable({}, { __gc = function() stop = true; set(2, "x", 2.5) end })
  while not stop do
    local garbage = { {}, {} }
    x = x + 0
    rounds = rounds + 1
  end
  return x
end
for _ = 1, 10 do
  stop = false
  assert(polls() == 2.5)
end
local hooked = 0
local function turns_on()
  local on = false
  setmetatable({}, { __gc = function() on = true; debug.sethook(function() hooked = hooked + 1; debug.sethook() end, "l") end })
  while hooked == 0 do
    local garbage = { {}, {} }
    garbage = on and {} or nil
  end
end
for _ = 1, 10 do
  hooked = 0
  turns_on()
  assert(hooked == 1)
end
