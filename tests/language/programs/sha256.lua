-- SHA-256: bit operations on 32-bit words held in 64-bit integers.

local function primes(n)
  local r, c = {}, 2
  while #r < n do
    local is = true
    for _, p in ipairs(r) do if p * p > c then break end if c % p == 0 then is = false break end end
    if is then r[#r + 1] = c end
    c = c + 1
  end
  return r
end
-- the first 32 bits of the fraction of the k-th root, found with integers only
local function fraction(p, k)
  local lo, hi = 0, 1 << 36
  local function above(x) -- is (x / 2^32)^k > p ?
    local a = x / 4294967296.0
    return (k == 2 and a * a or a * a * a) > p
  end
  while hi - lo > 1 do
    local mid = (lo + hi) // 2
    if above(mid) then hi = mid else lo = mid end
  end
  return lo & 0xffffffff
end
local K, H0 = {}, {}
for i, p in ipairs(primes(64)) do
  K[i] = fraction(p, 3)
  if i <= 8 then H0[i] = fraction(p, 2) end
end
local function rotr(x, n) return ((x >> n) | (x << (32 - n))) & 0xffffffff end
local function sha256(msg)
  local len = #msg * 8
  msg = msg .. "\128" .. ("\0"):rep((55 - #msg) % 64)
  for i = 7, 0, -1 do msg = msg .. string.char((len >> (i * 8)) & 255) end
  local H = { table.unpack(H0) }
  local w = {}
  for chunk = 1, #msg, 64 do
    for i = 1, 16 do
      local a, b, c, d = msg:byte(chunk + i * 4 - 4, chunk + i * 4 - 1)
      w[i] = a << 24 | b << 16 | c << 8 | d
    end
    for i = 17, 64 do
      local x, y = w[i - 15], w[i - 2]
      local s0 = rotr(x, 7) ~ rotr(x, 18) ~ (x >> 3)
      local s1 = rotr(y, 17) ~ rotr(y, 19) ~ (y >> 10)
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) & 0xffffffff
    end
    local a, b, c, d, e, f, g, h = table.unpack(H)
    for i = 1, 64 do
      local s1 = rotr(e, 6) ~ rotr(e, 11) ~ rotr(e, 25)
      local ch = (e & f) ~ (~e & g)
      local t1 = (h + s1 + ch + K[i] + w[i]) & 0xffffffff
      local s0 = rotr(a, 2) ~ rotr(a, 13) ~ rotr(a, 22)
      local maj = (a & b) ~ (a & c) ~ (b & c)
      h, g, f, e, d, c, b, a = g, f, e, (d + t1) & 0xffffffff, c, b, a, (t1 + s0 + maj) & 0xffffffff
    end
    for i, v in ipairs { a, b, c, d, e, f, g, h } do H[i] = (H[i] + v) & 0xffffffff end
  end
  return (("%08x"):rep(8)):format(table.unpack(H))
end
print(sha256(""))     -- expect: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
print(sha256("abc"))  -- expect: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
for _ = 1, 10 do
  assert(sha256(("a"):rep(200)) == "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5")
end
