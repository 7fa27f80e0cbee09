-- Equality: by value for numbers, strings and booleans, by identity for the rest.

local function check()
  assert(nil == nil and true == true and false == false and true ~= false)
  assert(nil ~= false and 0 ~= false and "" ~= false and nil ~= 0)
  assert("a" == "a" and "a" ~= "b" and "" == "" and "1" ~= 1 and "0" ~= 0)
  assert(not ("10" == 10) and "abc" == "a" .. "bc")
  local t, u = {}, {}
  assert(t == t and t ~= u and not (t == u) and {} ~= {})
  local f = function() end
  assert(f == f and f ~= t and print == print and print ~= type)
  local c = coroutine.create(f)
  assert(c == c and c ~= coroutine.create(f))
  assert(1 == 1.0 and 2^53 == 2^53 | 0)
  assert(string.rep("x", 100) == string.rep("x", 50) .. string.rep("x", 50)) -- long strings
  assert(string.rep("x", 100) ~= string.rep("x", 99) .. "y")
  assert("a\0b" == "a\0b" and "a\0b" ~= "a\0c" and "a" ~= "a\0")
end
for _ = 1, 300 do check() end

-- equality as a value and as a condition
local function eq(a, b) return a == b end
local function ne(a, b) return a ~= b end
local function branch(a, b) if a == b then return "same" else return "different" end end
local values = { 1, 1.5, "1", "x", true, false, {}, print }
for _ = 1, 50 do
  for i, a in ipairs(values) do
    for j, b in ipairs(values) do
      assert(eq(a, b) == (i == j) and ne(a, b) == (i ~= j))
      assert(branch(a, b) == (i == j and "same" or "different"))
      assert(rawequal(a, b) == (i == j))
    end
  end
end
-- against constants
local function constants(x)
  return (x == nil and "nil") or (x == true and "true") or (x == false and "false")
    or (x == 0 and "zero") or (x == 1.5 and "1.5") or (x == "s" and "s") or "?"
end
for _ = 1, 300 do
  assert(constants(nil) == "nil" and constants(true) == "true" and constants(false) == "false")
  assert(constants(0) == "zero" and constants(0.0) == "zero" and constants(-0.0) == "zero")
  assert(constants(1.5) == "1.5" and constants("s") == "s" and constants({}) == "?")
end
