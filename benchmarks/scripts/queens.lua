-- queens: measures recursion, closures' upvalues and boolean arrays (backtracking).
-- Source: the n queens problem with one array each for columns and both diagonals.
-- arg[1]: size of the board (default 12, quick 10)

local n = tonumber(arg and arg[1]) or 12

local columns, up, down, placed = {}, {}, {}, {}
local solutions, nodes = 0, 0
local first

local function place(row)
  if row > n then
    solutions = solutions + 1
    if not first then first = table.concat(placed, " ") end
    return
  end
  for col = 1, n do
    local u, d = row + col, row - col + n
    if not (columns[col] or up[u] or down[d]) then
      nodes = nodes + 1
      columns[col], up[u], down[d] = true, true, true
      placed[row] = col
      place(row + 1)
      columns[col], up[u], down[d] = false, false, false
    end
  end
end

place(1)
print("solutions", solutions)
print("nodes", nodes)
print("first", first)
for row in string.gmatch(first or "", "%d+") do
  local q = math.tointeger(tonumber(row))
  print(string.rep(". ", q - 1) .. "Q" .. string.rep(" .", n - q))
end
