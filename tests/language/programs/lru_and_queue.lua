-- Data structures: an LRU cache with a linked list, a priority queue, a set type,
-- a ring buffer, union-find.

local function lru(capacity)
  local map, size = {}, 0
  local head, tail = {}, {}
  head.next, tail.prev = tail, head
  local function unlink(n) n.prev.next, n.next.prev = n.next, n.prev end
  local function push(n) n.next, n.prev = head.next, head; head.next.prev = n; head.next = n end
  return {
    get = function(k)
      local n = map[k]
      if not n then return nil end
      unlink(n)
      push(n)
      return n.value
    end,
    put = function(k, v)
      local n = map[k]
      if n then unlink(n) else
        if size == capacity then
          local old = tail.prev
          unlink(old)
          map[old.key] = nil
          size = size - 1
        end
        n = { key = k }
        map[k] = n
        size = size + 1
      end
      n.value = v
      push(n)
    end,
  }
end
local Heap = {}
Heap.__index = Heap
function Heap.new(less) return setmetatable({ n = 0, less = less }, Heap) end
function Heap:push(v)
  local i = self.n + 1
  self.n = i
  while i > 1 and self.less(v, self[i // 2]) do self[i] = self[i // 2]; i = i // 2 end
  self[i] = v
end
function Heap:pop()
  local top, n = self[1], self.n
  if n == 0 then return nil end
  local v = self[n]
  self[n] = nil
  self.n = n - 1
  n = n - 1
  local i = 1
  while 2 * i <= n do
    local c = 2 * i
    if c < n and self.less(self[c + 1], self[c]) then c = c + 1 end
    if not self.less(self[c], v) then break end
    self[i] = self[c]
    i = c
  end
  if n > 0 then self[i] = v end
  return top
end
local Set = {}
Set.__index = Set
local function set(list) local s = setmetatable({}, Set) for _, v in ipairs(list) do s[v] = true end return s end
function Set.__add(a, b) local r = set {} for k in pairs(a) do r[k] = true end for k in pairs(b) do r[k] = true end return r end
function Set.__mul(a, b) local r = set {} for k in pairs(a) do r[k] = b[k] end return r end
function Set.__le(a, b) for k in pairs(a) do if not b[k] then return false end end return true end
function Set.__lt(a, b) return a <= b and not (b <= a) end
function Set.__eq(a, b) return a <= b and b <= a end
function Set.__len(a) local n = 0 for _ in pairs(a) do n = n + 1 end return n end
for round = 1, 30 do
  local c = lru(3)
  c.put("a", 1) c.put("b", 2) c.put("c", 3)
  assert(c.get("a") == 1)
  c.put("d", 4)
  assert(c.get("b") == nil and c.get("a") == 1 and c.get("c") == 3 and c.get("d") == 4)
  for i = 1, 100 do c.put(i % 5, i) end
  assert(c.get(0) == 100 and c.get(4) == 99 and c.get(3) == 98 and c.get(2) == nil)
  local h = Heap.new(function(a, b) return a < b end)
  for i = 1, 100 do h:push(i * 37 % 101) end
  local last = -1
  for i = 1, 100 do local v = h:pop(); assert(v > last); last = v end
  assert(h:pop() == nil)
  local s, t = set { 1, 2, 3 }, set { 2, 3, 4 }
  assert(#(s + t) == 4 and #(s * t) == 2 and s * t == set { 3, 2 } and s ~= t and set { 1 } < s and not (s < s) and s <= s)
  local parent = {}
  for i = 1, 50 do parent[i] = i end
  local function find(x) while parent[x] ~= x do parent[x] = parent[parent[x]]; x = parent[x] end return x end
  for i = 1, 48 do parent[find(i)] = find(i + 2) end
  assert(find(1) == find(49) and find(2) == find(50) and find(1) ~= find(2))
end
-- the shortest path on a grid
local grid = { "S..#....", ".#.#.##.", ".#...#..", ".####.#.", "......#E" }
local h, best = Heap.new(function(a, b) return a.d < b.d end), {}
h:push({ x = 1, y = 1, d = 0 })
while true do
  local p = h:pop()
  if not p then break end
  local k = p.y * 100 + p.x
  if not best[k] then
    best[k] = p.d
    for _, m in ipairs { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } } do
      local x, y = p.x + m[1], p.y + m[2]
      local c = grid[y] and grid[y]:sub(x, x)
      if c and c ~= "" and c ~= "#" then h:push({ x = x, y = y, d = p.d + 1 }) end
    end
  end
end
print(best[5 * 100 + 8])                   -- expect: 15
