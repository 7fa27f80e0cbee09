-- Methods of strings, looked up again and again while what they come from changes: the library's fields, the metatable's __index and the metatable itself.

local mt = getmetatable("")
local library = mt.__index
local find = string.find
assert(library == string)

local function upper(s) return s:upper() end
local function tagged(s, ...) return s:tagged(...) end
local function length(object) return object:len() end

local function repeated(f, ...)
  local result
  for _ = 1, 300 do result = f(...) end
  return result
end
local function fails(message, f, ...)
  for _ = 1, 300 do
    local ok, text = pcall(f, ...)
    assert(not ok and find(text, message, 1, true), text)
  end
end

assert(repeated(upper, "abc") == "ABC")

-- A field of the library changes, goes and comes.
local old = string.upper
string.upper = function(s) return "<" .. s .. ">" end
assert(repeated(upper, "abc") == "<abc>")
string.upper = nil
fails("attempt to call a nil value (method 'upper')", upper, "abc")
string.upper = old
assert(repeated(upper, "abc") == "ABC")

-- New methods.
fails("attempt to call a nil value (method 'tagged')", tagged, "abc")
function string:tagged(a, b) return self .. ":" .. tostring(a) .. tostring(b) end
assert(repeated(tagged, "abc", 1, 2) == "abc:12")
string.tagged = nil
fails("attempt to call a nil value (method 'tagged')", tagged, "abc")

-- Another table as __index, then one behind it.
mt.__index = { upper = function(s) return s .. "!" end }
assert(repeated(upper, "abc") == "abc!")
fails("attempt to call a nil value (method 'len')", length, "abc")
setmetatable(mt.__index, { __index = library })
assert(repeated(length, "abc") == 3)
mt.__index.len = function() return 77 end
assert(repeated(length, "abc") == 77)
setmetatable(mt.__index, nil)
mt.__index.len = nil
fails("attempt to call a nil value (method 'len')", length, "abc")

-- A function as __index gets the string itself.
mt.__index = function(s, key) return function(self, ...) return s .. "." .. key .. select("#", ...) .. tostring(self == s) end end
assert(repeated(upper, "abc") == "abc.upper0true")
assert(repeated(tagged, "xy", 1, 2, 3) == "xy.tagged3true")

-- None: then a string cannot be indexed.
mt.__index = nil
fails("attempt to index a string value (local 's')", upper, "abc")
mt.__index = library
assert(repeated(upper, "abc") == "ABC")

-- __index that is not indexable.
mt.__index = 42
fails("attempt to index a number value", upper, "abc")
mt.__index = "a string"  -- whose methods are its own: an endless chain
fails("'__index' chain too long", upper, "abc")
mt.__index = library

-- Another metatable, and none.
debug.setmetatable("", { __index = { upper = function(s) return #s end } })
assert(repeated(upper, "abcd") == 4)
debug.setmetatable("", nil)
fails("attempt to index a string value (local 's')", upper, "abc")
debug.setmetatable("", mt)
assert(repeated(upper, "abc") == "ABC")

-- One site, all kinds of objects.
local class = { len = function(t) return t.n end }
class.__index = class
local own = { len = function() return "own" end }
local objects = { "four", setmetatable({ n = 5 }, class), own, ("x"):rep(100), setmetatable({ n = 6, x = 1 }, class), "" }
local expected = { 4, 5, "own", 100, 6, 0 }
for _ = 1, 200 do
  for i = 1, #objects do assert(length(objects[i]) == expected[i]) end
end
fails("attempt to index a number value (local 'object')", length, 12)
fails("attempt to index a nil value (local 'object')", length, nil)
debug.setmetatable(0, { __index = { len = function(n) return -n end } })
assert(repeated(length, 12) == -12)
debug.setmetatable(0, nil)
fails("attempt to index a number value (local 'object')", length, 12)
for i = 1, #objects do assert(length(objects[i]) == expected[i]) end

-- Objects whose methods are those of strings.
local like_strings = setmetatable({}, mt)
local function reverse(object) return object:reverse() end
assert(repeated(reverse, "abc") == "cba")
fails("string expected, got table", reverse, like_strings)
assert(repeated(reverse, "xyz") == "zyx")

-- The receiver's own register is overwritten by the call.
local function last(s)
  s = s:sub(2)
  s = s:sub(2):upper()
  return s
end
assert(repeated(last, "abcd") == "CD")

-- Names that are long strings are not cached.
local long = ("m"):rep(60)
string[long] = function(s) return #s end
local by_long = load("local s = ... return s:" .. long .. "()")
assert(repeated(by_long, "abc") == 3)
string[long] = nil
fails("attempt to call a nil value (method '" .. long, by_long, "abc")
