-- mandelbrot: measures float arithmetic in nested loops, with no allocation inside.
-- Source: the escape-time algorithm for the Mandelbrot set.
-- arg[1]: size of the grid used for the checksum (default 400, quick 140)

local n = tonumber(arg and arg[1]) or 400

local function escape(cr, ci, limit)
  local zr, zi = 0.0, 0.0
  for i = 1, limit do
    local r2, i2 = zr * zr, zi * zi
    if r2 + i2 > 4.0 then return i end
    zi = 2.0 * zr * zi + ci
    zr = r2 - i2 + cr
  end
  return 0
end

-- the picture
local shades = { [0] = "#", ".", ".", ":", ":", "-", "-", "=", "=", "+", "+", "*" }
for row = 0, 20 do
  local line = {}
  for col = 0, 59 do
    local k = escape(-2.1 + col * 0.05, -1.1 + row * 0.11, 40)
    if k == 0 then
      line[#line + 1] = "#"
    else
      line[#line + 1] = k < 3 and " " or shades[k] or "%"
    end
  end
  print((table.concat(line):gsub("%s+$", "")))
end

-- the checksum
local sum, inside = 0, 0
for row = 0, n - 1 do
  local ci = 2.0 * row / n - 1.0
  for col = 0, n - 1 do
    local k = escape(2.0 * col / n - 1.5, ci, 200)
    if k == 0 then inside = inside + 1 end
    sum = (sum * 31 + k) % 1000000007
  end
end
print("inside", inside)
print("checksum", sum)
