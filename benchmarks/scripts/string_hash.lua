-- string_hash: measures string.byte and integer arithmetic: three well-known
-- hashes over the same words, and how evenly each fills its buckets.
-- Source: the djb2 and sdbm functions of Bernstein and of the sdbm library, and
-- Adler-32 (RFC 1950), here with % instead of shifts so that any Lua can run it.
-- arg[1]: how many words (default 60000, quick 12000)

local n = tonumber(arg and arg[1]) or 60000
local byte, floor = string.byte, math.floor
local WORD = 4294967296

local function djb2(s)
  local h = 5381
  for i = 1, #s do h = (h * 33 + byte(s, i)) % WORD end
  return h
end

local function sdbm(s)
  local h = 0
  for i = 1, #s do h = (h * 65599 + byte(s, i)) % WORD end
  return h
end

local function adler32(s)
  local a, b = 1, 0
  for i = 1, #s do
    a = (a + byte(s, i)) % 65521
    b = (b + a) % 65521
  end
  return b * 65536 + a
end

-- words of 3 to 24 letters from a generator of its own
local seed = 42
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local words = {}
for i = 1, n do
  local letters = {}
  for j = 1, 3 + random(22) do letters[j] = string.char(97 + random(26)) end
  words[i] = table.concat(letters)
end

local BUCKETS = 1021
for _, hash in ipairs({ djb2, sdbm, adler32 }) do
  local buckets, total = {}, 0
  for i = 1, BUCKETS do buckets[i] = 0 end
  for i = 1, n do
    local h = hash(words[i])
    total = (total + h) % WORD
    local b = h % BUCKETS + 1
    buckets[b] = buckets[b] + 1
  end
  local fullest, empty = 0, 0
  for i = 1, BUCKETS do
    if buckets[i] > fullest then fullest = buckets[i] end
    if buckets[i] == 0 then empty = empty + 1 end
  end
  print(string.format("%.0f %d %d", floor(total), fullest, empty))
end
