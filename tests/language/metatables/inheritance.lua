-- Classes with several levels, super calls, metamethods not inherited, mixins.

local function class(base)
  local c = { }
  c.__index = c
  if base then setmetatable(c, { __index = base }) end
  c.new = function(...)
    local o = setmetatable({}, c)
    o:init(...)
    return o
  end
  return c
end
local A = class()
function A:init(n) self.n = n end
function A:name() return "A" .. self.n end
function A:describe() return "I am " .. self:name() end
function A.__eq(x, y) return x.n == y.n end
local B = class(A)
function B:init(n, m) A.init(self, n); self.m = m end
function B:name() return "B" .. A.name(self) .. self.m end
local C = class(B)
function C:name() return "C" .. B.name(self) end
local function check()
  local a, b, c = A.new(1), B.new(2, 3), C.new(4, 5)
  assert(a:describe() == "I am A1" and b:describe() == "I am BA23" and c:describe() == "I am CBA45")
  assert(a == A.new(1) and b ~= B.new(2, 3)) -- __eq is not inherited through __index
  assert(getmetatable(c) == C and c.describe == A.describe and rawget(C, "describe") == nil)
  c.describe = function(self) return "own " .. self:name() end
  assert(c:describe() == "own CBA45")
  c.describe = nil
  assert(c:describe() == "I am CBA45")
end
for _ = 1, 300 do check() end
-- multiple inheritance by a search function that caches
local function search(k, list) for i = 1, #list do local v = list[i][k] if v ~= nil then return v end end end
local function multi(...)
  local parents = { ... }
  local c = {}
  c.__index = c
  return setmetatable(c, { __index = function(t, k) local v = search(k, parents); t[k] = v; return v end })
end
local Named = { getname = function(self) return self.named end }
local Sized = { size = function() return 7 end }
local M = multi(Named, Sized)
for i = 1, 300 do
  local o = setmetatable({ named = "o" .. i }, M)
  assert(o:getname() == "o" .. i and o:size() == 7 and o.nothing == nil)
end
assert(rawget(M, "size") == Sized.size)
