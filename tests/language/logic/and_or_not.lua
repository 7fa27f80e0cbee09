-- and, or and not return operands, not booleans; only nil and false are false.

local function check(n, f, t, z)
  assert((n and 1) == nil and (f and 1) == false and (t and 1) == 1 and (z and 1) == 1)
  assert((n or 1) == 1 and (f or 1) == 1 and (t or 1) == true and (z or 1) == 0)
  assert((n or f) == false and (f or n) == nil and (n and f) == nil and (f and n) == false)
  assert(not n == true and not f == true and not t == false and not z == false)
  assert(not "" == false and not {} == false and not 0.0 == false)
  assert((1 and 2) == 2 and (1 and nil) == nil and (1 or error("no")) == 1)
  assert((nil and error("no")) == nil and (false and error("no")) == false)
  assert((1 and 2 or 3) == 2 and (nil and 2 or 3) == 3 and (1 and nil or 3) == 3)
  assert((n or f or 5) == 5 and (1 and 2 and 3) == 3 and (1 and n and error("no")) == nil)
  assert((t and f or z) == 0 and (f or t and z) == 0 and ((f or t) and z) == 0)
  assert(not (t and f) and not not t == true and not not n == false)
  assert((t and t) == true and (f or f) == false)
  assert((2 > 1 and "yes" or "no") == "yes" and (2 < 1 and "yes" or "no") == "no")
  assert((1 < 2) == true and (1 < 2 and 3 < 4) == true and (1 > 2 or 3 > 4) == false)
  assert((1 == 1 and z) == 0 and (1 == 2 or z) == 0)
end
for _ = 1, 300 do check(nil, false, true, 0) end

-- only as many evaluations as needed, in order
local log = {}
local function note(name, value)
  log[#log + 1] = name
  return value
end
local function order()
  log = {}
  local r = note("a", nil) or note("b", 1) and note("c", false) or note("d", 4)
  return r, table.concat(log)
end
for _ = 1, 300 do
  local r, s = order()
  assert(r == 4 and s == "abcd")
end
log = {}
local x = (note("a", 1) or note("b", 2)) and (note("c", nil) and note("d", 3))
assert(x == nil and table.concat(log) == "ac")
