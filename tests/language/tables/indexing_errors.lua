-- Indexing values that are not tables: the message names the value.

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
local up
local t = { n = 5, s = {} }
print(fails(function() return nowhere.x end))           -- expect: attempt to index a nil value (global 'nowhere')
print(fails(function() nowhere.x = 1 end))              -- expect: attempt to index a nil value (global 'nowhere')
print(fails(function() local l; return l.x end))        -- expect: attempt to index a nil value (local 'l')
print(fails(function() local l; l.x = 1 end))           -- expect: attempt to index a nil value (local 'l')
print(fails(function() return up.x end))                -- expect: attempt to index a nil value (upvalue 'up')
print(fails(function() up.x = 1 end))                   -- expect: attempt to index a nil value (upvalue 'up')
print(fails(function() return t.a.b end))               -- expect: attempt to index a nil value (field 'a')
print(fails(function() t.a.b = 1 end))                  -- expect: attempt to index a nil value (field 'a')
print(fails(function() return t.a.b.c end))             -- expect: attempt to index a nil value (field 'a')
print(fails(function() return t.s.x.y end))             -- expect: attempt to index a nil value (field 'x')
print(fails(function() return t.n.x end))               -- expect: attempt to index a number value (field 'n')
print(fails(function() return t.n.x.y end))             -- expect: attempt to index a number value (field 'n')
print(fails(function() return t[1].x end))              -- expect: attempt to index a nil value (field 'integer index')
print(fails(function() local k = "key"; return t[k].x end)) -- expect: attempt to index a nil value (field '?')
print(fails(function() local k = 2; return t[k].x end)) -- expect: attempt to index a nil value (field '?')
print(fails(function() return t[{}].x end))             -- expect: attempt to index a nil value (field '?')
print(fails(function() local b = true; return b.x end)) -- expect: attempt to index a boolean value (local 'b')
print(fails(function() local f = print; return f.x end)) -- expect: attempt to index a function value (local 'f')
print(fails(function() local f = print; f[1] = 2 end))  -- expect: attempt to index a function value (local 'f')
print(fails(function() return ("x").y.z end))           -- expect: attempt to index a nil value (field 'y')
print(fails(function() local s = "x"; s.y = 1 end))     -- expect: attempt to index a string value (local 's')
print(fails(function() local s = "x"; s[1] = 1 end))    -- expect: attempt to index a string value (local 's')
print(fails(function(p) return p.x end))                -- expect: attempt to index a nil value (local 'p')
print(fails(function(...) local a, b = ...; return b.x end, {})) -- expect: attempt to index a nil value (local 'b')
print(fails(function() return (function() end)().x end)) -- expect: attempt to index a nil value
print(fails(function() return t.f().x end))             -- expect: attempt to call a nil value (field 'f')
print(fails(function() return math.nofield.x end))      -- expect: attempt to index a nil value (field 'nofield')
print(fails(function() local a <const> = nil; return a.x end)) -- expect: attempt to index a nil value
for i = 1, 300 do
  local ok = pcall(function() return t.a[i] end)
  assert(not ok and ("x").nofield == nil)
end
