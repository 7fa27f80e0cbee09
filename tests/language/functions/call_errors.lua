-- Calling values that are not functions: the message names the value.

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
local up
local t = { n = 5 }
print(fails(function() nowhere() end))                  -- expect: attempt to call a nil value (global 'nowhere')
print(fails(function() local l; l() end))               -- expect: attempt to call a nil value (local 'l')
print(fails(function() up() end))                       -- expect: attempt to call a nil value (upvalue 'up')
print(fails(function() t.f() end))                      -- expect: attempt to call a nil value (field 'f')
print(fails(function() t.n() end))                      -- expect: attempt to call a number value (field 'n')
print(fails(function() t:m() end))                      -- expect: attempt to call a nil value (method 'm')
print(fails(function() t.a.b() end))                    -- expect: attempt to index a nil value (field 'a')
print(fails(function() t[1]() end))                     -- expect: attempt to call a nil value (field 'integer index')
print(fails(function() local k = "key"; t[k]() end))    -- expect: attempt to call a nil value (field '?')
print(fails(function() (5)() end))                      -- expect: attempt to call a number value
print(fails(function() ("x")() end))                    -- expect: attempt to call a string value (constant 'x')
print(fails(function() ({})() end))                     -- expect: attempt to call a table value
print(fails(function() (nil)() end))                    -- expect: attempt to call a nil value
print(fails(function() local x = true; x(1, 2) end))    -- expect: attempt to call a boolean value (local 'x')
print(fails(function() return nowhere() end))           -- expect: attempt to call a nil value (global 'nowhere')
print(fails(function() return t.f(1) end))              -- expect: attempt to call a nil value (field 'f')
print(fails(function() return t:m(1) end))              -- expect: attempt to call a nil value (method 'm')
print(fails(function() print(nowhere()) end))           -- expect: attempt to call a nil value (global 'nowhere')
print(fails(function() local a = 1 + nowhere() end))    -- expect: attempt to call a nil value (global 'nowhere')
print(fails(function() math.nofunction(1) end))         -- expect: attempt to call a nil value (field 'nofunction')
print(fails(function() string.upper("x")() end))        -- expect: attempt to call a string value
print(fails(5))                                         -- expect: attempt to call a number value
print(fails(nil))                                       -- expect: attempt to call a nil value
print(fails({}))                                        -- expect: attempt to call a table value
print(pcall(pcall))                                     -- expect: false	bad argument #1 to 'pcall' (value expected)
for i = 1, 300 do
  assert(not pcall(function() t.f(i) end))
end
t.missing.call() -- expect error: attempt to index a nil value (field 'missing')
