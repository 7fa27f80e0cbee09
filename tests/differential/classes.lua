-- Random classes: tables that serve as metatables with every metamethod. Objects have an integer `v` and whatever else is set.

local Classes = {}

local kArithmetic = {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr"}

local kBodies = {
  "return NEW(val(a) + val(b))", "return NEW(val(a) - val(b))", "return NEW(val(a) ~ val(b))", "return NEW(val(a) * 2 + val(b))",
  "if val(b) == 3 then error('three') end return NEW(val(a) | val(b))", "Y(val(a)) return NEW(val(b))",
  "local c = val(a) for i = 1, 3 do c = c + i end return NEW(c)", "if type(a) == 'number' then return NEW(a // 1 | 0) end return a",
  "return setmetatable({v = val(a) & val(b)}, CLASS)",
}

-- One class as text, named so. `parent` is another's name or nil.
function Classes.text(random, name, parent)
  local lines = {}
  local function add(line) lines[#lines + 1] = (line:gsub("NEW", name .. ".new"):gsub("CLASS", name)) end
  add("local CLASS = {name = 'CLASS'}")
  if parent then add("setmetatable(CLASS, {__index = " .. parent .. "})") end
  if not parent or random:once_in(2) then
    add "function CLASS.new(v) return setmetatable({v = v}, CLASS) end"
    add "function CLASS:get(k) return self.v + val(k) end"
  else
    add "function CLASS.new(v) local o = {} o.w = v o.v = v return setmetatable(o, CLASS) end"
  end
  if not parent then add "function CLASS:set(v) self.v = val(v) return self end" end
  add(random:pick {
    "CLASS.__index = CLASS",
    "CLASS.__index = function(o, k) if CLASS[k] ~= nil then return CLASS[k] end return type(k) == 'string' and #k or val(k) end",
    "CLASS.__index = setmetatable({}, {__index = function(t, k) local m = CLASS[k] if m == nil then return 7 end return m end})",
    "CLASS.__index = CLASS CLASS.missing = 40 CLASS.other = 2",
  })
  add(random:pick {
    "CLASS.__newindex = function(o, k, x) rawset(o, k, x) end",
    "CLASS.__newindex = nil",
    "CLASS.__newindex = function(o, k, x) if k == 'bad' then error('no ' .. k) end rawset(o, k, x) end",
    "CLASS.__newindex = nil",
  })
  for _, event in ipairs(kArithmetic) do
    add("CLASS.__" .. event .. " = function(a, b) " .. random:pick(kBodies) .. " end")
  end
  add(random:pick {"CLASS.__unm = function(a) return NEW(-a.v) end", "CLASS.__unm = function(a) Y(1) return NEW(a.v + 1) end"})
  add "CLASS.__bnot = function(a) return NEW(~a.v) end"
  add(random:pick {"CLASS.__len = function(a) return a.v & 7 end", "CLASS.__len = function(a) Y(2) return 3 end"})
  add(random:pick {
    "CLASS.__concat = function(a, b) return cut(S(a)) .. '~' .. cut(S(b)) end",
    "CLASS.__concat = function(a, b) Y(3) return type(a) .. type(b) end",
  })
  add(random:pick {"CLASS.__eq = function(a, b) return a.v == b.v end", "CLASS.__eq = function(a, b) Y(4) return a.v & 1 == b.v & 1 end"})
  add(random:pick {"CLASS.__lt = function(a, b) return val(a) < val(b) end", "CLASS.__lt = function(a, b) Y(5) return val(a) > val(b) end"})
  add(random:pick {"CLASS.__le = function(a, b) return val(a) <= val(b) end", "CLASS.__le = function(a, b) return nil end"})
  add(random:pick {
    "CLASS.__call = function(o, a, ...) return o.v + val(a) + select('#', ...) end",
    "CLASS.__call = function(o, ...) local n = o.v for _, x in ipairs {...} do n = n ~ val(x) end return n end",
  })
  add(random:pick {"CLASS.__tostring = function(o) return 'CLASS(' .. o.v .. ')' end", "CLASS.__tostring = function(o) return CLASS.name end"})
  add(random:pick {
    "CLASS.__close = function(o, e) P('close', o.v, e) end",
    "CLASS.__close = function(o, e) P('close', o.v) o.v = 0 end",  -- no Y: lua5.4.4 is confused by it after a break
    "CLASS.__close = function(o, e) P('closing', e) if o.v == 3 then error('in close', 0) end end",
  })
  if random:once_in(3) then add "CLASS.__name = 'CLASS.type'" end
  if random:once_in(4) then add "CLASS.__pairs = function(o) return function(_, k) k = (k or 0) + 1 if k < 4 then return k, k * o.v end end, o, nil end" end
  return lines
end

return Classes
