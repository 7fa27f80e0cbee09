-- Arithmetic and bitwise metamethods: which operand's is used, arguments, results.

local events = { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr" }
local mt = {}
for _, e in ipairs(events) do
  mt["__" .. e] = function(a, b) return e, a, b end
end
mt.__unm = function(a, b) return "unm", a, b end
mt.__bnot = function(a, b) return "bnot", a, b end
local x, y = setmetatable({}, mt), setmetatable({}, mt)

local function check(a, b)
  assert(a + b == "add" and a - b == "sub" and a * b == "mul" and a / b == "div")
  assert(a % b == "mod" and a ^ b == "pow" and a // b == "idiv")
  assert(a & b == "band" and a | b == "bor" and a ~ b == "bxor" and a << b == "shl" and a >> b == "shr")
end
for _ = 1, 300 do
  check(x, y)
  check(x, 1)
  check(1, x)
  check(x, 2.5)
  check(2.5, x)
  check("str", x)
  check(x, "10")
  check(x, nil)
  check(nil, x)
  check(x, {})
  check({}, x)
  check(print, x)
  assert(-x == "unm" and ~x == "bnot")
  -- with constants as operands
  assert(x + 1 == "add" and 1 + x == "add" and x - 1 == "sub" and 1 - x == "sub")
  assert(x * 2 == "mul" and 2 * x == "mul" and x / 2 == "div" and 2 / x == "div")
  assert(x % 3 == "mod" and 3 % x == "mod" and x ^ 2 == "pow" and 2 ^ x == "pow")
  assert(x // 3 == "idiv" and 3 // x == "idiv" and x & 1 == "band" and 1 & x == "band")
  assert(x | 1 == "bor" and 1 | x == "bor" and x ~ 1 == "bxor" and 1 ~ x == "bxor")
  assert(x << 1 == "shl" and 1 << x == "shl" and x >> 1 == "shr" and 1 >> x == "shr")
  assert(x + 1.5 == "add" and 1.5 + x == "add" and x & 1.5 == "band" and 1.5 | x == "bor")
end

-- arguments come in order; one result is kept
local seen
local rec = setmetatable({}, { __add = function(...) seen = table.pack(...); return ... end,
  __sub = function(...) seen = table.pack(...) end, __unm = function(...) seen = table.pack(...); return 1, 2 end })
assert(rec + 5 == rec and seen.n == 2 and seen[1] == rec and seen[2] == 5)
assert(5 + rec == 5 and seen[1] == 5 and seen[2] == rec)
assert(rec - 1 == nil and seen[2] == 1)
assert(select("#", -rec) == 1 and -rec == 1 and seen[1] == rec and seen[2] == rec)
-- the first operand's metamethod is tried first
local l = setmetatable({}, { __add = function() return "left" end })
local r = setmetatable({}, { __add = function() return "right" end, __mul = function() return "right" end })
assert(l + r == "left" and r + l == "right" and l * r == "right" and r * l == "right")
-- a metamethod need not be a function
local callable = setmetatable({}, { __call = function(self, a, b) return "called", a, b end })
local o = setmetatable({}, { __add = callable, __unm = callable })
assert(o + 1 == "called" and -o == "called")
print(pcall(function() return setmetatable({}, { __add = 1 }) + 1 end))   -- expect: false	tests/language/metatables/arithmetic.lua:57: attempt to call a number value (metamethod 'add')
print(pcall(function() return setmetatable({}, { __mul = function() end }) + 1 end)) -- expect: false	tests/language/metatables/arithmetic.lua:58: attempt to perform arithmetic on a table value
print(pcall(function() return setmetatable({}, { __name = "Thing" }) + 1 end)) -- expect: false	tests/language/metatables/arithmetic.lua:59: attempt to perform arithmetic on a Thing value
print(pcall(function() return 1 & setmetatable({}, { __name = "Thing" }) end)) -- expect: false	tests/language/metatables/arithmetic.lua:60: attempt to perform bitwise operation on a Thing value
-- numbers never use metamethods for what they can do themselves
assert(1 + 2 == 3 and 7 // 2 == 3)
