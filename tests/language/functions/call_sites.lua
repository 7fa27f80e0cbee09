-- One call instruction, many callees: other functions, other numbers of parameters, varargs, natives, callable tables, other chunks.

local function none() return "none" end
local function one(a) return a end
local function two(a, b) return tostring(a) .. tostring(b) end
local function three(a, b, c) return tostring(a) .. tostring(b) .. tostring(c) end
local function many(...) return select("#", ...), ... end
local callable = setmetatable({}, { __call = function(_, a, b) return tostring(b) .. tostring(a) end })
local elsewhere = load("local a, b = ... return function(x, y) return x + y end")()
local short = load("return function(x) return -x end")()
local function recursive(n, m) if n == 0 then return m end return recursive(n - 1, m + 1) end

local function call(f, a, b) return f(a, b) end
local function first(f, a, b) local r = f(a, b) return r end
local callees = { two, one, none, three, many, callable, elsewhere, short, math.max, recursive, rawequal }
local expected = { "12", 1, "none", "12nil", 2, "21", 3, -1, 2, 3, false }
for start = 1, #callees do
  for i = 0, 30 * #callees do
    local at = (start + i) % #callees + 1
    assert(call(callees[at], 1, 2) == expected[at] and first(callees[at], 1, 2) == expected[at])
  end
end

-- a site of its own for each, linked to the first callee
local function site()
  return load("local f, a, b = ... local x = f(a, b) local y, z = f(a, b) return x, y, z")
end
for i = 1, #callees do
  local s = site()
  for j = 1, 40 do
    local at = j % 3 == 0 and j % #callees + 1 or i
    local x, y = s(callees[at], 1, 2)
    assert(x == y and x == expected[at])
  end
end

-- fewer and more arguments than parameters; missing ones are nil whatever stood there before
local function two_of(f) return f(7), f(7, 8), f(7, 8, 9), f() end
for _ = 1, 60 do
  local a, b, c, d = two_of(two)
  assert(a == "7nil" and b == "78" and c == "78" and d == "nilnil")
  a, b, c, d = two_of(one)
  assert(a == 7 and b == 7 and c == 7 and d == nil)
end

-- errors tell of the right call
local function fail(a, b) error("at " .. a .. b, 2) end
local function caller(f)
  local x = f(1, 2)
  return x
end
for _ = 1, 40 do caller(two) end
print(pcall(caller, fail))                     -- expect: false	tests/language/functions/call_sites.lua:49: at 12
print(pcall(caller, nil))                      -- expect: false	tests/language/functions/call_sites.lua:49: attempt to call a nil value (local 'f')
print(pcall(caller, 5))                        -- expect: false	tests/language/functions/call_sites.lua:49: attempt to call a number value (local 'f')

-- constants after calls, in all ways on
local function constants(f, flag)
  local t = { name = "t" }
  local a = f(1, 2)
  if flag then a = f(2, 3) .. "yes" end
  while #a < 6 do a = f(a, "x") end
  local b = f(t.name, "k")
  t.other = f(a, b) == "never" and "c" or "d"
  return a .. b .. t.other, 1.5, "end"
end
for i = 1, 60 do
  local s, n, e = constants(two, i % 2 == 0)
  assert(s == (i % 2 == 0 and "23yesxtkd" or "12xxxxtkd") and n == 1.5 and e == "end")
end
