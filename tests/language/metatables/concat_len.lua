-- __concat and __len.

local function check()
  local mt = { __concat = function(a, b)
    local x = type(a) == "table" and a.v or a
    local y = type(b) == "table" and b.v or b
    return setmetatable({ v = "(" .. x .. y .. ")" }, getmetatable(type(a) == "table" and a or b))
  end }
  local function obj(v) return setmetatable({ v = v }, mt) end
  local a, b = obj("a"), obj("b")
  assert((a .. b).v == "(ab)" and (a .. "x").v == "(ax)" and ("x" .. a).v == "(xa)")
  assert((1 .. a).v == "(1a)" and (a .. 1.5).v == "(a1.5)")
  -- right associative: strings and numbers at the right are joined first
  assert((a .. "x" .. "y").v == "(axy)" and ("x" .. "y" .. a).v == "(x(ya))")
  assert(("x" .. a .. "y").v == "(x(ay))" and (a .. b .. "c" .. 1 .. 2).v == "(a(bc12))")
  -- results that are not strings
  local n = setmetatable({}, { __concat = function(p, q) return 42 end })
  assert(n .. 1 == 42 and "x" .. n == 42 and 1 .. n == 42 and n .. n == 42)
  assert("a" .. "b" .. n == "a42")
  local nilres = setmetatable({}, { __concat = function() end })
  assert(nilres .. "x" == nil)
  -- with nil, booleans, functions on the other side
  local any = setmetatable({}, { __concat = function(p, q) return type(p) .. "," .. type(q) end })
  assert(any .. nil == "table,nil" and nil .. any == "nil,table" and true .. any == "boolean,table")
  -- __len
  local l = setmetatable({ 1, 2, 3 }, { __len = function(self) return 10 end })
  assert(#l == 10 and rawlen(l) == 3)
  local s = setmetatable({}, { __len = function() return "long" end })
  assert(#s == "long")
  local z = setmetatable({}, { __len = function() return nil, 2 end })
  assert(#z == nil and select("#", #z) == 1)
  local e = setmetatable({ 1, 2 }, {})
  assert(#e == 2 and #"text" == 4) -- strings never use __len
end
for _ = 1, 300 do check() end
-- __len of a value used by the table library
local p = setmetatable({}, { __len = function() return 3 end, __index = function(_, i) return "v" .. i end })
print(table.concat(p, " "), table.unpack(p))             -- expect: v1 v2 v3	v1	v2	v3
print(pcall(table.concat, setmetatable({}, { __len = function() return "x" end }))) -- expect: false	object length is not an integer
print(pcall(function() return {} .. setmetatable({}, {}) end)) -- expect: false	tests/language/metatables/concat_len.lua:40: attempt to concatenate a table value
print(pcall(function() return #setmetatable({}, { __len = function() error("in len", 0) end }) end)) -- expect: false	in len
