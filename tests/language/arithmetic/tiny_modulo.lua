-- The modulo of floats whose product underflows, and with huge divisors.

local function check(b)
  assert(b > 0 and b * b == 0)
  assert(2.5 * b % (2 * b) == 0.5 * b and -2.5 * b % (2 * b) == 1.5 * b)
  assert(2.5 * b % (-2 * b) == -1.5 * b and -2.5 * b % (-2 * b) == -0.5 * b)
  assert(-b % 1 == 1.0 and b % -1 == -1.0 and b % 1 == b and -b % -1 == -b)
  assert(b % math.huge == b and -b % math.huge == math.huge and b % -math.huge == -math.huge and -b % -math.huge == -b)
end
for _ = 1, 300 do
  check(2.0^-600)
  check(2.0^-1060)
end
for i = -20, 20 do
  for j = -20, 20 do
    if j ~= 0 then assert((i + 0.0) % j == i % j and i * 2.0^-600 % (j * 2.0^-600) == i % j * 2.0^-600) end
  end
end
for i = 10, 1000 do assert(2.0^i % 3 == i % 2 + 1 and -2.0^i % 3 == 2 - i % 2) end
