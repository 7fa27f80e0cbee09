-- quicksort: measures array reads, writes and swaps in a hand-written sort, then
-- table.sort with and without a comparison function written in Lua.
-- Source: Hoare's quicksort with the middle element as the pivot; the numbers
-- come from a linear congruential generator written here.
-- arg[1]: how many elements (default 200000, quick 30000)

local n = tonumber(arg and arg[1]) or 200000

local seed
local function random(limit)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % limit
end

local function fill(count)
  seed = 42
  local t = {}
  for i = 1, count do t[i] = random(1000000) end
  return t
end

local function quicksort(t, lo, hi)
  while lo < hi do
    local p = t[(lo + hi) // 2]
    local i, j = lo, hi
    repeat
      while t[i] < p do i = i + 1 end
      while t[j] > p do j = j - 1 end
      if i <= j then
        t[i], t[j] = t[j], t[i]
        i = i + 1
        j = j - 1
      end
    until i > j
    if j - lo < hi - i then
      quicksort(t, lo, j)
      lo = i
    else
      quicksort(t, i, hi)
      hi = j
    end
  end
end

local function report(what, t, descending)
  local h, sorted = 0, true
  for i = 1, #t do
    h = (h * 31 + t[i]) % 1000000007
    if i > 1 then
      if descending then
        sorted = sorted and t[i - 1] >= t[i]
      else
        sorted = sorted and t[i - 1] <= t[i]
      end
    end
  end
  print(what, sorted, t[1], t[#t], h)
end

local a = fill(n)
quicksort(a, 1, #a)
report("quicksort", a)

local b = fill(n)
table.sort(b)
report("table.sort", b)

local c = fill(n)
table.sort(c, function(x, y) return x > y end)
report("comparator", c, true)
