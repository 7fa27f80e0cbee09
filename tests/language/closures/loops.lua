-- A captured variable declared in a loop is new in every round.

local function check()
  local fs = {}
  for i = 1, 5 do fs[i] = function(d) i = i + (d or 0); return i end end
  for i = 1, 5 do assert(fs[i]() == i) end
  fs[1](100)
  assert(fs[1]() == 101 and fs[2]() == 2)
  for i, v in ipairs { "a", "b" } do fs[i] = function() return i .. v end end
  assert(fs[1]() == "1a" and fs[2]() == "2b")
  local i = 1
  while i <= 3 do
    local j = i
    fs[i] = function() j = j + 1; return j, i end
    i = i + 1
  end
  local a, b = fs[1]()
  assert(a == 2 and b == 4) -- j is its own, i is shared
  a, b = fs[3]()
  assert(a == 4 and b == 4)
  -- leaving by break keeps the variable
  local kept
  for k = 1, 10 do
    local v = k * k
    if k == 4 then kept = function() v = v + 1; return v end break end
  end
  assert(kept() == 17 and kept() == 18)
  -- two closures in one round share
  local get, set
  for k = 1, 3 do
    local v = 0
    if k == 2 then get = function() return v end; set = function(x) v = x end end
  end
  set(5)
  assert(get() == 5)
end
for _ = 1, 300 do check() end
