-- collatz: measures integer arithmetic (//, %, *, bit operations) and branches.
-- Source: the Collatz sequences (halve an even number, else three times plus one).
-- arg[1]: the greatest start (default 150000, quick 25000)

local n = tonumber(arg and arg[1]) or 150000

local function length(x)
  local steps = 0
  while x ~= 1 do
    if x % 2 == 0 then
      x = x // 2
    else
      x = 3 * x + 1
    end
    steps = steps + 1
  end
  return steps
end

local best, start, sum = 0, 0, 0
for i = 1, n do
  local k = length(i)
  sum = sum + k
  if k > best then
    best, start = k, i
  end
end
print("longest", best, "from", start)
print("sum", sum)

-- the same with bit operations, keeping the greatest value seen
local function peak(x)
  local top = x
  while x ~= 1 do
    if x & 1 == 0 then
      x = x >> 1
    else
      x = (x << 1) + x + 1
      if x > top then top = x end
    end
  end
  return top
end

local top, from = 0, 0
for i = 1, n // 4 do
  local p = peak(i)
  if p > top then
    top, from = p, i
  end
end
print("highest", top, "from", from)
