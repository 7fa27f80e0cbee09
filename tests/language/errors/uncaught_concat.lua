-- Concatenating nil.

local function greet(who)
  return "hello " .. who .. "!" -- expect error: attempt to concatenate a nil value (local 'who')
end
for i = 1, 300 do assert(greet(i) == "hello " .. i .. "!") end
greet()
