-- Lookups that have been answered the same way many times, after which something changes that the next must see.

local function hot(f, ...)
  local r
  for _ = 1, 30 do r = f(...) end
  return r
end
local function get(o) return o.x end
local function method(o) return o:m() end
local function set(o, v) o.x = v end

-- The class gets the method, another method, loses it.
do
  local C = {} C.__index = C
  local o = setmetatable({}, C)
  assert(hot(get, o) == nil)
  C.x = 1
  assert(get(o) == 1)
  assert(hot(get, o) == 1)
  C.x = 2
  assert(get(o) == 2)
  C.x = nil
  assert(get(o) == nil)
  rawset(C, "x", 3)
  assert(get(o) == 3)
  assert(hot(get, o) == 3)
  o.x = 4
  assert(get(o) == 4)
  o.x = nil
  assert(get(o) == 3)
end

-- A table in the middle of a chain gets the key, and loses it again.
do
  local A = {m = function() return "a" end}
  local B = setmetatable({}, {__index = A})
  local C = setmetatable({}, {__index = B})
  local o = setmetatable({}, {__index = C})
  assert(hot(method, o) == "a")
  function B.m() return "b" end
  assert(method(o) == "b")
  assert(hot(method, o) == "b")
  function C.m() return "c" end
  assert(hot(method, o) == "c")
  C.m = nil
  assert(method(o) == "b")
  assert(hot(method, o) == "b")
  C.m = function() return "again" end -- over a nil
  assert(method(o) == "again")
  C.m, B.m = nil, nil
  assert(hot(method, o) == "a")
  function o.m() return "own" end
  assert(method(o) == "own")
end

-- __index is replaced, in every way.
do
  local function fresh()
    local C = {__index = {m = function() return 1 end}}
    return C, setmetatable({}, C)
  end
  local two = {m = function() return 2 end}
  local ways = {
    function(C) C.__index = two end,
    function(C) rawset(C, "__index", two) end,
    function(C) C["__in" .. "dex"] = two end,
    function(C) for k in pairs(C) do C[k] = two end end,
    function(C) setmetatable(C.__index, {__index = two}).m = nil end,
    function(C) C.__index = function() return two.m end end,
    function(C, o) setmetatable(o, {__index = two}) end,
    function(C, o) debug.setmetatable(o, {__index = two}) end,
    function(C, o) o.m = two.m end,
    function(C, o) rawset(o, "m", two.m) end,
    function(C) rawset(C.__index, "m", two.m) end,
    function(C) C.__index.m = two.m end,
  }
  for i, way in ipairs(ways) do
    local C, o = fresh()
    assert(hot(method, o) == 1, i)
    way(C, o)
    assert(method(o) == 2, i)
    assert(hot(method, o) == 2, i)
  end
end

-- The table that has the method is rebuilt: it grows, or is emptied and filled anew.
do
  local C = {m = function() return 1 end} C.__index = C
  local o = setmetatable({}, C)
  assert(hot(method, o) == 1)
  for i = 1, 100 do C["k" .. i] = i end
  assert(method(o) == 1)
  for i = 1, 100 do C["k" .. i] = nil end
  C.m = nil
  assert(not pcall(method, o))
  for i = 1, 10 do C[i + 0.5] = i end
  C.m = function() return 2 end
  assert(hot(method, o) == 2)
end

-- Metatables of metatables: the chain ends, goes on, ends.
do
  local base = {x = "base"}
  local C = {} C.__index = C
  local o = setmetatable({}, C)
  assert(hot(get, o) == nil)
  setmetatable(C, {__index = base})
  assert(get(o) == "base")
  assert(hot(get, o) == "base")
  getmetatable(C).__index = nil
  assert(get(o) == nil)
  assert(hot(get, o) == nil)
  getmetatable(C).__index = base
  assert(get(o) == "base")
  setmetatable(C, nil)
  assert(get(o) == nil)
end

