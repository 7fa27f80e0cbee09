-- Conway's game of life on a torus.

local function new(w, h) local g = {} for y = 1, h do g[y] = {} for x = 1, w do g[y][x] = false end end return g end
local function step(g)
  local h, w = #g, #g[1]
  local r = new(w, h)
  for y = 1, h do
    for x = 1, w do
      local n = 0
      for dy = -1, 1 do
        for dx = -1, 1 do
          if (dy ~= 0 or dx ~= 0) and g[(y + dy - 1) % h + 1][(x + dx - 1) % w + 1] then n = n + 1 end
        end
      end
      r[y][x] = n == 3 or (n == 2 and g[y][x])
    end
  end
  return r
end
local function show(g)
  for y = 1, #g do
    local l = {}
    for x = 1, #g[y] do l[x] = g[y][x] and "#" or "." end
    print(table.concat(l))
  end
end
local g = new(10, 6)
for _, p in ipairs { { 2, 1 }, { 3, 2 }, { 1, 3 }, { 2, 3 }, { 3, 3 } } do g[p[2]][p[1]] = true end
for _ = 1, 60 do g = step(g) end
show(g)
-- expect: ..........
-- expect: ..........
-- expect: ..........
-- expect: ......#...
-- expect: .......#..
-- expect: .....###..
local n = 0
for y = 1, 6 do for x = 1, 10 do if g[y][x] then n = n + 1 end end end
print(n)                                   -- expect: 5
