-- queens_closures: measures calls of closures made on the spot: the queens
-- problem where a board is a function that says which squares are attacked,
-- and what to do with a solution is a function as well.
-- Source: written for this suite; the problem is Bezzel's of 1848.
-- arg[1]: size of the board (default 10, quick 9)

local n = tonumber(arg and arg[1]) or 10

local function nothing() return false end

-- a board with one more queen
local function add(board, row, column)
  return function(r, c)
    return c == column or c - r == column - row or c + r == column + row or board(r, c)
  end
end

local function place(row, board, found)
  if row > n then return found(board) end
  for column = 1, n do
    if not board(row, column) then place(row + 1, add(board, row, column), found) end
  end
end

local solutions, corners, squares = 0, 0, 0
place(1, nothing, function(board)
  solutions = solutions + 1
  if board(0, 0) then corners = corners + 1 end
  -- how much of a row above the board the queens attack
  for c = -n, 2 * n do
    if board(0, c) then squares = squares + 1 end
  end
end)

-- generators: the same search as an iterator of partial boards, by depth
local function boards()
  local stack, top = { { 1, nothing } }, 1
  return function()
    if top == 0 then return nil end
    local row, board = stack[top][1], stack[top][2]
    top = top - 1
    if row <= n then
      for column = n, 1, -1 do
        if not board(row, column) then
          top = top + 1
          stack[top] = { row + 1, add(board, row, column) }
        end
      end
    end
    return row - 1
  end
end

local depths = {}
for depth in boards() do depths[depth] = (depths[depth] or 0) + 1 end

print(solutions, corners, squares)
print(table.concat(depths, " ", 1, n))
