-- Generators: permutations, trees, producers and consumers, a scheduler.

local function permgen(a, n)
  n = n or #a
  if n <= 1 then
    coroutine.yield(a)
  else
    for i = 1, n do
      a[n], a[i] = a[i], a[n]
      permgen(a, n - 1)
      a[n], a[i] = a[i], a[n]
    end
  end
end
local function check()
  local n, seen = 0, {}
  for p in coroutine.wrap(function() permgen({ "a", "b", "c", "d" }) end) do
    local s = table.concat(p)
    assert(not seen[s])
    seen[s] = true
    n = n + 1
  end
  assert(n == 24 and seen.abcd and seen.dcba)
  local function insert(t, v)
    if not t then return { v = v } end
    if v < t.v then t.l = insert(t.l, v) else t.r = insert(t.r, v) end
    return t
  end
  local tree
  for i = 1, 50 do tree = insert(tree, i * 37 % 101) end
  local function walk(t) if t then walk(t.l); coroutine.yield(t.v); walk(t.r) end end
  local last = -1
  n = 0
  for v in coroutine.wrap(function() walk(tree) end) do assert(v > last); last = v; n = n + 1 end
  assert(n == 50)
  -- merge of two generators
  local function from(list) return coroutine.wrap(function() for _, v in ipairs(list) do coroutine.yield(v) end end) end
  local function merge(a, b)
    return coroutine.wrap(function()
      local x, y = a(), b()
      while x or y do
        if x and (not y or x <= y) then coroutine.yield(x); x = a()
        else coroutine.yield(y); y = b() end
      end
    end)
  end
  local out = {}
  for v in merge(from { 1, 4, 6 }, from { 2, 3, 5, 7, 8 }) do out[#out + 1] = v end
  assert(table.concat(out) == "12345678")
  -- a producer, a filter and a consumer
  local function producer() return coroutine.create(function() for i = 1, 20 do coroutine.yield(i) end end) end
  local function receive(p) local _, v = coroutine.resume(p); return v end
  local function filter(p) return coroutine.create(function()
    for v in function() return receive(p) end do if v % 3 == 0 then coroutine.yield(v * v) end end
  end) end
  local sum = 0
  local f = filter(producer())
  for v in function() return receive(f) end do sum = sum + v end
  assert(sum == 9 + 36 + 81 + 144 + 225 + 324)
  -- round robin
  local trace, tasks = {}, {}
  for id = 1, 3 do
    tasks[id] = coroutine.create(function() for k = 1, id do trace[#trace + 1] = id .. k; coroutine.yield() end end)
  end
  while #tasks > 0 do
    for i = #tasks, 1, -1 do
      coroutine.resume(tasks[i])
      if coroutine.status(tasks[i]) == "dead" then table.remove(tasks, i) end
    end
  end
  assert(table.concat(trace, " ") == "31 21 11 32 22 33")
end
for _ = 1, 100 do check() end
