-- binary_trees: measures allocation of many small tables and the garbage collector.
-- Source: the binary trees problem of the Computer Language Benchmarks Game.
-- arg[1]: greatest depth (default 15, quick 12)

local n = tonumber(arg and arg[1]) or 15

local function bottom_up(depth)
  if depth == 0 then return {} end
  depth = depth - 1
  return { bottom_up(depth), bottom_up(depth) }
end

local function check(tree)
  local left = tree[1]
  if left then
    return 1 + check(left) + check(tree[2])
  end
  return 1
end

local mindepth = 4
local maxdepth = math.max(mindepth + 2, n)

do
  local stretch = maxdepth + 1
  print(string.format("stretch tree of depth %d\t check: %d",
    stretch, check(bottom_up(stretch))))
end

local long = bottom_up(maxdepth)

for depth = mindepth, maxdepth, 4 do
  local iterations = 1 << (maxdepth - depth + mindepth)
  local sum = 0
  for _ = 1, iterations do
    sum = sum + check(bottom_up(depth))
  end
  print(string.format("%d\t trees of depth %d\t check: %d", iterations, depth, sum))
end

print(string.format("long lived tree of depth %d\t check: %d", maxdepth, check(long)))
