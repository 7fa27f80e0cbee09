-- string.dump, and load of what it makes: values, upvalues, debug information, damaged chunks.

local function reloaded(f, strip, env)
  return assert(load(string.dump(f, strip), "chunk", "b", env or _G))
end

-- What a function computes is kept.
for _, strip in ipairs {false, true} do
  local f = reloaded(function(n, ...)
    local s, t = 0, {...}
    for i = 1, n do s = s + i end
    for i, v in ipairs(t) do s = s + i * v end
    while s < 100 do s = s * 2 end
    repeat s = s - 1 until s < 50
    if s ~= 49 then goto out end
    s = s .. "!"
    ::out::
    return s, #t, function(x) return function(y) return x .. y end end
  end, strip)
  for _ = 1, 100 do
    local s, n, make = f(10, 1, 2, 3)
    assert(s == "49!" and n == 3 and make("a")("b") == "ab")
  end
  local function constants()
    return 1, -1.5, 2^53, math.maxinteger, "a\0b", nil, true, false, 1e308, "long " .. "string that is certainly no short one, at all"
  end
  local a, b = table.pack(constants()), table.pack(reloaded(constants, strip)())
  assert(a.n == b.n)
  for i = 1, a.n do assert(a[i] == b[i] and math.type(a[i]) == math.type(b[i])) end
end

-- A dump of what was loaded is the same dump.
do
  local dump = string.dump(load("local a = ... return a + 1", "=name"))
  assert(string.dump(load(dump)) == dump)
  assert(load(dump)(4) == 5)
  assert(#string.dump(load(dump), true) < #dump)
end

-- Upvalues are fresh; the first is the environment.
do
  local a, b = 20, 30
  local f = reloaded(function(x) if x then b = x end; return a, b end)
  local first, second = f()
  assert(first == nil and second == _G) -- b is mentioned first
  f = reloaded(function() return a, b end)
  first, second = f()
  assert(first == _G and second == nil and a == 20 and b == 30)
  X = 5
  local env = reloaded(function() return X end, false, {X = 6})
  assert(env() == 6)
  assert(reloaded(function() return 1 end, false, 7)() == 1)
  assert(load(string.dump(load("return _ENV")), nil, nil, 123)() == 123)
end

-- Positions and names are those of the source; a stripped function has none.
do
  local function message(strip)
    local _, e = pcall(reloaded(load("local t = {}\nreturn t.x.y", "=where"), strip))
    return e
  end
  assert(message(false) == "where:2: attempt to index a nil value (field 'x')")
  assert(message(true):find("^%?:%-1: attempt to index a nil value"))
  local _, e = pcall(reloaded(function() error("own") end, true))
  assert(e == "own")
end

-- Coroutines, tail calls and deep recursion in a reloaded function.
do
  local gen = reloaded(function(yield, n)
    local function each(i) if i <= n then yield(i); return each(i + 1) end end
    return each(1)
  end)
  local sum = 0
  for i in coroutine.wrap(function() gen(coroutine.yield, 1000) end) do sum = sum + i end
  assert(sum == 500500)
end

-- What is not a whole chunk is refused, and modes say what may be loaded.
do
  local dump = string.dump(load("local a <close> = nil; return function() return a, 'text', 1.5 end"))
  assert(dump:sub(1, 6) == "\27Lua\x54\0")
  for i = 1, #dump - 1 do
    local f, e = load(dump:sub(1, i), "=n")
    assert(not f and e:find("truncated"), i)
  end
  for i = 1, 15 do -- the header
    assert(not load(dump:sub(1, i - 1) .. string.char(dump:byte(i) + 1) .. dump:sub(i + 1)))
  end
  print(load(dump, "=n", "t"))    -- expect: nil	attempt to load a binary chunk (mode is 't')
  print(load("x = 1", "=n", "b")) -- expect: nil	attempt to load a text chunk (mode is 'b')
  print(load("\27Lua", "=n"))     -- expect: nil	n: bad binary format (truncated chunk)
  print(load("\27Lua"))           -- expect: nil	binary string: bad binary format (truncated chunk)
  local i = 0
  local read = function() i = i + 1; return dump:sub(i, i) end
  assert(type(load(read, nil, "b")()) == "function")
end

print(pcall(string.dump, print)) -- expect: false	unable to dump given function
print(pcall(string.dump, {}))    -- expect: false	bad argument #1 to 'string.dump' (function expected, got table)

-- Files, also behind a comment in the first line.
local name = os.tmpname()
local file = assert(io.open(name, "wb"))
file:write("#!/usr/bin/env lua\n", string.dump(load("return 3, ...")))
file:close()
local three, four = assert(loadfile(name))(4)
assert(three == 3 and four == 4 and dofile(name) == 3)
assert(not loadfile(name, "t"))
os.remove(name)

-- Collections in loops of a stripped function, which does not say where its variables are.
do
  local function work()
    local keep, last = {}, {0}
    for i = 1, 30000 do
      local s = {i}
      local t = {s, last}
      keep[i % 100], last = t, s
      while true do
        local u = {t}
        if u[1][1][1] == i then break end
      end
    end
    local n = 0
    for _, v in pairs(keep) do n = n + v[1][1] - v[2][1] end
    local r, a = 0, {7}
    repeat
      local x = {r}
      r = r + 1
      local y = {x, a}
      assert(y[1][1] == r - 1 and y[2][1] == 7)
    until r > 30000
    return n, r, last[1]
  end
  for _, strip in ipairs {false, true} do
    local n, r, last = reloaded(work, strip)()
    assert(n == 100 and r == 30001 and last == 30000)
  end
end
