-- Collections in the middle of hot code: values held only by its variables survive.

local function work(n)
  local keep = { n }
  local s = "s" .. n
  local f = function() return keep[1] end
  for i = 1, 50 do
    local t = { i, { i }, "x" .. i }
    if i % 25 == 0 then collectgarbage("step") end
    assert(t[2][1] == i and t[3] == "x" .. i)
  end
  return f() + #s, keep
end
for n = 1, 300 do
  local r, k = work(n)
  assert(r == n + #("s" .. n) and k[1] == n)
end
local function chain(n)
  local head
  for i = 1, n do head = { next = head, value = i } end
  collectgarbage()
  local s = 0
  while head do s = s + head.value; head = head.next end
  return s
end
for _ = 1, 20 do assert(chain(200) == 20100) end
-- arguments and temporaries while a callee collects
local function collect(x) collectgarbage(); return x end
for i = 1, 30 do
  local t = { collect({ i }), collect("a" .. i), collect({ i })[1] }
  assert(t[1][1] == i and t[2] == "a" .. i and t[3] == i)
  assert(("a" .. collect("b") .. i) .. collect("c" .. i) == "ab" .. i .. "c" .. i)
  local function va(...) collectgarbage(); return ... end
  local a, b, c = va({ i }, "v" .. i, function() return i end)
  assert(a[1] == i and b == "v" .. i and c() == i)
end
-- objects reached only through upvalues, metatables, weak keys' values and coroutines
local weak = setmetatable({}, { __mode = "k" })
local function node(i)
  local secret = { i }
  local obj = setmetatable({}, { __index = function(_, k) return secret[1] + k end })
  weak[obj] = { i * 2 }
  return obj, coroutine.wrap(function() local l = { i * 3 }; coroutine.yield(); return l[1] end)
end
for i = 1, 100 do
  local obj, co = node(i)
  co()
  if i % 10 == 0 then collectgarbage() end
  assert(obj[1] == i + 1 and weak[obj][1] == i * 2 and co() == i * 3)
end
