-- An error in a loop that has become hot, at its last round.

local t = {}
for i = 1, 2000 do t[i] = i end
t[2000] = "x"
print("start")                    -- expect: start
local s = 0
for i = 1, 2000 do
  s = s + (t[i] & 0xff) -- expect error: attempt to perform bitwise operation on a string value (field '?')
end
