-- Errors of arithmetic operators: the message names the operand at fault.

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end

local function add(a, b) return a + b end
local function mul(a, b) return a * b end
local function neg(a) return -a end
local function pow(a, b) return a ^ b end
for i = 1, 300 do assert(add(i, 1) == i + 1 and mul(i, 2) == 2 * i and neg(i) == 0 - i) end

print(fails(add, nil, 1))       -- expect: attempt to perform arithmetic on a nil value (local 'a')
print(fails(add, 1, nil))       -- expect: attempt to perform arithmetic on a nil value (local 'b')
print(fails(add, {}, nil))      -- expect: attempt to perform arithmetic on a table value (local 'a')
print(fails(add, {}, 1))        -- expect: attempt to perform arithmetic on a table value (local 'a')
print(fails(mul, true, 1))      -- expect: attempt to perform arithmetic on a boolean value (local 'a')
print(fails(mul, print, 1))     -- expect: attempt to perform arithmetic on a function value (local 'a')
print(fails(neg, {}))           -- expect: attempt to perform arithmetic on a table value (local 'a')
print(fails(neg, nil))          -- expect: attempt to perform arithmetic on a nil value (local 'a')
print(fails(pow, 2, nil))       -- expect: attempt to perform arithmetic on a nil value (local 'b')
print(fails(add, coroutine.create(print), 1)) -- expect: attempt to perform arithmetic on a thread value (local 'a')

local t = {}
print(fails(function() return t.x + 1 end))    -- expect: attempt to perform arithmetic on a nil value (field 'x')
print(fails(function() return 1 + t.x end))    -- expect: attempt to perform arithmetic on a nil value (field 'x')
print(fails(function() return t + 1 end))      -- expect: attempt to perform arithmetic on a table value (upvalue 't')
print(fails(function() return nowhere * 2 end)) -- expect: attempt to perform arithmetic on a nil value (global 'nowhere')
print(fails(function() return t[1] - 2 end))   -- expect: attempt to perform arithmetic on a nil value (field 'integer index')
print(fails(function() local x; x = x / 2 end)) -- expect: attempt to perform arithmetic on a nil value (local 'x')
print(fails(function() return -{} end))        -- expect: attempt to perform arithmetic on a table value
print(fails(function() return 10 - (function() end)() end)) -- expect: attempt to perform arithmetic on a nil value
