-- Every comparison as a condition: taken, not taken, negated, in loops and in chains.

local function sign(x)
  if x < 0 then return -1 elseif x > 0 then return 1 elseif x == 0 then return 0 end
  return nil
end
local function clamp(x, lo, hi)
  if x <= lo then return lo end
  if x >= hi then return hi end
  return x
end
local function kinds(a, b)
  local s = ""
  if a < b then s = s .. "<" end
  if a <= b then s = s .. "l" end
  if a > b then s = s .. ">" end
  if a >= b then s = s .. "g" end
  if a == b then s = s .. "=" end
  if a ~= b then s = s .. "~" end
  if not (a < b) then s = s .. "1" end
  if not (a <= b) then s = s .. "2" end
  if not (a > b) then s = s .. "3" end
  if not (a >= b) then s = s .. "4" end
  return s
end
for _ = 1, 300 do
  assert(sign(-3) == -1 and sign(7) == 1 and sign(0) == 0 and sign(-0.0) == 0)
  assert(sign(0 / 0) == nil and sign(-0.5) == -1 and sign(math.huge) == 1)
  assert(clamp(5, 1, 3) == 3 and clamp(-5, 1, 3) == 1 and clamp(2, 1, 3) == 2)
  assert(clamp(2.5, 1, 3) == 2.5 and clamp(1.0, 1, 3) == 1)
  assert(kinds(1, 2) == "<l~34" and kinds(2, 1) == ">g~12" and kinds(1, 1) == "lg=13")
  assert(kinds(1.5, 2) == "<l~34" and kinds(2, 1.5) == ">g~12" and kinds(1, 1.0) == "lg=13")
  assert(kinds("a", "b") == "<l~34" and kinds("b", "a") == ">g~12" and kinds("a", "a") == "lg=13")
  assert(kinds(0 / 0, 1) == "~1234")
end
local n, i = 0, 0
while i < 100 and n ~= 50 or i == 1000 do
  i = i + 1
  if i % 2 == 0 then n = n + 1 end
end
assert(i == 100 and n == 50)
