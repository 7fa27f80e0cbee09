-- Scope and shadowing of locals: blocks, functions, loops, repeated declarations.

local x = 10
local function check()
  local x = x + 1       -- the right side sees the outer x
  assert(x == 11)
  do
    local x = x * 2
    assert(x == 22)
    x = x + 1
    assert(x == 23)
  end
  assert(x == 11)
  local x = "again"     -- a new variable with the same name
  assert(x == "again")
  local function g() return x end
  local x = "third"
  assert(g() == "again" and x == "third")
  if true then local x = 1; assert(x == 1) else local x = 2 end
  while true do local x = 5; assert(x == 5) break end
  for x = 1, 2 do local y = x; x = 100; assert(x == 100 and y <= 2) end
  for x, y in ipairs { 7 } do assert(x == 1 and y == 7) end
  repeat local x = 3 until x == 3
  assert(x == "third")
  local a, a = 1, 2     -- two variables, the second is visible
  assert(a == 2)
  local f = function() return f end -- f inside is the global
  assert(f() == nil)
  local function g2() return g2 end -- g2 inside is the local
  assert(g2() == g2)
end
for _ = 1, 300 do check() end
assert(x == 10)

-- a local without a value is nil each time round, even in a reused slot
for i = 1, 300 do
  local a
  assert(a == nil)
  a = i
  do local b; assert(b == nil); b = a end
end
local n = 0
while n < 300 do
  local fresh
  if n % 2 == 0 then fresh = n end
  assert((fresh == nil) == (n % 2 == 1))
  n = n + 1
end
