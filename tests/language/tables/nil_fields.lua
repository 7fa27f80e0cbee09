-- Fields that constructors and assignments set to nil: they are not there, whatever room they were given.

local function keys(t)
  local names = {}
  for k, v in pairs(t) do
    assert(v ~= nil)
    names[#names + 1] = k
  end
  table.sort(names)
  return table.concat(names, " ")
end

local function make(a, b, c) return { first = a, second = b, third = c, last = 1 } end
for i = 1, 60 do
  local t = make(nil, i, nil)
  assert(keys(t) == "last second" and t.first == nil and t.third == nil and rawlen(t) == 0)
  t.first = i
  assert(keys(t) == "first last second" and t.first == i)
  t.second, t.first = nil, nil
  assert(keys(t) == "last" and next(t) == "last" and next(t, "last") == nil)
  assert(keys(make(nil, nil, nil)) == "last" and keys(make(1, 2, 3)) == "first last second third")
end

-- objects whose fields shine through from a class until they have their own
local Class = { link = "class link", size = 0 }
Class.__index = Class
local function object(link, size) return setmetatable({ link = link, size = size, name = "o" }, Class) end
local function read(o) return o.link, o.size, o.name end
local function clear(o) o.link = nil o.size = nil o.extra = nil end
for i = 1, 60 do
  local o = object(nil, i)
  local link, size, name = read(o)
  assert(link == "class link" and size == i and name == "o")
  o.link = i
  assert(read(o) == i)
  clear(o)
  link, size = read(o)
  assert(link == "class link" and size == 0 and keys(o) == "name")
  assert(keys(object(i, nil)) == "link name")
end

-- __newindex is told of assignments of nil to what is not there, and only of those
local told = {}
local Told = { __newindex = function(t, k, v) told[#told + 1] = k .. "=" .. tostring(v) rawset(t, k, v) end }
local function assign(o) o.a = nil o.b = 2 o.a = 1 o.a = nil o.b = nil o.b = nil end
for _ = 1, 60 do
  told = {}
  assign(setmetatable({ c = 1, d = nil, e = nil }, Told))
  assert(table.concat(told, " ") == "a=nil b=2 a=1 b=nil")
end

-- more names than there was room for
local function grow(t, v)
  t.n1 = v t.n2 = nil t.n3 = v t.n4 = nil t.n5 = v t.n6 = nil t.n7 = v t.n8 = nil
  return t
end
for i = 1, 60 do
  assert(keys(grow({}, i)) == "n1 n3 n5 n7" and keys(grow({}, nil)) == "")
  assert(keys(grow({ x = nil, y = nil, z = 1 }, i)) == "n1 n3 n5 n7 z")
  assert(keys(grow(grow({}, i), nil)) == "")
end

-- a class that gets, has and loses what objects inherit
local Base = { value = 1, other = nil }
Base.__index = Base
local Derived = setmetatable({ value = nil, own = 1, spare = nil }, Base)
Derived.__index = Derived
local instance = setmetatable({ field = nil, name = 1 }, Derived)
local function get() return instance.value, instance.other, instance.field end
for i = 1, 60 do
  local value, other, field = get()
  assert(value == 1 and other == nil and field == nil)
  Derived.value, Base.other = i, "b"
  value, other = get()
  assert(value == i and other == "b")
  Derived.missing = nil
  Derived.value, Base.other, Base.absent = nil, nil, nil
end

-- while tables are traversed
for i = 1, 60 do
  local t = { a = 1, b = nil, c = i, d = nil }
  local seen = 0
  for k in pairs(t) do
    t[k] = nil
    t.b = nil
    seen = seen + 1
  end
  assert(seen == 2 and next(t) == nil)
end
collectgarbage()
