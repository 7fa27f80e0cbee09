-- heapsort: measures float arrays with computed integer indices.
-- Source: heapsort as in Knuth's third volume; the numbers come from a linear
-- congruential generator written here.
-- arg[1]: how many elements (default 400000, quick 60000)

local n = tonumber(arg and arg[1]) or 400000

local seed = 42
local function random(max)
  seed = (seed * 3877 + 29573) % 139968
  return max * seed / 139968
end

local function heapsort(t, count)
  local l, r = count // 2 + 1, count
  while true do
    local v
    if l > 1 then
      l = l - 1
      v = t[l]
    else
      v = t[r]
      t[r] = t[1]
      r = r - 1
      if r == 1 then
        t[1] = v
        return
      end
    end
    local i, j = l, l * 2
    while j <= r do
      if j < r and t[j] < t[j + 1] then j = j + 1 end
      if v < t[j] then
        t[i] = t[j]
        i = j
        j = j * 2
      else
        break
      end
    end
    t[i] = v
  end
end

local a, total = {}, 0.0
for i = 1, n do
  a[i] = random(1.0)
  total = total + a[i]
end
heapsort(a, n)

local sorted, again = true, 0.0
for i = 1, n do
  again = again + a[i]
  if i > 1 and a[i - 1] > a[i] then sorted = false end
end
print("sorted", sorted)
print(string.format("least %.10f", a[1]))
print(string.format("middle %.10f", a[n // 2 + 1]))
print(string.format("greatest %.10f", a[n]))
print(string.format("sum %.4f %.4f", total, again))
