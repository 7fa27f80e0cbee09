-- <const> locals: usable anywhere but never assigned.

local function check(n)
  local a <const> = 10
  local b <const>, c = n, a + 1
  local s <const>, t <const>, f <const>, z <const> = "str", true, 1.5, nil
  assert(a == 10 and b == n and c == 11 and s == "str" and t == true and f == 1.5 and z == nil)
  c = c + a * b
  local function g() return a + b + f, s .. a end
  local x, y = g()
  assert(x == 11.5 + n and y == "str10")
  for i = 1, a do c = c + i end
  local tab <const> = {}
  tab.k = 1 -- the table itself may change
  assert(tab.k == 1 and c == 11 + 10 * n + 55)
  local a = 5 -- shadowing is not assigning
  a = a + 1
  assert(a == 6)
  local neg <const> = -5
  local sum <const> = 3 * 4 + neg
  assert(sum == 7 and -neg == 5 and sum // neg == -2)
end
for n = 1, 300 do check(n) end

local function message(s)
  local f, e = load(s, "=s")
  assert(f == nil)
  return e
end
print(message("local x <const> = 1; x = 2"))                   -- expect: s:1: attempt to assign to const variable 'x'
print(message("local x <const> = 1; function f() x = 2 end"))  -- expect: s:1: attempt to assign to const variable 'x'
print(message("local x <const>, y = 1, 2; y, x = 1, 1"))       -- expect: s:1: attempt to assign to const variable 'x'
print(message("local x <const> = 1; function x() end"))        -- expect: s:1: attempt to assign to const variable 'x'
print(message("local t <const> = {}; local function g() t = nil end")) -- expect: s:1: attempt to assign to const variable 't'
print(message("local x <consta> = 1"))                         -- expect: s:1: unknown attribute 'consta'
print(message("local x <const = 1"))                           -- expect: s:1: '>' expected near '='
print(message("local x <close> = nil; x = 1"))                 -- expect: s:1: attempt to assign to const variable 'x'
print(message("local a <close>, b <close> = nil, nil"))        -- expect: s:1: multiple to-be-closed variables in local list
print(message("local function f(x <const>) end"))              -- expect: s:1: ')' expected near '<'
