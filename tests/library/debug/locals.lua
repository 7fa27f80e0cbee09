-- debug.getlocal and debug.setlocal: levels, parameters, varargs, temporaries, other threads.

local function names(level)
  local list = {}
  for n = 1, 100 do
    local name, value = debug.getlocal(level + 1, n)
    if not name then break end
    if name:sub(1, 1) ~= "(" then list[#list + 1] = name .. "=" .. tostring(value) end
  end
  return table.concat(list, " ")
end

local function f(a, b, ...)
  local x = a + b
  do
    local hidden = 1
    assert(hidden == 1)
  end
  local s = names(1)
  local y <const> = 5
  local z <close> = nil
  return s, (names(1))
end

local function check()
  local s, s2 = f(1, 2, 3)
  assert(s == "a=1 b=2 x=3", s)
  assert(s2 == "a=1 b=2 x=3 s=a=1 b=2 x=3 z=nil", s2)
  for i = 1, 1 do
    assert(names(1):find("i=1$"))
  end
  for k, v in pairs { 7 } do
    assert(names(1):find("k=1 v=7$"))
  end
end
for _ = 1, 200 do check() end

-- parameters of functions that do not run
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3))  -- expect: a	b	nil
print(debug.getlocal(print, 1))                                         -- expect: nil
print(debug.getlocal(function(p, q) local r end, 2))                    -- expect: q
print(debug.getlocal(f, 0), debug.getlocal(f, -1))                      -- expect: nil	nil

-- extra arguments
local function va(a, ...)
  local n1, v1 = debug.getlocal(1, -1)
  local n2, v2 = debug.getlocal(1, -2)
  assert(debug.getlocal(1, -3) == nil)
  assert(debug.setlocal(1, -2, "new") == "(vararg)" and debug.setlocal(1, -3, 1) == nil)
  return n1, v1, n2, v2, ...
end
for _ = 1, 300 do va(1, 2, 3) end
print(va("a", "x", "y"))                            -- expect: (vararg)	x	(vararg)	y	x	new
print((function(a) return debug.getlocal(1, -1) end)(1, 2))  -- expect: nil

-- hidden variables, and values without names
local function hidden()
  for i = 1, 2 do return debug.getlocal(1, 1) end
end
print((hidden()))                                   -- expect: (for state)
local function temporary(...)
  return select(2, (debug.getlocal(2, 1)), (debug.getlocal(1, 1)))
end
print(pcall(temporary))                             -- expect: true	(temporary)
print(debug.getlocal(0, 1), (debug.getlocal(0, 2)), (debug.getlocal(0, 3)))  -- expect: (C temporary)	(C temporary)	nil

-- writing
local function set(level, name, value)
  for n = 1, 100 do
    local found = debug.getlocal(level + 1, n)
    if not found then return end
    if found == name then return debug.setlocal(level + 1, n, value) end
  end
end
local function h(a)
  local x, y = 1, 2.5
  assert(set(1, "x", "text") == "x")
  assert(set(1, "y", { 1 }) == "y")
  assert(set(1, "a", nil) == "a")
  return a, x, type(y)
end
for _ = 1, 300 do
  local a, x, y = h(1)
  assert(a == nil and x == "text" and y == "table")
end
-- types that change under a loop
local function loop(n)
  local sum, k = 0, 0
  for i = 1, n do
    k = k + 1
    if i == n // 2 then set(1, "sum", "10"); set(1, "k", 0.5) end
    sum = sum + 1
  end
  return sum, k
end
for _ = 1, 300 do loop(20) end
print(loop(100))                                    -- expect: 61	50.5
local function variable(n)
  local log = {}
  for i = 1, n do
    set(1, "i", "s")
    log[#log + 1] = i
  end
  return table.concat(log)
end
for _ = 1, 300 do variable(5) end
print(variable(5))                                  -- expect: sssss

-- a variable that closures share
local function shared()
  local v = 1
  local function get() return v end
  set(1, "v", "changed")
  return get()
end
for _ = 1, 300 do assert(shared() == "changed") end

-- other threads
local co = coroutine.create(function(a, ...)
  local b = a * 2
  local c = coroutine.yield()
  return a, b, c
end)
coroutine.resume(co, 21, "extra")
print(debug.getlocal(co, 1, 1))                     -- expect: a	21
print(debug.getlocal(co, 1, 2))                     -- expect: b	42
print(debug.getlocal(co, 1, -1))                    -- expect: (vararg)	extra
print(debug.setlocal(co, 1, 2, "B"), coroutine.resume(co, "c"))  -- expect: b	true	21	B	c

-- errors
print(pcall(debug.getlocal, 50, 1))                 -- expect: false	bad argument #1 to 'debug.getlocal' (level out of range)
print(pcall(debug.setlocal, 50, 1, 1))              -- expect: false	bad argument #1 to 'debug.setlocal' (level out of range)
print(pcall(debug.setlocal, co, 0, 1, 1))           -- expect: false	bad argument #2 to 'debug.setlocal' (level out of range)
print(pcall(debug.setlocal, 1, 1))                  -- expect: false	bad argument #3 to 'debug.setlocal' (value expected)
print(pcall(debug.getlocal, 1))                     -- expect: false	bad argument #2 to 'debug.getlocal' (number expected, got no value)
print(pcall(debug.getlocal, "x", 1))                -- expect: false	bad argument #1 to 'debug.getlocal' (number expected, got string)
print(debug.setlocal(1, 100, 1))                    -- expect: nil
