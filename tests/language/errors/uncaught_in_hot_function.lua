-- The line is right even after the function has run many times.

local function get(t)
  local a = 1
  local b = t.x.y -- expect error: attempt to index a nil value (field 'x')
  return a + b
end
local s = 0
for i = 1, 1000 do
  s = s + get({ x = { y = i } })
end
print(s)                          -- expect: 501500
get({})
