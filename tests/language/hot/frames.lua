-- Frames of hot functions: variable arguments, tail calls, returns of any number of values, closing of upvalues.

local function hot(f, ...)
  for _ = 1, 200 do f(...) end
  return f(...)
end
local function count(...) return select("#", ...), ... end

-- ---- variable arguments
local function pass(...) return ... end
local function drop(a, b, ...) return ... end
local function first(...) return (...) end
local function some(a, ...) local x, y, z = ... return a, x, y, z end
local function wrap(...) return {n = select("#", ...), ...} end
local function inner(...) return pass(...) end
for n = 0, 12 do
  local t = {}
  for i = 1, n do t[i] = i end
  local function check(...)
    assert(hot(count, pass(...)) == n and select("#", hot(pass, ...)) == n)
    assert(select("#", hot(drop, ...)) == math.max(n - 2, 0))
    assert(hot(first, ...) == (n > 0 and 1 or nil))
    local a, x, y, z = hot(some, ...)
    assert(a == t[1] and x == t[2] and y == t[3] and z == t[4])
    local w = hot(wrap, ...)
    assert(w.n == n and w[n] == t[n] and w[n + 1] == nil)
    local i = table.pack(hot(inner, ...))
    assert(i.n == n and i[n] == t[n])
    local d = table.pack(hot(drop, ...))
    for k = 1, d.n do assert(d[k] == k + 2) end
  end
  check(table.unpack(t))
end

-- too few arguments for the parameters, and holes
local function four(a, b, c, d, ...) return a, b, c, d, select("#", ...) end
assert(select("#", hot(four)) == 5)
assert(hot(function(...) local a, b = four(nil, 2) return b end) == 2)
local n, a, b, c = hot(count, nil, false, nil)
assert(n == 3 and a == nil and b == false and c == nil)

-- more values than a frame has room for
local many = {}
for i = 1, 5000 do many[i] = i end
local function last(...) return (select(select("#", ...), ...)) end
local function forward(...) return last(...) end
local function both(...) local function keep() return n end return pass(...), keep() end
for _ = 1, 30 do
  assert(forward(table.unpack(many)) == 5000 and select("#", pass(pass(table.unpack(many)))) == 5000)
  assert(both(table.unpack(many)) == 1)
end

-- ---- tail calls
local function loop(k, ...) if k == 0 then return ... end return loop(k - 1, ...) end
assert(loop(100000, 7) == 7 and select("#", loop(1000)) == 0 and select("#", loop(1000, 1, 2, 3, 4, 5, 6, 7)) == 7)
local function even(k) if k == 0 then return true end return (function(j) if j == 0 then return false end return even(j - 1) end)(k - 1) end
assert(even(5000) and not even(5001))
local function six(p, q, r, s, t, u) return u, t, s, r, q, p end
local function swap(p, q, r, s, t, u) return six(q, p, s, r, u, t) end
assert(table.concat({hot(swap, 1, 2, 3, 4, 5, 6)}) == "563412")
local function grow(...) if select("#", ...) >= 300 then return ... end return grow(1, ...) end
assert(select("#", grow()) == 300)

-- of library functions, from plain, vararg and closing functions
local function plain(x) return math.max(x, 3) end
local function vararg(...) return math.max(...) end
local function closing(x) local function f() return x end x = f() + 1 return math.max(x, 0) end
local function multiple(...) return table.unpack({...}) end
local function none() return print == nil and nil or rawequal(1, 1) end
assert(hot(plain, 5) == 5 and hot(vararg, 1, 9, 2) == 9 and hot(closing, 3) == 4 and hot(none))
assert(table.concat({hot(multiple, 1, 2, 3, 4, 5, 6, 7)}) == "1234567")
local function protected(...) return pcall(...) end
assert(select("#", hot(protected, pass, 1, 2, 3)) == 4)
local ok, message = hot(protected, error, "bad", 0)
assert(not ok and message == "bad")

-- of values with __call, and of values that cannot be called
local callable = setmetatable({}, {__call = function(self, x, ...) return x, select("#", ...) end})
local function meta(...) return callable(...) end
local x, extra = hot(meta, 4, 5, 6)
assert(x == 4 and extra == 2)
local function bad(f, ...) return f(...) end
assert(select("#", hot(bad, pass, 1, nil)) == 2)
for _ = 1, 3 do
  local ok, message = pcall(bad, {}, 1)
  assert(not ok and message:find("attempt to call a table value %(local 'f'%)"), message)
