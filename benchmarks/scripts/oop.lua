-- oop: measures classes made from metatables: method calls, inheritance through
-- chains of __index, and the metamethods __add, __eq, __lt, __le, __call, __tostring.
-- Source: written for this suite, in the usual style of Lua classes.
-- arg[1]: how many rounds (default 400000, quick 50000)

local n = tonumber(arg and arg[1]) or 400000

local function class(parent)
  local c = {}
  c.__index = c
  if parent then
    for _, event in ipairs { "__add", "__eq", "__lt", "__le", "__tostring", "__call" } do
      c[event] = parent[event]
    end
    setmetatable(c, { __index = parent })
  end
  return c
end

local Shape = class()
function Shape.new(cls, name)
  return setmetatable({ name = name, moved = 0 }, cls)
end
function Shape:area() return 0 end
function Shape:describe() return self.name .. " of area " .. self:area() end
function Shape:move(d) self.moved = self.moved + d; return self end
function Shape.__lt(a, b) return a:area() < b:area() end
function Shape.__le(a, b) return a:area() <= b:area() end
function Shape.__eq(a, b) return a:area() == b:area() end
function Shape:__tostring() return "<" .. self:describe() .. ">" end
function Shape:__call(k) return self:area() * k end

local Rect = class(Shape)
function Rect.new(cls, w, h)
  local self = Shape.new(cls, "rectangle")
  self.w, self.h = w, h
  return self
end
function Rect:area() return self.w * self.h end

local Square = class(Rect)
function Square.new(cls, side)
  local self = Rect.new(cls, side, side)
  self.name = "square"
  return self
end

local Tile = class(Square) -- finds area and move two and three steps away

-- method calls through one, two and three levels of __index
local shapes = {
  Rect.new(Rect, 2, 3), Square.new(Square, 4), Tile.new(Tile, 5), Shape.new(Shape, "point"),
}
local total = 0
for i = 1, n do
  local s = shapes[i % 4 + 1]
  total = total + s:area() + s:move(i % 3).moved % 7
end
print("total", total)
for _, s in ipairs(shapes) do print(tostring(s), s.moved) end

-- comparisons
local less, lesseq, equal = 0, 0, 0
for i = 1, n // 4 do
  local a, b = shapes[i % 4 + 1], shapes[i % 3 + 1]
  if a < b then less = less + 1 end
  if a <= b then lesseq = lesseq + 1 end
  if a == b then equal = equal + 1 end
end
print("comparisons", less, lesseq, equal)

-- arithmetic on objects
local V = {}
V.__index = V
local function vec(x, y) return setmetatable({ x = x, y = y }, V) end
function V.__add(a, b) return vec(a.x + b.x, a.y + b.y) end
function V.__sub(a, b) return vec(a.x - b.x, a.y - b.y) end
function V.__mul(a, k) return vec(a.x * k, a.y * k) end
function V.__unm(a) return vec(-a.x, -a.y) end
function V.__eq(a, b) return a.x == b.x and a.y == b.y end
function V.__len(a) return a.x * a.x + a.y * a.y end
function V.__tostring(a) return "(" .. a.x .. ", " .. a.y .. ")" end

local p, step = vec(0, 0), vec(3, -2)
local same = 0
for i = 1, n // 2 do
  p = p + step * (i % 5) - vec(1, 1)
  if p == vec(p.x, p.y) then same = same + 1 end
  if #p > 1000000 then p = -p + vec(i % 11, 0); p = vec(p.x % 100, p.y % 100) end
end
print("vector", tostring(p), same)

-- __call, and fields made on demand by an __index function
local made = 0
local lazy = setmetatable({}, {
  __index = function(t, k)
    made = made + 1
    local v = k * k
    rawset(t, k, v)
    return v
  end,
})
local sum = 0
for i = 1, n do
  sum = sum + lazy[i % 1000] + shapes[3](i % 2)
end
print("lazy", sum, made)
