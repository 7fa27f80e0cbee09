-- Leaving the scope of a captured local by goto closes it; going back makes a new one.

local function check()
  local fs = {}
  local i = 1
  ::again::
  local x = i * 10
  fs[i] = function(d) x = x + d; return x end
  i = i + 1
  if i <= 3 then goto again end
  assert(fs[1](1) == 11 and fs[2](1) == 21 and fs[3](1) == 31)
  assert(fs[1](1) == 12 and fs[2](0) == 21)

  -- one variable for each round of a loop made with goto
  local gs = {}
  do
    local k = 0
    ::top::
    do
      local y = k
      gs[#gs + 1] = function() y = y + 1; return y end
      k = k + 1
      if k < 5 then goto top end
    end
  end
  for j = 1, 5 do assert(gs[j]() == j and gs[j]() == j + 1) end

  -- continue with captured variables
  local hs = {}
  for j = 1, 6 do
    local z = j
    if j % 2 == 0 then
      hs[#hs + 1] = function() return z end
      goto continue
    end
    z = -1
    ::continue::
  end
  assert(#hs == 3 and hs[1]() == 2 and hs[2]() == 4 and hs[3]() == 6)
end
for _ = 1, 300 do check() end