end

-- in a function that a metamethod is: machine code goes on after it
local V = {}
V.__index = V
local function sum(p, q) return p.v + q.v end
V.__add = function(p, q) return sum(p, q) end
V.__lt = function(p, q) return rawequal(p, q) or sum(p, q) > 3 end
V.__concat = function(p, q) return tostring(sum(p, q)) end
V.__close = function(p) return pass(p) end
local one, two = setmetatable({v = 1}, V), setmetatable({v = 2}, V)
local function use(p, q)
  local r <close> = p
  local s = p + q
  if q < p then s = s + 1 end
  if two < two then s = s + 10 end
  return s .. (p .. q)
end
for _ = 1, 200 do assert(use(one, two) == "133") end

-- an error in a function that was called in tail position has the caller's caller in its traceback, and says so
local function fails() error("here") end
local function tail() return fails() end
local function outer() tail() return 1 end
local function trace() local _, text = xpcall(outer, debug.traceback) return text end
assert(hot(trace):find("%(%.%.%.tail calls%.%.%.%)"))
local traced
local function trace_inside() traced = debug.traceback() return 3 end
local T = setmetatable({}, {__unm = function() return trace_inside() end})
local function unm(t) return 1 + -t end
assert(hot(unm, T) == 4 and traced:find("%(%.%.%.tail calls%.%.%.%)"))

-- ---- closures and closing
local function cells(k)
  local list = {}
  for i = 1, k do
    local j = i * 2
    list[i] = {get = function() return i, j end, set = function(v) j = v end, both = function() return function() return j + i end end}
  end
  return list
end
for _ = 1, 50 do
  local list = cells(20)
  list[3].set(100)
  local i, j = list[3].get()
  assert(i == 3 and j == 100 and list[3].both()() == 103 and list[4].both()() == 12)
end
local function escape(p, q, r)
  local f = function() r = r + 1 return p, q, r end
  local g = function() p, q = q, p return f() end
  if p == 1 then return g end
  return f, g
end
for _ = 1, 200 do
  local g = escape(1, 2, 3)
  local p, q, r = g()
  assert(p == 2 and q == 1 and r == 4)
  local f
  f, g = escape(5, 6, 7)
  f() g()
  p, q, r = f()
  assert(p == 6 and q == 5 and r == 10)
end
local function vararg_closure(...)
  local a, b = ...
  return function() a = a + 1 return a + b end, ...
end
for _ = 1, 200 do
  local f, p, q, r = vararg_closure(1, 2, 3)
  assert(f() == 4 and f() == 5 and p == 1 and q == 2 and r == 3)
end

-- variables to be closed beside captured ones
local log = {}
local function closer(name) return setmetatable({}, {__close = function() log[#log + 1] = name end}) end
local function scopes(k)
  local total = 0
  for i = 1, k do
    local c <close> = i % 2 == 0 and closer("c" .. i) or nil
    local j = i
    local f = function() j = j + 1 return j end
    total = total + f()
  end
  for key in pairs {1, 2, 3} do local f = function() return key end total = total + f() end
  return total, k
end
for _ = 1, 100 do
  log = {}
  local total, k = scopes(4)
  assert(total == 20 and k == 4 and table.concat(log, " ") == "c2 c4")
end

-- ---- lengths and lists
local function length(t) return #t end
local t = {}
for i = 1, 300 do
  assert(length(t) == i - 1)
  t[#t + 1] = i
end
for i = 300, 1, -1 do
  assert(length(t) == i)
  t[#t] = nil
end
assert(length("four") == 4 and length("") == 0 and length(("x"):rep(100)) == 100)
assert(length(setmetatable({1, 2}, {__len = function() return "seven" end})) == "seven")
assert(length(setmetatable({1, 2}, {})) == 2)
for _, v in ipairs {1, true, print} do assert(not pcall(length, v)) end
local function list(p, q) return {p, q, p, q, p}, {p, q, p, q, p, q, p, q, p, q, p, q, p}, {p, pass(q, p)} end
for _ = 1, 200 do
  local u, v, w = list(1, 2)
  assert(#u == 5 and #v == 13 and v[13] == 1 and v[12] == 2 and #w == 3 and w[3] == 1 and u[5] == 1)
end
print "ok"
-- expect: ok
