-- Forward and backward jumps, out of nested blocks, labels with the same name in
-- different blocks, and jumps to a label at the end of a block over locals.

local function backward(n)
  local i, s = 1, 0
  ::top::
  if i <= n then
    s = s + i
    i = i + 1
    goto top
  end
  return s
end
local function out_of_nest(limit)
  for i = 1, 10 do
    for j = 1, 10 do
      while true do
        if i * j > limit then goto found end
        break
      end
    end
  end
  do return "none" end
  ::found::
  return "found"
end
local function machine(word)
  local i = 0
  local c
  ::start::
  i = i + 1
  c = word:sub(i, i)
  if c == "a" then goto in_a elseif c == "" then goto accept else goto reject end
  ::in_a::
  i = i + 1
  c = word:sub(i, i)
  if c == "b" then goto start end
  ::reject::
  do return false end
  ::accept::
  return true
end
local function end_of_block(x)
  do
    if x then goto done end
    local y = 10
    x = y
    ::done::
  end
  do
    goto skip
    local z = 1
    ::skip:: ; ::other::
  end
  return x
end
local function same_name()
  local s = 0
  do goto l; s = s + 100; ::l:: s = s + 1 end
  do goto l; s = s + 100; ::l:: s = s + 2 end
  for i = 1, 3 do goto l; s = s + 100; ::l:: end
  local f = function() goto l; s = s + 100; ::l:: return s end
  return f()
end
for _ = 1, 300 do
  assert(backward(10) == 55 and backward(0) == 0)
  assert(out_of_nest(50) == "found" and out_of_nest(100) == "none")
  assert(machine("") and machine("abab") and not machine("aba") and not machine("b"))
  assert(end_of_block(5) == 5 and end_of_block(nil) == 10)
  assert(same_name() == 3)
end
-- break is a goto too
local n = 0
::again::
for i = 1, 5 do
  n = n + 1
  if i == 2 then break end
end
if n < 10 then goto again end
assert(n == 10)