-- Sets: __newindex appears and goes, keys that metamethods look for are set like others.
do
  local log = {}
  local C = {} C.__index = C
  local function make() return setmetatable({}, C) end
  for _ = 1, 30 do local o = make() set(o, 1) assert(o.x == 1) end
  C.__newindex = function(_, k, v) log[#log + 1] = k .. v end
  local o = make()
  set(o, 2)
  assert(o.x == nil and log[1] == "x2")
  C.__newindex = nil
  set(o, 3)
  assert(o.x == 3)
  rawset(C, "__newindex", C)
  o = make()
  set(o, 4)
  assert(rawget(o, "x") == nil and C.x == 4)
  local function setindex(t, v) t.__index = v end
  local M = {}
  local p = setmetatable({}, M)
  for i = 1, 60 do
    setindex(M, {x = i})
    assert(get(p) == i)
  end
end

-- Fields come and go in objects of one kind, and in objects of many kinds.
do
  local kinds = {}
  for i = 1, 9 do
    local t = {}
    for j = 1, i do t["f" .. j] = j end
    t.x = i
    kinds[i] = t
  end
  for round = 1, 30 do
    for i = 1, 9 do
      local t = kinds[i]
      assert(get(t) == (round % 2 == 1 and i or nil), i)
      if round % 2 == 1 then set(t, nil) else set(t, i) end
    end
  end
  local C = {x = "class", m = function(o) return o.n end} C.__index = C
  for i = 1, 9 do kinds[i].n = i setmetatable(kinds[i], C) kinds[i].x = nil end
  for _ = 1, 30 do
    for i = 1, 9 do assert(get(kinds[i]) == "class" and method(kinds[i]) == i) end
  end
  C.x, C.m = nil, nil
  for i = 1, 9 do assert(get(kinds[i]) == nil and not pcall(method, kinds[i])) end
end

-- Tables made at one place: nils where others have fields, in any order, traversed.
do
  local function make(n)
    local t = {}
    if n > 0 then t.a = 1 end
    if n > 1 then t.b = 2 end
    if n > 2 then t.c = 3 end
    return t
  end
  for _ = 1, 50 do make(3) end
  for n = 0, 3 do
    local t, count = make(n), 0
    for k, v in pairs(t) do count = count + v assert(t[k] == v) t[k] = nil end
    assert(count == n * (n + 1) // 2 and next(t) == nil)
    for i = 1, 20 do t[i], t["k" .. i] = i, i end
    assert(t.k20 == 20 and #t == 20 and t.a == nil)
  end
end

-- Globals that come while others are in use.
do
  for i = 1, 40 do
    local chunk = load(("g%d = %d; local function f() return g%d end; return f() + f()"):format(i, i, i))
    assert(chunk() == 2 * i)
  end
  local function read() return g1, g40, absent end
  for i = 1, 30 do assert(select("#", read()) == 3 and g1 == 1) end
  g1 = nil
  assert(read() == nil)
  absent = "here"
  assert(select(3, read()) == "here")
  absent = nil
  for i = 1, 40 do _G["g" .. i] = nil end
end

-- Weak tables: what is collected is found no more, though the lookups were cached.
do
  local holder = setmetatable({}, {__mode = "v"})
  local o = setmetatable({}, holder)
  local function index(result)
    local t = {m = function() return result end}
    holder.__index = t
    assert(hot(method, o) == result)
    return t ~= nil
  end
  assert(index(1))
  collectgarbage()
  assert(not pcall(method, o))
  assert(index(2))
  -- Shapes, metatables and keys die while cells know them.
  for round = 1, 5 do
    for i = 1, 10 do
      local C = {m = function() return i end} C.__index = C
      local p = setmetatable({["k" .. round] = 1, x = i}, C)
      assert(method(p) == i and get(p) == i)
    end
    collectgarbage()
  end
  local dead = setmetatable({}, {__mode = "k"})
  do
    local C = {} C.__index = C
    local p = setmetatable({}, C)
    dead[C], dead[p] = true, true
    hot(get, p)
  end
  collectgarbage()
  collectgarbage()
  assert(next(dead) == nil)
end

-- Keys whose values are nil stay what they are through collections.
do
  local t = {}
  set(t, 1)
  for i = 1, 30 do
    set(t, nil)
    if i % 10 == 0 then collectgarbage() end
    set(t, i)
    assert(get(t) == i)
  end
  set(t, nil)
  collectgarbage()
  t.y = 1
  t["x"] = 2
  assert(get(t) == 2 and next(t) ~= nil)
end
