-- tostring and type for every kind of value.

local function check()
  assert(tostring(nil) == "nil" and tostring(true) == "true" and tostring(false) == "false")
  assert(tostring("x") == "x" and tostring("") == "" and tostring(1) == "1" and tostring(-1) == "-1")
  assert(tostring(1.0) == "1.0" and tostring(0.5) == "0.5" and tostring(-0.0) == "-0.0" and tostring(1e100) == "1e+100")
  assert(tostring(1 / 0) == "inf" and tostring(-1 / 0) == "-inf")
  assert(tostring(math.maxinteger) == "9223372036854775807" and tostring(math.mininteger) == "-9223372036854775808")
  assert(tostring({}):match("^table: ") and tostring(print):match("^function: ") and tostring(check):match("^function: "))
  assert(tostring(coroutine.create(print)):match("^thread: ") and tostring(io.stdout):match("^file %("))
  local t, u = {}, {}
  assert(tostring(t) == tostring(t) and tostring(t) ~= tostring(u))
  assert(tostring(2^53) == "9.007199254741e+15" and tostring(2^24) == "16777216.0" and tostring(1e15) == "1e+15")
  assert(tostring(123456789012345) == "123456789012345" and tostring(0.1 + 0.2) == "0.3")
  assert(type(nil) == "nil" and type(1) == "number" and type(1.5) == "number" and type("") == "string")
  assert(type({}) == "table" and type(print) == "function" and type(check) == "function" and type(true) == "boolean")
  assert(type(coroutine.create(print)) == "thread" and type(io.stdout) == "userdata" and type(type) == "function")
end
for _ = 1, 300 do check() end
print(nil, true, 1, 1.5, "s")           -- expect: nil	true	1	1.5	s
print()                                 -- expect:
print("")                               -- expect:
print("a\tb", "c d")                    -- expect: a	b	c d
print(pcall(type))                      -- expect: false	bad argument #1 to 'type' (value expected)
print(pcall(tostring))                  -- expect: false	bad argument #1 to 'tostring' (value expected)
