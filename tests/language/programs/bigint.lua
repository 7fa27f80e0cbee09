-- Arithmetic on large natural numbers: factorials, powers, Fibonacci numbers.

local BASE, DIGITS = 10000000, 7
local Big = {}
Big.__index = Big
local function big(n)
  local t = setmetatable({}, Big)
  repeat
    t[#t + 1] = n % BASE
    n = n // BASE
  until n == 0
  return t
end
local function lift(x) return type(x) == "number" and big(x) or x end
function Big.__add(a, b)
  a, b = lift(a), lift(b)
  local r, carry = setmetatable({}, Big), 0
  for i = 1, math.max(#a, #b) do
    local s = (a[i] or 0) + (b[i] or 0) + carry
    r[i] = s % BASE
    carry = s // BASE
  end
  if carry > 0 then r[#r + 1] = carry end
  return r
end
function Big.__mul(a, b)
  a, b = lift(a), lift(b)
  local r = setmetatable({}, Big)
  for i = 1, #a + #b do r[i] = 0 end
  for i = 1, #a do
    local carry = 0
    for j = 1, #b do
      local s = r[i + j - 1] + a[i] * b[j] + carry
      r[i + j - 1] = s % BASE
      carry = s // BASE
    end
    r[i + #b] = r[i + #b] + carry
  end
  while #r > 1 and r[#r] == 0 do r[#r] = nil end
  return r
end
function Big.__tostring(a)
  local parts = { tostring(a[#a]) }
  for i = #a - 1, 1, -1 do parts[#parts + 1] = ("%07d"):format(a[i]) end
  return table.concat(parts)
end
function Big.__eq(a, b) return tostring(a) == tostring(b) end
function Big.__lt(a, b)
  a, b = lift(a), lift(b)
  if #a ~= #b then return #a < #b end
  for i = #a, 1, -1 do if a[i] ~= b[i] then return a[i] < b[i] end end
  return false
end
function Big.__pow(a, n)
  local r = big(1)
  while n > 0 do
    if n % 2 == 1 then r = r * a end
    a = a * a
    n = n // 2
  end
  return r
end
local f = big(1)
for i = 2, 60 do f = f * i end
print(f)                                   -- expect: 8320987112741390144276341183223364380754172606361245952449277696409600000000000000
print(big(2) ^ 200)                        -- expect: 1606938044258990275541962092341162602522202993782792835301376
local a, b = big(0), big(1)
for _ = 1, 300 do a, b = b, a + b end
print(a)                                   -- expect: 222232244629420445529739893461909967206666939096499764990979600
assert(big(3) ^ 50 == big(9) ^ 25 and a < b and not (b < a) and big(5) + 7 == big(12) and 3 * big(4) == big(12))
