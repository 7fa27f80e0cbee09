-- matrix: measures access to tables of tables, with integers and then floats.
-- Source: the multiplication of matrices by definition, and Gaussian elimination.
-- arg[1]: size of the matrices (default 220, quick 100)

local n = tonumber(arg and arg[1]) or 220

local function make(size, f)
  local m = {}
  for i = 1, size do
    local row = {}
    for j = 1, size do row[j] = f(i, j) end
    m[i] = row
  end
  return m
end

local function multiply(a, b)
  local size = #a
  local c = {}
  for i = 1, size do
    local ai, ci = a[i], {}
    for j = 1, size do
      local s = 0
      for k = 1, size do s = s + ai[k] * b[k][j] end
      ci[j] = s
    end
    c[i] = ci
  end
  return c
end

local function transpose(m)
  return make(#m, function(i, j) return m[j][i] end)
end

local function trace(m)
  local s = 0
  for i = 1, #m do s = s + m[i][i] end
  return s
end

-- integers: exact results
local a = make(n, function(i, j) return (i * 7 + j * 3) % 11 - 5 end)
local b = make(n, function(i, j) return (i * 5 + j * 13) % 17 - 8 end)
local c = multiply(a, b)
print("trace", trace(c))
print("corner", c[1][1], c[1][n], c[n][1], c[n][n])
print("symmetric", trace(multiply(transpose(b), transpose(a))) == trace(c))

-- floats: the determinant by elimination with row pivoting
local function determinant(m)
  local size, det = #m, 1.0
  for k = 1, size do
    local pivot = k
    for i = k + 1, size do
      if math.abs(m[i][k]) > math.abs(m[pivot][k]) then pivot = i end
    end
    if m[pivot][k] == 0.0 then return 0.0 end
    if pivot ~= k then
      m[k], m[pivot] = m[pivot], m[k]
      det = -det
    end
    local mk = m[k]
    local p = mk[k]
    det = det * p
    for i = k + 1, size do
      local mi = m[i]
      local f = mi[k] / p
      if f ~= 0.0 then
        for j = k, size do mi[j] = mi[j] - f * mk[j] end
      end
    end
  end
  return det
end

local d = make(n, function(i, j)
  return (i == j and 2.0 or 0.0) + 1.0 / (i + j) - ((i * j) % 7) / 70.0
end)
print(string.format("determinant %.10g", determinant(d)))
