-- fib: measures calls of a recursive Lua function with small integer arithmetic.
-- Source: the doubly recursive definition of the Fibonacci numbers.
-- arg[1]: which number (default 32, quick 29)

local n = tonumber(arg and arg[1]) or 32

local function fib(k)
  if k < 2 then return k end
  return fib(k - 1) + fib(k - 2)
end

print(fib(n))
