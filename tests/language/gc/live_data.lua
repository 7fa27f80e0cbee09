-- Live data of every shape stays intact while lots of garbage is made.

local function churn(n)
  for i = 1, n do local _ = { i, "s" .. i, { i } } end
end
local keep, closures, cos, strings = {}, {}, {}, {}
for round = 1, 40 do
  keep[round] = { id = round, child = { round * 2, { round * 3 } }, ["k" .. round] = true }
  local up = round
  closures[round] = function(d) up = up + d; return up end
  cos[round] = coroutine.wrap(function(a) local x = { a }; while true do a = coroutine.yield(x[1]); x = { x[1] + a } end end)
  cos[round](round)
  strings["key" .. round] = ("v"):rep(round) .. round
  churn(500)
  for i = 1, round do
    assert(keep[i].id == i and keep[i].child[1] == i * 2 and keep[i].child[2][1] == i * 3 and keep[i]["k" .. i])
    assert(strings["key" .. i] == ("v"):rep(i) .. i)
  end
end
for i = 1, 40 do
  assert(closures[i](1) == i + 1 and closures[i](0) == i + 1)
  assert(cos[i](5) == i + 5)
end
-- a linked list built and walked with garbage in between
local head
for i = 1, 5000 do
  head = { next = head, v = i }
  if i % 10 == 0 then churn(20) end
end
local n, s = 0, 0
while head do n = n + 1; s = s + head.v; head = head.next end
assert(n == 5000 and s == 12502500)
-- cycles
for i = 1, 2000 do
  local a, b = {}, {}
  a.b, b.a, a.self = b, a, a
  assert(a.b.a.self == a)
end
-- values held only by locals and temporaries of a deep stack
local function deep(k)
  local t = { k }
  if k > 0 then
    local r = deep(k - 1)
    churn(3)
    assert(t[1] == k and r[1] == k - 1)
  end
  return t
end
for _ = 1, 5 do assert(deep(300)[1] == 300) end
local function concat(k) if k == 0 then return "" end return "<" .. k .. concat(k - 1) .. tostring({}):sub(1, 5) .. ">" end
local c = concat(100)
churn(1000)
assert(#c == 2 * 100 + 192 + 500)
-- tables being traversed while collections happen
local t = {}
for i = 1, 300 do t["k" .. i] = { i } end
n = 0
for k, v in pairs(t) do
  n = n + v[1]
  if v[1] % 30 == 0 then collectgarbage() end
  churn(5)
end
assert(n == 45150)
