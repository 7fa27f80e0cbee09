-- Ten thousand coroutines alive at once, resumed in turn; many short ones.

local N = 10000
local cos = {}
for i = 1, N do
  cos[i] = coroutine.create(function(a)
    local s = a
    for k = 1, 3 do s = s + coroutine.yield(s) end
    return s
  end)
end
for round = 1, 4 do
  for i = 1, N do
    local ok, v = coroutine.resume(cos[i], i)
    assert(ok and v == i * round)
  end
  if round == 2 then collectgarbage() end
end
for i = 1, N do assert(coroutine.status(cos[i]) == "dead") end
cos = nil
collectgarbage()
local total = 0
for i = 1, 20000 do
  local f = coroutine.wrap(function(x) coroutine.yield(x); return x + 1 end)
  total = total + f(i)
  if i % 2 == 0 then total = total + f() end
end
print(total)                              -- expect: 300030000
-- never finished ones are collected
for i = 1, 20000 do
  local co = coroutine.create(function() local t = { i }; coroutine.yield(t) end)
  coroutine.resume(co)
end
collectgarbage()
assert(collectgarbage("count") < 20000)
-- deep stacks inside coroutines
local function deep(n) if n == 0 then coroutine.yield("bottom") return 0 end return 1 + deep(n - 1) end
local list = {}
for i = 1, 50 do
  list[i] = coroutine.wrap(deep)
  assert(list[i](1000 + i) == "bottom")
end
for i = 1, 50 do assert(list[i]() == 1000 + i) end
-- coroutines nested in one another
local function nested(n)
  if n == 0 then coroutine.yield("innermost") return 0 end
  local co = coroutine.wrap(nested)
  local r = co(n - 1)
  coroutine.yield(r)
  return co() or n
end
local co = coroutine.wrap(nested)
assert(co(100) == "innermost")
