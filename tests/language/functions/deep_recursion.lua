-- Deep recursion that is not a tail call: 190000 levels of Lua functions.

local function depth(n)
  if n == 0 then return 0 end
  return 1 + depth(n - 1)
end
assert(depth(190000) == 190000)
assert(depth(10) == 10)

local function sum(t, i)
  if i > #t then return 0 end
  local v = t[i]
  local rest = sum(t, i + 1)
  return v + rest
end
local t = {}
for i = 1, 50000 do t[i] = i end
assert(sum(t, 1) == 1250025000)

-- upvalues of every level stay right
local function chain(n, f)
  if n == 0 then return f end
  local x = n
  local r = chain(n - 1, function() return x + (n < 20000 and 0 or 1) end)
  x = x + 1
  return r
end
assert(chain(20000, nil)() == 1 + 1)

-- in a coroutine too
local co = coroutine.create(function() return depth(100000) end)
local ok, v = coroutine.resume(co)
assert(ok and v == 100000)
print(depth(150000))                -- expect: 150000
