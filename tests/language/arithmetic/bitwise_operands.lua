-- Operands of bitwise operators: floats with an exact integer value; strings are
-- not converted, unlike for arithmetic; errors.

local function check()
  assert(3.0 & 1 == 1 and 2^62 | 0 == 1 << 62)
  assert(-0.0 | 0 == 0 and -1.0 & 0xff == 255 and 1e15 | 0 == 1000000000000000)
end
for _ = 1, 300 do check() end

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
local function band(a, b) return a & b end
local function shl(a, b) return a << b end
local function bnot(a) return ~a end
for i = 1, 300 do assert(band(i, 7) == i % 8) end

print(fails(band, 1.5, 1))             -- expect: number (local 'a') has no integer representation
print(fails(band, 1, 0/0))             -- expect: number (local 'b') has no integer representation
print(fails(band, 2^63, 1))            -- expect: number (local 'a') has no integer representation
print(fails(shl, 1, math.huge))        -- expect: number (local 'b') has no integer representation
print(fails(bnot, 0.5))                -- expect: number (local 'a') has no integer representation
print(fails(band, {}, 1))              -- expect: attempt to perform bitwise operation on a table value (local 'a')
print(fails(band, 1, nil))             -- expect: attempt to perform bitwise operation on a nil value (local 'b')
print(fails(band, "x", 1))             -- expect: attempt to perform bitwise operation on a string value (local 'a')
print(fails(bnot, true))               -- expect: attempt to perform bitwise operation on a boolean value (local 'a')
print(fails(band, 1.5, {}))            -- expect: attempt to perform bitwise operation on a table value (local 'b')
print(fails(band, "3", 1))             -- expect: attempt to perform bitwise operation on a string value (local 'a')
print(fails(band, 1, "3"))             -- expect: attempt to perform bitwise operation on a string value (local 'b')
print(fails(bnot, "0"))                -- expect: attempt to perform bitwise operation on a string value (local 'a')
print(fails(shl, "1", 2.5))            -- expect: attempt to perform bitwise operation on a string value (local 'a')
local t = { x = "no" }
print(fails(function() return 1 | t.x end)) -- expect: attempt to perform bitwise operation on a string value (field 'x')
print(fails(function() return 1 | undefined end)) -- expect: attempt to perform bitwise operation on a nil value (global 'undefined')
