-- Concatenation converts numbers: integers in full, floats with 14 digits and
-- always with something that shows they are floats.

local function check()
  assert(1 .. 2 == "12" and 1.5 .. "" == "1.5" and "x" .. 1 == "x1" and 1.0 .. "" == "1.0")
  assert(-0.0 .. "" == "-0.0" and 2^53 .. "" == "9.007199254741e+15")
  assert(math.mininteger .. "" == "-9223372036854775808")
  assert(math.maxinteger .. "|" == "9223372036854775807|")
  assert(1e100 .. "" == "1e+100" and 1e15 .. "" == "1e+15" and 1e14 .. "" == "1e+14")
  assert(123456.789 .. "" == "123456.789" and 0.1 .. "" == "0.1")
  assert(math.huge .. "" == "inf" and -math.huge .. "" == "-inf")
  assert((0/0 .. ""):find("nan"))
  assert(3.14159265358979 .. "" == "3.1415926535898")
  assert(tostring(10) == "10" and tostring(10.0) == "10.0" and tostring(-0.0) == "-0.0")
  assert(tostring(1e15) == "1e+15" and tostring(123456789012.5) == "123456789012.5")
  assert(#tostring(0x7fffffffffffffff) == 19)
  assert(("x"):rep(3.0) == "xxx" and ("abc"):sub("2") == "bc")
end
for _ = 1, 300 do check() end

local function cat(a, b) return a .. b end
for i = 1, 300 do assert(cat(i, "") == tostring(i) and cat("", i + 0.5) == i .. ".5") end

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
print(fails(cat, "x", nil))               -- expect: attempt to concatenate a nil value (local 'b')
print(fails(cat, nil, "x"))               -- expect: attempt to concatenate a nil value (local 'a')
print(fails(cat, {}, "x"))                -- expect: attempt to concatenate a table value (local 'a')
print(fails(cat, 1, true))                -- expect: attempt to concatenate a boolean value (local 'b')
print(fails(cat, {}, {}))                 -- expect: attempt to concatenate a table value (local 'a')
local t = {}
print(fails(function() return "a" .. t.name end))       -- expect: attempt to concatenate a nil value (field 'name')
print(fails(function() return t.name .. "a" end))       -- expect: attempt to concatenate a nil value (field 'name')
print(fails(function() return "a" .. "b" .. t .. "c" end)) -- expect: attempt to concatenate a table value (upvalue 't')
print(fails(function() return "a" .. nosuch end))       -- expect: attempt to concatenate a nil value (global 'nosuch')
print(fails(function() local s; s = s .. "x" end))      -- expect: attempt to concatenate a nil value (local 's')
