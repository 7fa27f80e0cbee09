-- Places that want an integer take a float with an exact integer value and
-- strings that are such numerals; others are errors.

local function check()
  assert(("hello"):sub(2.0, 3.0) == "el" and ("hello"):byte(1.0) == 104)
  assert(string.rep("x", 2.0) == "xx" and string.char(65.0) == "A")
  assert(select(2.0, "a", "b") == "b" and ("x"):rep("2") == "xx" and ("x"):rep("0x2") == "xx")
  assert(math.tointeger(3.0) == 3 and math.tointeger(3.5) == nil)
  assert(math.tointeger(2^53) == 9007199254740992 and math.tointeger(2^63) == nil)
  local t = { 10, 20, 30 }
  assert(t[2.0] == 20 and t[1e0] == 10)
  assert(table.concat(t, ",", 1.0, 2.0) == "10,20")
end
for _ = 1, 300 do check() end

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
print(fails(string.rep, "x", 1.5))        -- expect: bad argument #2 to 'string.rep' (number has no integer representation)
print(fails(string.rep, "x", "1.5"))      -- expect: bad argument #2 to 'string.rep' (number has no integer representation)
print(fails(string.rep, "x", "y"))        -- expect: bad argument #2 to 'string.rep' (number expected, got string)
print(fails(string.char, 2^63))           -- expect: bad argument #1 to 'string.char' (number has no integer representation)
print(fails(string.sub, "x", 0/0))        -- expect: bad argument #2 to 'string.sub' (number has no integer representation)
print(fails(string.sub, "x", math.huge))  -- expect: bad argument #2 to 'string.sub' (number has no integer representation)
