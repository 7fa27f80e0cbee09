-- Random changes to a web of tables and metatables; after each, sites that have cached much are compared with lookups step by step.

local seed = 12345
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end

local names = {"a", "b", "c", "d"}
local gets = {
  a = {function(o) return o.a end, function(o) return o.a end}, b = {function(o) return o.b end, function(o) return o.b end},
  c = {function(o) return o.c end, function(o) return o.c end}, d = {function(o) return o.d end, function(o) return o.d end},
}
local sets = {
  a = function(o, v) o.a = v end, b = function(o, v) o.b = v end, c = function(o, v) o.c = v end, d = function(o, v) o.d = v end,
}

-- What the manual says of an index.
local function lookup(o, key)
  for _ = 1, 50 do
    local v = rawget(o, key)
    if v ~= nil then return v end
    local m = getmetatable(o)
    local index = m and rawget(m, "__index")
    if index == nil then return nil end
    if type(index) == "function" then return index(o, key) end
    o = index
  end
end

-- Table i may lead to tables with smaller numbers only, so that there are no loops.
local count = 12
local tables = {}
local function make(kind)
  if kind == 1 then return {} end
  if kind == 2 then return {a = 1, b = 2} end
  if kind == 3 then return {d = 1, c = 2, a = 3} end
  return {x1 = 1, x2 = 2, x3 = 3}
end
local function connect(i)
  if i == 1 or random(5) == 1 then return setmetatable(tables[i], nil) end
  local to = tables[random(i - 1)]
  if random(4) == 1 then return setmetatable(tables[i], to) end -- whose __index, if any, is of a smaller number
  setmetatable(tables[i], {__index = to})
end
for i = 1, count do
  tables[i] = make(random(4))
  connect(i)
end

local steps = 3000
for step = 1, steps do
  local i = random(count)
  local t, name, action = tables[i], names[random(4)], random(14)
  if action <= 3 then
    sets[name](t, step)
  elseif action <= 5 then
    sets[name](t, nil)
  elseif action == 6 then
    rawset(t, name, step)
  elseif action == 7 then
    t[name] = nil
  elseif action == 8 then
    connect(i)
  elseif action == 9 then
    local m = getmetatable(t)
    if m and i > 1 then
      local inside = false
      for _, other in ipairs(tables) do inside = inside or other == m end
      if not inside then
        if random(3) == 1 then m.__index = nil
        elseif random(3) == 1 then m.__index = function(_, key) return key end
        else m.__index = tables[random(i - 1)] end
      end
    end
  elseif action == 10 then
    t["y" .. random(20)] = step
  elseif action == 11 then
    for k in next, t do t[k] = nil end
  elseif action == 12 then
    tables[i] = make(random(4))
    connect(i)
  elseif action == 13 and i > 1 then
    t.__index = tables[random(i - 1)]
  elseif step % 50 == 0 then
    collectgarbage()
  end
  for _ = 1, 4 do
    local o, key = tables[random(count)], names[random(4)]
    local wanted = lookup(o, key)
    for site = 1, 2 do
      if site == 1 or o == tables[1] or random(8) == 1 then -- the second site sees fewer kinds
        local found = gets[key][site](o)
        if found ~= wanted then error(("step %d, site %d: %s is %s, not %s"):format(step, site, key, tostring(found), tostring(wanted))) end
      end
    end
  end
end
