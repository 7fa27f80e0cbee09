-- Arithmetic converts strings that are numerals; the kind of numeral is kept.

local function check()
  assert("10" + 5 == 15 and math.type("10" + 5) == "integer")
  assert("10" + "5" == 15 and math.type("10" + "5") == "integer")
  assert("10.0" + 5 == 15.0 and math.type("10.0" + 5) == "float")
  assert("0x10" + 1 == 17 and "  7  " * 2 == 14 and "1e1" * 1 == 10.0)
  assert("3" - "4" == -1 and "2" * "3" == 6 and "7" / "2" == 3.5 and "7" // "2" == 3)
  assert("7" % "4" == 3 and "2" ^ "3" == 8.0 and -"2" == -2 and math.type(-"2") == "integer")
  assert(-"2.5" == -2.5 and - - "3" == 3)
  assert("\n\t12\r" + 0 == 12 and "-5" + 0 == -5 and "- 5" ~= -5)
  assert("9223372036854775807" + 1 == math.mininteger)
  assert("9223372036854775808" + 0 == 2^63)
  assert(10 .. "" == "10" and "10" + 0 .. "" == "10")
end
for _ = 1, 300 do check() end

local function add(a, b) return a + b end
for i = 1, 300 do assert(add("1", i) == i + 1 and add(i, "1.5") == i + 1.5) end

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
print(fails(add, "abc", 1))          -- expect: attempt to add a 'string' with a 'number'
print(fails(add, 1, "abc"))          -- expect: attempt to add a 'number' with a 'string'
print(fails(add, "a", "b"))          -- expect: attempt to add a 'string' with a 'string'
print(fails(add, "", 1))             -- expect: attempt to add a 'string' with a 'number'
print(fails(add, "10x", 1))          -- expect: attempt to add a 'string' with a 'number'
print(fails(add, "1 2", 1))          -- expect: attempt to add a 'string' with a 'number'
print(fails(add, "0x", {}))          -- expect: attempt to add a 'string' with a 'table'
print(fails(add, {}, "1"))           -- expect: attempt to add a 'table' with a 'string'
print(fails(add, "1", nil))          -- expect: attempt to add a 'string' with a 'nil'
print(fails(function() return -"x" end)) -- expect: attempt to unm a 'string' with a 'string'
print(fails(function() return "x" * 2 end)) -- expect: attempt to mul a 'string' with a 'number'
print(fails(function() return 2 ^ "y" end)) -- expect: attempt to pow a 'number' with a 'string'
print(fails(function() return "5" // 0 end)) -- expect: attempt to divide by zero
print(fails(function() return "1\0" + 1 end)) -- expect: attempt to add a 'string' with a 'number'
