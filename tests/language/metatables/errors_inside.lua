-- Errors raised in metamethods reach the pcall around the operation.

local mt = {}
for _, e in ipairs { "add", "concat", "index", "newindex", "call", "lt", "le", "eq", "len", "unm", "band",
  "bnot", "tostring", "pairs" } do
  mt["__" .. e] = function() error({ event = e }) end
end
local function obj() return setmetatable({}, mt) end
local cases = {
  add = function(o) return o + 1 end,
  concat = function(o) return "x" .. o end,
  index = function(o) return o.x end,
  newindex = function(o) o.x = 1 end,
  call = function(o) return o() end,
  lt = function(o) return o < 1 end,
  le = function(o) if 1 <= o then return 1 end end,
  eq = function(o) return o == obj() end,
  len = function(o) return #o end,
  unm = function(o) return -o end,
  band = function(o) return 1 & o end,
  bnot = function(o) return ~o end,
  tostring = function(o) return tostring(o) end,
  pairs = function(o) for _ in pairs(o) do end end,
}
for _ = 1, 100 do
  for event, f in pairs(cases) do
    local ok, e = pcall(f, obj())
    assert(not ok and type(e) == "table" and e.event == event, event)
  end
end
-- the state of the function around is intact after a caught error
local function resume()
  local a, b, c = 1, 2, 3
  local ok = pcall(function() a = a + 1; return obj() + b end)
  assert(not ok and a == 2 and b == 2 and c == 3)
  return a + b + c
end
for _ = 1, 300 do assert(resume() == 7) end
-- errors with positions
local t = setmetatable({}, { __index = function(_, k) error("no field " .. k) end,
  __newindex = function(_, k) error("no field " .. k, 2) end })
print(pcall(function() return t.abc end))    -- expect: false	tests/language/metatables/errors_inside.lua:40: no field abc
print(pcall(function() t.abc = 1 end))       -- expect: false	tests/language/metatables/errors_inside.lua:43: no field abc
