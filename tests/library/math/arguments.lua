-- Numbers given as strings, and which argument of a call is blamed.

local function show(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = tostring(values[i]) end
  print(table.concat(values, " "))
end
local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

-- math.abs takes a string for a float; other functions keep integers in it
for _ = 1, 200 do assert(math.type(math.abs("10")) == "float" and math.type(math.abs(10)) == "integer") end
show(math.abs("10"), math.abs("-0x10"), math.abs(" -1.5 "))  -- expect: 10.0 16.0 1.5
show(math.floor("3.7"), math.ceil("3.2"), math.floor("5"), math.ceil(" 0x10 "))  -- expect: 3 4 5 16
show(math.max("10", "9"), math.min("10", "9"))  -- expect: 9 10
show(math.tointeger("8"), math.tointeger("8.0"), math.tointeger("x"), math.tointeger("0x10"), math.tointeger({}))  -- expect: 8 8 nil 16 nil
show(math.fmod("7", "3"), math.fmod(7, "3"), math.fmod(-7, 3), math.fmod(7, -3.0))  -- expect: 1.0 1.0 -1 1.0
show(math.modf("3.5"))  -- expect: 3 0.5
show(math.modf(-3.5))  -- expect: -3 -0.5
show(math.modf(math.huge))  -- expect: inf 0.0
show(math.modf(-math.huge))  -- expect: -inf 0.0
show(math.modf(7))  -- expect: 7 0.0
show(math.ult("1", "-1"), math.sqrt("16"), math.exp("0"))  -- expect: true 4.0 1.0
show(math.type("1"), math.type(1), math.type(1.0), math.type(nil))  -- expect: nil integer float nil
show(math.fmod(math.mininteger, -1), math.fmod(math.mininteger, math.mininteger), math.fmod(5, math.mininteger))  -- expect: 0 0 5
show(math.fmod(1, math.huge), math.fmod(-6, 2), math.fmod(-6.0, 2))  -- expect: 1.0 0 -0.0
show(math.floor(2^62), math.floor(-2^63), math.floor(2^63), math.ceil(-2^63 - 1025), math.ceil(1e300))  -- expect: 4611686018427387904 -9223372036854775808 9.2233720368548e+18 -9.2233720368548e+18 1e+300
e(math.fmod)  -- expect: bad argument #2 to 'math.fmod' (number expected, got no value)
e(math.fmod, 1)  -- expect: bad argument #2 to 'math.fmod' (number expected, got no value)
e(math.fmod, "x", 1)  -- expect: bad argument #1 to 'math.fmod' (number expected, got string)
e(math.fmod, 1, 0)  -- expect: bad argument #2 to 'math.fmod' (zero)
e(math.fmod, 1, {})  -- expect: bad argument #2 to 'math.fmod' (number expected, got table)
e(math.asin, "x")  -- expect: bad argument #1 to 'math.asin' (number expected, got string)
e(math.log, 1, "x")  -- expect: bad argument #2 to 'math.log' (number expected, got string)
e(math.random, 1.5)  -- expect: bad argument #1 to 'math.random' (number has no integer representation)
e(math.random, 2, 1)  -- expect: bad argument #1 to 'math.random' (interval is empty)
e(math.random, -1)  -- expect: bad argument #1 to 'math.random' (interval is empty)
e(math.random, 1, 2, 3)  -- expect: wrong number of arguments
e(math.random, math.maxinteger, math.mininteger)  -- expect: bad argument #1 to 'math.random' (interval is empty)
e(math.randomseed, 1.5)  -- expect: bad argument #1 to 'math.randomseed' (number has no integer representation)
e(math.randomseed, 1, {})  -- expect: bad argument #2 to 'math.randomseed' (number expected, got table)
e(math.tointeger)  -- expect: bad argument #1 to 'math.tointeger' (value expected)
e(math.type)  -- expect: bad argument #1 to 'math.type' (value expected)
