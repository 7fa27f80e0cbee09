-- A numeric for with a float start or step counts in floats.

local function collect(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    assert(math.type(i) == "float")
    t[#t + 1] = i
  end
  return table.concat(t, " ")
end
local function check()
  assert(collect(1.0, 3) == "1.0 2.0 3.0" and collect(1, 2, 0.5) == "1.0 1.5 2.0")
  assert(collect(0.5, 3) == "0.5 1.5 2.5" and collect(3, 1, -1.0) == "3.0 2.0 1.0")
  assert(collect(1.0, 0) == "" and collect(1.5, 1.5) == "1.5")
  assert(collect(1.0, 2.9, 1) == "1.0 2.0" and collect(1.0, -1.0, -0.5) == "1.0 0.5 0.0 -0.5 -1.0")
  assert(collect(math.huge, 1) == "" and collect(1.0, -math.huge) == "")
end
for _ = 1, 300 do check() end
local n = 0
for x = 0.0, 1.0, 0.125 do n = n + 1 end
assert(n == 9)
n = 0
for x = 1.0, math.huge do n = n + 1; if n == 100 then break end end
assert(n == 100)
for i = 1, 2.5 do assert(math.type(i) == "integer") end -- the limit does not matter
n = 0
for x = 2^53, 2^53 + 4, 2 do n = n + 1 end
assert(n == 3)
print(collect(0.1, 0.5, 0.1))                 -- expect: 0.1 0.2 0.3 0.4 0.5
