-- while and repeat: conditions, break, locals visible in the condition of until.

local function check()
  local i, s = 0, 0
  while i < 10 do i = i + 1; s = s + i end
  assert(i == 10 and s == 55)
  while false do error("not reached") end
  while nil do error("not reached") end
  i = 0
  while true do i = i + 1; if i >= 7 then break end end
  assert(i == 7)
  repeat i = i - 1 until i <= 3
  assert(i == 3)
  repeat i = i + 1 until true
  assert(i == 4)
  i = 0
  repeat local done = i >= 5; i = i + 1 until done
  assert(i == 6)
  repeat local x = 10; local function f() return x end until f() == 10
  i = 0
  repeat
    local j = 0
    repeat j = j + 1; if j == 3 then break end until false
    i = i + j
    if i > 8 then break end
  until i == 100
  assert(i == 9)
  local n = 0
  while n < 5 do
    n = n + 1
    local m = 0
    while true do m = m + 1; if m > n then break end end
    assert(m == n + 1)
  end
end
for _ = 1, 300 do check() end

-- upvalues of locals used in until
local fs = {}
local k = 0
repeat
  local v = k
  fs[#fs + 1] = function() v = v + 1; return v end
  k = k + 1
until v >= 4 or (function() return v end)() > 10
assert(#fs == 5)
for i = 1, 5 do assert(fs[i]() == i and fs[i]() == i + 1) end
