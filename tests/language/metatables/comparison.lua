-- __eq, __lt and __le: when they are called, operands, results made boolean.

local log = 0
local mt = {
  __eq = function(a, b) log = log + 1; return a.v == b.v end,
  __lt = function(a, b) return (type(a) == "table" and a.v or a) < (type(b) == "table" and b.v or b) end,
  __le = function(a, b) return (type(a) == "table" and a.v or a) <= (type(b) == "table" and b.v or b) end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local function check()
  local a, b, c = obj(1), obj(2), obj(1)
  assert(a == c and a ~= b and not (a == b) and not (a ~= c))
  assert(a < b and not (b < a) and a <= b and a <= c and b > a and b >= a and not (a > b) and not (a >= b))
  assert(a < 5 and 0 < a and not (a < 1) and a <= 1 and 1 >= a and 1.5 > a and a > 0.5)
  assert(rawequal(a, a) and not rawequal(a, c))
  local n = log
  assert(a == a and a ~= 1 and a ~= nil and 1 ~= a and a ~= "x")
  assert(log == n)                 -- not called for the same object or other types
end
for _ = 1, 300 do check() end

-- any result is made a boolean
local w = { __eq = function() return 1 end, __lt = function() return nil end, __le = function() return "yes" end }
local p, q = setmetatable({}, w), setmetatable({}, w)
assert((p == q) == true and (p ~= q) == false and (p < q) == false and (p <= q) == true)
if p == q and not (p < q) and p <= q then else error("branch") end
-- either operand's metamethod will do
local left = setmetatable({}, { __eq = function() return true end, __lt = function() return "l" end })
assert(left == {} and {} == left and not (left ~= {}))
assert((left < {}) == true and ({} < left) == true and left < 1 and 1 < left and left < "x" and nil < left)
-- tables with no metamethod
print(pcall(function() return setmetatable({}, {}) < {} end)) -- expect: false	tests/language/metatables/comparison.lua:32: attempt to compare two table values
-- sorting objects
local list = {}
for i = 1, 100 do list[i] = obj((i * 37) % 101) end
table.sort(list)
for i = 2, 100 do assert(list[i - 1] < list[i]) end
-- in loops, one operand constant
local function below(x, n) local c = 0 for i = 1, n do if x < 10 then c = c + 1 end end return c end
assert(below(3, 300) == 300 and below(obj(3), 300) == 300 and below(obj(30), 300) == 0 and below(30, 300) == 0)
-- strings and numbers do not use metamethods of each other
assert(not pcall(function() return 1 < "2" end))
