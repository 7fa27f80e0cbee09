-- The vararg expression: in calls, tables, assignments; adjusted by position.

local function count(...) return select("#", ...) end
local function pack(...) return { n = select("#", ...), ... } end
local function id(...) return ... end
local function first(...) local a = ... return a end
local function three(...) local a, b, c = ... return a, b, c end
local function middle(...) return { ..., "end" }, { "start", ... } end
local function paren(...) return (...) end
local function fixed(a, b, ...) return a, b, count(...) end

local function check()
  assert(count() == 0 and count(nil) == 1 and count(nil, nil) == 2 and count(1, nil, 3, nil) == 4)
  assert(first() == nil and first(1, 2) == 1 and first(nil, 2) == nil)
  local a, b, c = three(1)
  assert(a == 1 and b == nil and c == nil)
  a, b, c = three(1, 2, 3, 4)
  assert(a == 1 and b == 2 and c == 3)
  local m, s = middle(1, 2, 3)
  assert(#m == 2 and m[1] == 1 and m[2] == "end" and #s == 4 and s[4] == 3)
  m, s = middle()
  assert(m[1] == nil and m[2] == "end" and #s == 1)
  assert(count(paren(1, 2, 3)) == 1 and count(paren()) == 1 and count(id()) == 0)
  assert(count(id(1, 2), id(3, 4)) == 3 and count((id(1, 2))) == 1)
  a, b, c = fixed(1)
  assert(a == 1 and b == nil and c == 0)
  a, b, c = fixed(1, 2, 3, 4, 5)
  assert(a == 1 and b == 2 and c == 3)
  local p = pack(id(nil, 2, nil))
  assert(p.n == 3 and p[1] == nil and p[2] == 2 and p[3] == nil)
  local x, y = 10, id(20, 30)
  assert(x == 10 and y == 20)
  assert(id(id(id(5, 6), 7), 8) == 5 and count(id(id(5, 6)), id(7, 8)) == 3)
  -- parameters are fresh variables, the varargs are not changed by assigning them
  local function f(q, ...) q = 100; local r = ... ; r = 200; return q, ... end
  a, b = f(1, 2)
  assert(a == 100 and b == 2)
end
for _ = 1, 300 do check() end
-- the main chunk is a vararg function
local n = select("#", ...)
assert(n == 0 and count(load("return ...")(1, nil)) == 2)
assert(load("local a, b = ... return b")(1, 2) == 2)
local f, e = load("function f() return ... end")
print(e)                                -- expect: [string "function f() return ... end"]:1: cannot use '...' outside a vararg function near '...'
f, e = load("function f(...) return function() return ... end end")
print(e)                                -- expect: [string "function f(...) return function() return ... ..."]:1: cannot use '...' outside a vararg function near '...'
f, e = load("function f(..., a) end")
print(e)                                -- expect: [string "function f(..., a) end"]:1: ')' expected near ','
f, e = load("local ... = 1")
print(e)                                -- expect: [string "local ... = 1"]:1: <name> expected near '...'
