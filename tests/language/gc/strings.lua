-- Floods of strings: short and long, made, dropped, made again; memory is bounded.

collectgarbage()
local before = collectgarbage("count")
for round = 1, 5 do
  local keep = {}
  for i = 1, 5000 do
    local s = "short" .. i
    keep[s] = i
    local _ = s .. s .. s .. round
  end
  for i = 1, 5000 do assert(keep["short" .. i] == i) end
end
for i = 1, 300 do
  local s = ("x"):rep(10000 + i)
  assert(#s == 10000 + i)
end
for i = 1, 3000 do
  local s = ("%d:%s"):format(i, ("y"):rep(i % 100))
  assert(tonumber(s:match("^%d+")) == i)
end
local acc = ""
for i = 1, 3000 do acc = acc .. "z" end
assert(#acc == 3000)
local parts = {}
for i = 1, 20000 do parts[i] = tostring(i) end
local all = table.concat(parts, " ")
local n = 0
for w in all:gmatch("%d+") do n = n + tonumber(w) end
assert(n == 200010000)
assert(select(2, all:gsub("%d+", function(d) return d + 1 end)) == 20000)
parts, all = nil, nil
collectgarbage()
collectgarbage()
assert(collectgarbage("count") < before + 1000)
-- equal strings made in different ways are equal keys, before and after collection
local t = {}
for i = 1, 100 do t["k" .. i] = i end
collectgarbage()
for i = 1, 100 do assert(t[("%s%d"):format("k", i)] == i and t[table.concat { "k", i }] == i) end
