-- Logical operators in conditions and mixed with comparisons.

local function classify(a, b, c)
  if a and b and c then return "all"
  elseif a and b or c then return "ab or c"
  elseif not a and not b then return "neither"
  elseif a or (b and c) then return "a or bc"
  else return "else"
  end
end
for _ = 1, 300 do
  assert(classify(1, 1, 1) == "all" and classify(1, 1, nil) == "ab or c")
  assert(classify(nil, nil, 1) == "ab or c" and classify(nil, false, nil) == "neither")
  assert(classify(1, nil, nil) == "a or bc" and classify(nil, 1, false) == "else")
end

local function between(x, lo, hi) return x >= lo and x <= hi end
local function outside(x, lo, hi) return x < lo or x > hi end
local function default(x, d) if x == nil then return d end return x end
local function xor(a, b) return (a or b) and not (a and b) end
for i = -300, 300 do
  assert(between(i, -5, 5) == (math.abs(i) <= 5))
  assert(outside(i, -5, 5) == not between(i, -5, 5))
  assert(default(false, 1) == false and default(nil, i) == i)
  assert(xor(i > 0, i < 0) == (i ~= 0))
end

-- the value of a comparison may be stored, passed, compared and returned
local t = { 1 < 2, 2 < 1, 1 == 1.0, "a" ~= "a", not (1 < 2) }
assert(t[1] == true and t[2] == false and t[3] == true and t[4] == false and t[5] == false)
assert((1 < 2) == (3 < 4) and (1 < 2) ~= (4 < 3))
local function pass(...) return ... end
local p, q, r = pass(1 > 2, 1 <= 2 and "v", nil == false or nil)
assert(p == false and q == "v" and r == nil)
while not (p and q) do p = true end
repeat local done = p and not r until done
