-- __tostring, __name and __metatable.

local function check()
  local t = setmetatable({}, { __tostring = function(self) return "I am " .. type(self) end })
  assert(tostring(t) == "I am table" and ("%s"):format(t) == "I am table")
  local named = setmetatable({}, { __name = "My.Type" })
  assert(tostring(named):match("^My%.Type: ") and not tostring({}):match("^My"))
  local both = setmetatable({}, { __name = "N", __tostring = function() return "T" end })
  assert(tostring(both) == "T")
  local badname = setmetatable({}, { __name = 5 })
  assert(tostring(badname):match("^table: "))
  -- __metatable hides and protects
  local p = setmetatable({}, { __metatable = "protected" })
  assert(getmetatable(p) == "protected")
  local ok, e = pcall(setmetatable, p, {})
  assert(not ok and e == "cannot change a protected metatable")
  ok, e = pcall(setmetatable, p, nil)
  assert(not ok)
  local f = setmetatable({}, { __metatable = false })
  assert(getmetatable(f) == false and not pcall(setmetatable, f, {}))
  assert(getmetatable({}) == nil and getmetatable(1) == nil and getmetatable(nil) == nil)
  local mt = {}
  local u = setmetatable({}, mt)
  assert(getmetatable(u) == mt and setmetatable(u, nil) == u and getmetatable(u) == nil)
  -- fields of a metatable are read raw
  local sneaky = setmetatable({}, setmetatable({}, { __index = { __tostring = function() return "no" end,
    __index = { x = 1 }, __metatable = "no" } }))
  assert(tostring(sneaky):match("^table: ") and sneaky.x == nil and type(getmetatable(sneaky)) == "table")
end
for _ = 1, 300 do check() end
print(setmetatable({}, { __tostring = function() return "printed" end }), 1) -- expect: printed	1
print(pcall(tostring, setmetatable({}, { __tostring = function() return {} end }))) -- expect: false	'__tostring' must return a string
print(pcall(tostring, setmetatable({}, { __tostring = function() end })))    -- expect: false	'__tostring' must return a string
print(pcall(tostring, setmetatable({}, { __tostring = function() error("oops", 0) end }))) -- expect: false	oops
print(pcall(setmetatable, {}))              -- expect: false	bad argument #2 to 'setmetatable' (nil or table expected, got no value)
print(pcall(setmetatable, {}, 1))           -- expect: false	bad argument #2 to 'setmetatable' (nil or table expected, got number)
print(pcall(setmetatable, 1, {}))           -- expect: false	bad argument #1 to 'setmetatable' (table expected, got number)
print(pcall(getmetatable))                  -- expect: false	bad argument #1 to 'getmetatable' (value expected)
