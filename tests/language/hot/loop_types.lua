-- Innermost loops, whose code may be made for the types that their variables have when they begin: other types, types that change, ways out, errors.

local function sum(x, step, n)
  local s = x
  for i = 1, n do
    s = s + step * i
  end
  return s
end
for _ = 1, 3 do
  print(sum(0, 2, 10), sum(0.5, 2, 10), sum(0, 0.25, 10), sum("1", 2, 3), sum(1, "0x10", 2))
  -- expect: 110	110.5	13.75	13	49
end
-- expect: 110	110.5	13.75	13	49
-- expect: 110	110.5	13.75	13	49
print(pcall(sum, 0, nil, 3)) -- expect: false	tests/language/hot/loop_types.lua:6: attempt to perform arithmetic on a nil value (local 'step')
print(pcall(sum, {}, 1, 3)) -- expect: false	tests/language/hot/loop_types.lua:6: attempt to perform arithmetic on a table value (local 's')

-- the types change while the loop runs
local function grow(n)
  local a, b, kinds = 1, 1, ""
  while a < n do
    a, b = a + b, a
    if a == 21 then b = b + 0.5 end
    kinds = kinds .. (math.type(a) == "float" and "f" or "i")
  end
  return a, b, kinds
end
for _ = 1, 2 do print(grow(300)) end
-- expect: 381.0	235.5	iiiiiiffffff
-- expect: 381.0	235.5	iiiiiiffffff

-- nothing at first
local function greatest(list)
  local best
  for i = 1, #list do
    local x = list[i]
    if not best or x > best then best = x end
  end
  return best
end
print(greatest {3, 9, 2}, greatest {1.5, 0.5}, greatest {"b", "c", "a"}, greatest {}) -- expect: 9	1.5	c	nil
print(pcall(greatest, {1, "x"})) -- expect: false	tests/language/hot/loop_types.lua:38: attempt to compare number with string

-- tables and what is like them
local function total(t, from, to)
  local s = 0
  for i = from, to do s = s + t[i] * 2 end
  return s
end
local proxy = setmetatable({}, {__index = function(_, k) return k * 10 end})
for _ = 1, 2 do print(total({1, 2, 3}, 1, 3), total(proxy, 1, 3), total({[-1] = 4, [0] = 5}, -1, 0), total({0.5, 1}, 1, 2)) end
-- expect: 12	120	18	3.0
-- expect: 12	120	18	3.0
print(pcall(total, 7, 1, 2)) -- expect: false	tests/language/hot/loop_types.lua:48: attempt to index a number value (local 't')
print(pcall(total, {1}, 1, 2)) -- expect: false	tests/language/hot/loop_types.lua:48: attempt to perform arithmetic on a nil value (field '?')
print(pcall(total, "ab", 1, 2)) -- expect: false	tests/language/hot/loop_types.lua:48: attempt to perform arithmetic on a nil value (field '?')

-- ways out: break, goto, return; what follows must know no more than holds by each
local function search(x, limit)
  local found, y = false, x
  for i = 1, limit do
    y = y * 2
    if y > 100 then found = i break end
    if y == 50 then goto fifty end
    if y == 13 then return "thirteen", y end
  end
  y = y + 1
  do return found, y, math.type(y) end
  ::fifty::
  y = y // 1
  return "fifty", y, math.type(y)
end
for _ = 1, 2 do
  print(search(1, 3)) -- expect: false	9	integer
  print(search(1, 30)) -- expect: 7	129	integer
  print(search(1.5, 30)) -- expect: 7	193.0	float
  print(search(25, 30)) -- expect: fifty	50	integer
  print(search(12.5, 30)) -- expect: fifty	50.0	float
  print(search(6.5, 30)) -- expect: thirteen	13.0
end
-- expect: false	9	integer
-- expect: 7	129	integer
-- expect: 7	193.0	float
-- expect: fifty	50	integer
-- expect: fifty	50.0	float
-- expect: thirteen	13.0

-- variables and constants beyond the first; remainders and shifts by constants, of all signs
local function mix(x, n)
  local a, b, c, d, e = 0, 0, 0, 0, 0
  for i = -n, n do
    a = a + (x + i) % 8
    b = b + (x + i) // 16
    c = c + (x + i) % 7
    d = d + (x + i) // 7
    e = e ~ ((i << 3) | ((i & 1023) >> 2))
  end
  return a, b, c, d, e
end
for _ = 1, 2 do print(mix(3, 40)) end
print(mix(-1.5, 3))
-- expect: 283	-23	243	0	330
-- expect: 283	-23	243	0	330
-- expect: 29.5	-5.0	24.5	-5.0	-1

-- closures made by the loop, and calls out of it
local function closures(n)
  local list, k = {}, 10
  for i = 1, n do
    local j = i * k
    list[i] = function() j = j + 1 k = k + 1 return j end
  end
  return list, function() return k end
end
local list, k = closures(3)
print(list[1](), list[1](), list[3](), k()) -- expect: 11	12	31	13

local function walk(n)
  return coroutine.wrap(function(x)
    local s = x
    for i = 1, n do
      s = s + i
      x = coroutine.yield(s)
      if x then s = x end
    end
    return "end"
  end)
end
local w = walk(4)
print(w(1), w(), w(0.5), w("7"), w()) -- expect: 2	4	3.5	11	end

-- debug functions see and change variables while the loop runs
local function watched(n)
  local s, t = 0, 0
  for i = 1, n do
    s = s + i
    t = t * 2
    if i == 5 then
      assert(debug.setlocal(1, 3, 100) == "t" and debug.getlocal(1, 2) == "s")
    end
  end
  return s, t
end
print(watched(8)) -- expect: 36	800
print(watched(4)) -- expect: 10	0
local lines = 0
debug.sethook(function() lines = lines + 1 end, "l")
local held = sum(0, 1, 100)
debug.sethook()
print(held, lines > 190) -- expect: 5050	true
