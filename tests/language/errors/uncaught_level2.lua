-- error with level 2 blames the caller.

local function checkpositive(n)
  if n < 0 then error("expected a positive number", 2) end
  return n
end
for i = 1, 300 do checkpositive(i) end
checkpositive(-1) -- expect error: expected a positive number
