-- coroutines: measures coroutine.create, resume, yield and wrap.
-- Source: written for this suite: generators, permutations by backtracking,
-- producer, filter and consumer, a round-robin scheduler, and a recursive walk.
-- arg[1]: how many values (default 400000, quick 80000)

local n = tonumber(arg and arg[1]) or 400000

-- a generator in a for loop
local function range(a, b)
  return coroutine.wrap(function()
    for i = a, b do coroutine.yield(i) end
  end)
end
local sum = 0
for i in range(1, n * 2) do sum = sum + i end
print("generator", sum)

-- producer -> filter -> consumer
local function producer(count)
  return coroutine.create(function()
    for i = 1, count do coroutine.yield(i * 7 % 1001) end
    return nil
  end)
end
local function receive(co)
  local _, v = coroutine.resume(co)
  return v
end
local function filter(source)
  return coroutine.create(function()
    while true do
      local v = receive(source)
      if not v then return nil end
      if v % 3 ~= 0 then coroutine.yield(v * 2) end
    end
  end)
end
local count, total = 0, 0
local pipe = filter(producer(n))
while true do
  local v = receive(pipe)
  if not v then break end
  count, total = count + 1, total + v
end
print("pipeline", count, total)

-- permutations
local function permutations(t)
  local function gen(k)
    if k <= 1 then
      coroutine.yield(t)
    else
      for i = 1, k do
        t[k], t[i] = t[i], t[k]
        gen(k - 1)
        t[k], t[i] = t[i], t[k]
      end
    end
  end
  return coroutine.wrap(function() gen(#t) end)
end
local perms, hash = 0, 0
for p in permutations { 1, 2, 3, 4, 5, 6, 7 } do
  perms = perms + 1
  hash = (hash * 31 + p[1] * 7 + p[4]) % 1000003
end
print("permutations", perms, hash)

-- many coroutines, each resumed in turn
local tasks, done = {}, 0
for i = 1, 1000 do
  tasks[i] = coroutine.create(function(k)
    for _ = 1, i % 50 do k = k + coroutine.yield(k) end
    done = done + k
  end)
end
local live, rounds = #tasks, 0
while live > 0 do
  rounds = rounds + 1
  for i = 1, #tasks do
    local co = tasks[i]
    if coroutine.status(co) == "suspended" then
      assert(coroutine.resume(co, i))
      if coroutine.status(co) == "dead" then live = live - 1 end
    end
  end
end
print("scheduler", rounds, done)

-- short-lived coroutines
local short = 0
for i = 1, n // 5 do
  local f = coroutine.wrap(function(a)
    local b = coroutine.yield(a + 1)
    return a + b
  end)
  short = (short + f(i) + f(i * 2)) % 1000003
end
print("short", short)

-- a tree walked by nested generators
local function tree(d)
  if d == 0 then return nil end
  return { left = tree(d - 1), key = d, right = tree(d - 1) }
end
local function walk(t)
  if t then
    walk(t.left)
    coroutine.yield(t.key)
    walk(t.right)
  end
end
local keys = 0
for k in coroutine.wrap(function() walk(tree(15)) end) do keys = keys + k end
print("tree", keys)
