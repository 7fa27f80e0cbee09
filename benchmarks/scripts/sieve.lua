-- sieve: measures array writes and reads with integer keys, and loops with a step.
-- Source: the sieve of Eratosthenes, repeated over a fresh table each time.
-- arg[1]: the limit (default 1000000, quick 200000)

local n = tonumber(arg and arg[1]) or 1000000

local function sieve(limit)
  local composite = {}
  for i = 1, limit do
    composite[i] = false
  end
  local count, last, sum = 0, 0, 0
  for i = 2, limit do
    if not composite[i] then
      count = count + 1
      last = i
      sum = sum + i
      for j = i * i, limit, i do
        composite[j] = true
      end
    end
  end
  return count, last, sum
end

local count, last, sum
for _ = 1, 8 do
  count, last, sum = sieve(n)
end
print("primes", count)
print("largest", last)
print("sum", sum)
