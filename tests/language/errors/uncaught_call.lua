-- Calling a missing global.

local function f(n)
  if n == 0 then
    missing_function(n) -- expect error: attempt to call a nil value (global 'missing_function')
  end
  return f(n - 1)
end
f(500)
