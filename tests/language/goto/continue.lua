-- goto as continue, in every kind of loop.

local function check()
  local s = 0
  for i = 1, 10 do
    if i % 2 == 0 then goto continue end
    s = s + i
    ::continue::
  end
  assert(s == 25)
  s = 0
  local i = 0
  while i < 10 do
    i = i + 1
    if i > 5 then goto continue end
    s = s + i
    ::continue::
  end
  assert(s == 15)
  s, i = 0, 0
  repeat
    i = i + 1
    if i % 3 ~= 0 then goto continue end
    s = s + i
    ::continue::
  until i >= 10
  assert(s == 18)
  s = 0
  for k, v in pairs { a = 1, b = 2, c = 3 } do
    if k == "b" then goto continue end
    s = s + v
    ::continue::
  end
  assert(s == 4)
  -- nested: continue the outer loop
  local pairs_seen = 0
  for a = 1, 5 do
    for b = 1, 5 do
      if b > a then goto next_a end
      pairs_seen = pairs_seen + 1
    end
    ::next_a::
  end
  assert(pairs_seen == 15)
end
for _ = 1, 300 do check() end
