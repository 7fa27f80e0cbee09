-- The names in messages: locals, upvalues, globals, fields, methods, constants.

local function msg(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
local up1, up2 = nil, {}
local t = { sub = {} }
print(msg(function() local a = {}; local b = a.x.y end))              -- expect: attempt to index a nil value (field 'x')
print(msg(function() up2.x.y = 1 end))                                -- expect: attempt to index a nil value (field 'x')
print(msg(function() up1[1] = 1 end))                                 -- expect: attempt to index a nil value (upvalue 'up1')
print(msg(function() local i = 1; t.sub[i].z = 2 end))                -- expect: attempt to index a nil value (field '?')
print(msg(function() t.sub.a.b.c = 1 end))                            -- expect: attempt to index a nil value (field 'a')
print(msg(function() t:method() end))                                 -- expect: attempt to call a nil value (method 'method')
print(msg(function() t.sub:method() end))                             -- expect: attempt to call a nil value (method 'method')
print(msg(function() t.nosub:method() end))                           -- expect: attempt to index a nil value (field 'nosub')
print(msg(function() glob.x() end))                                   -- expect: attempt to index a nil value (global 'glob')
print(msg(function() local s = ""; s.x.y = 1 end))                    -- expect: attempt to index a nil value (field 'x')
print(msg(function() local s = ""; s:nope() end))                     -- expect: attempt to call a nil value (method 'nope')
print(msg(function() return up1 + 1 end))                             -- expect: attempt to perform arithmetic on a nil value (upvalue 'up1')
print(msg(function() return 1 .. up2 end))                            -- expect: attempt to concatenate a table value (upvalue 'up2')
print(msg(function() return t.a .. t.b end))                          -- expect: attempt to concatenate a nil value (field 'a')
print(msg(function() return #t.a end))                                -- expect: attempt to get length of a nil value (field 'a')
print(msg(function() return -t.a end))                                -- expect: attempt to perform arithmetic on a nil value (field 'a')
print(msg(function() return ~t.sub end))                              -- expect: attempt to perform bitwise operation on a table value (field 'sub')
print(msg(function() return t.sub < 1 end))                           -- expect: attempt to compare table with number
print(msg(function() return t.sub.x & 1 end))                         -- expect: attempt to perform bitwise operation on a nil value (field 'x')
print(msg(function() return 2 ^ t.sub end))                           -- expect: attempt to perform arithmetic on a table value (field 'sub')
print(msg(function() return t < t end))                               -- expect: attempt to compare two table values
print(msg(function() return {} .. "x" end))                           -- expect: attempt to concatenate a table value
print(msg(function() return (t.x or t.y).z end))                      -- expect: attempt to index a nil value
print(msg(function() return (t.x and t.y).z end))                     -- expect: attempt to index a nil value
print(msg(function() t.x, t.y.z = 1, 2 end))                          -- expect: attempt to index a nil value (field 'y')
print(msg(function(a, b) return a.b.c + b end, { b = 1 }, 2))         -- expect: attempt to index a number value (field 'b')
print(msg(function(...) return (...).x end))                          -- expect: attempt to index a nil value
print(msg(function() for i = 1, 3 do local v = t.list[i] end end))    -- expect: attempt to index a nil value (field 'list')
print(msg(function() local function f() return f.x.y end f() end))    -- expect: attempt to index a function value (upvalue 'f')
print(msg(function() string.nothing("x") end))                        -- expect: attempt to call a nil value (field 'nothing')
print(msg(function() t.sub.f.g() end))                                -- expect: attempt to index a nil value (field 'f')
print(msg(function() local a <const> = 5; return a.b.c end))          -- expect: attempt to index a number value
print(msg(function() return math.pi.x.y end))                         -- expect: attempt to index a number value (field 'pi')
print(msg(function() return t["with space"].x end))                   -- expect: attempt to index a nil value (field 'with space')
print(msg(function() t[t.sub.n].x = 1 end))                           -- expect: attempt to index a nil value (field '?')
