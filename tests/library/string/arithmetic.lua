-- Strings in arithmetic: the metamethods of strings convert them, and ask the other operand's.

local function show(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = tostring(values[i]) end
  print(table.concat(values, " "))
end
local function e(f)
  local ok, message = pcall(f)
  assert(not ok)
  print((message:gsub("^[^:]+:%d+: ", "")))
end

local function check()
  assert("10" + 5 == 15 and "0x10" * 2 == 32 and "3" // "2" == 1 and "7" % "4" == 3 and "2" ^ "3" == 8.0 and "10" / 2 == 5.0 and -"2" == -2)
  assert(math.type("10" + 5) == "integer" and math.type("10.0" + 5) == "float" and math.type(" 1e1 " + 0) == "float" and -" 0x1p1 " == -2.0)
  assert("9223372036854775807" + 1 == math.mininteger and "9223372036854775808" + 0 == 2.0^63 and "\t10\n" - "\v3\f" == 7)
end
for _ = 1, 200 do check() end
local object = setmetatable({}, {
  __add = function(a, b) return "add " .. type(a) .. " " .. type(b) end,
  __unm = function() return "unm" end,
  __mul = "not a function",
})
show("1" + object, object + "1", "x" + object, 1 + object)  -- expect: add string table add table string add string table add number table
e(function() return "a" + 1 end)  -- expect: attempt to add a 'string' with a 'number'
e(function() return 1 - "a" end)  -- expect: attempt to sub a 'number' with a 'string'
e(function() return "10" + {} end)  -- expect: attempt to add a 'string' with a 'table'
e(function() return {} * "10" end)  -- expect: attempt to mul a 'table' with a 'string'
e(function() return -"z" end)  -- expect: attempt to unm a 'string' with a 'string'
e(function() return "1" // nil end)  -- expect: attempt to idiv a 'string' with a 'nil'
e(function() return "5 x" % 2 end)  -- expect: attempt to mod a 'string' with a 'number'
e(function() return "2" ^ true end)  -- expect: attempt to pow a 'string' with a 'boolean'
e(function() return "1" // 0 end)  -- expect: attempt to divide by zero
e(function() return "1" % "0" end)  -- expect: attempt to perform 'n%0'
e(function() return "1" | 1 end)  -- expect: attempt to perform bitwise operation on a string value (constant '1')
e(function() return ~"1" end)  -- expect: attempt to perform bitwise operation on a string value (constant '1')
e(function() return "1" + object.x end)  -- expect: attempt to add a 'string' with a 'nil'
e(function() return "x" * object end)  -- expect: attempt to call a string value

-- the metatable is open to additions: bitwise operators by the program
local strings = getmetatable("")
strings.__bor = function(a, b) return math.tointeger(tonumber(a)) | math.tointeger(tonumber(b)) end
strings.__shl = function(a, b) return math.tointeger(tonumber(a)) << math.tointeger(tonumber(b)) end
strings.__bnot = function(a) return ~math.tointeger(tonumber(a)) end
strings.__call = function(s, ...) return s .. select("#", ...) end
for _ = 1, 300 do assert("0xF0" | 15 == 255 and 1 | "2" == 3 and "1" << "4" == 16 and ~"0" == -1 and ("n")(1, nil) == "n2") end
strings.__bor, strings.__shl, strings.__bnot, strings.__call = nil, nil, nil, nil
e(function() return "1" | 1 end)  -- expect: attempt to perform bitwise operation on a string value (constant '1')
strings.__add = nil
e(function() return "1" + 1 end)  -- expect: attempt to perform arithmetic on a string value (constant '1')
