-- string_map: measures tables with string keys that come and go: keys made by
-- concatenation, insertion, lookup that hits and misses, deletion, iteration.
-- Source: written for this suite.
-- arg[1]: how many keys (default 60000, quick 12000)

local n = tonumber(arg and arg[1]) or 60000

local function key(i) return "key:" .. i .. ":" .. (i * 7919) % 1000 end

local map = {}
for i = 1, n do map[key(i)] = i end

local hits, misses = 0, 0
for round = 1, 3 do
  for i = 1, n, 2 do
    if map[key(i)] == i then hits = hits + 1 end
    if map[key(-i)] == nil then misses = misses + 1 end
  end
end

-- every third goes, and comes back under another name
for i = 1, n, 3 do
  map[key(i)] = nil
  map["again " .. i] = -i
end

local sum, count, letters = 0, 0, 0
for k, v in pairs(map) do
  sum = sum + v
  count = count + 1
  letters = letters + #k
end

-- counting by a short key: few keys, many updates
local endings = {}
for i = 1, n do
  local ending = string.sub(key(i), -2)
  endings[ending] = (endings[ending] or 0) + 1
end
local kinds, most = 0, 0
for _, times in pairs(endings) do
  kinds = kinds + 1
  if times > most then most = times end
end

print(hits, misses, count, sum, letters, kinds, most)
