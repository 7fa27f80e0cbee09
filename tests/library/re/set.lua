-- perilune-only
-- re.set.
local re = require "re"
local function list(t) return t and table.concat(t, " ") end

local set = re.set { "foo", "^bar", "[0-9]+", "baz$" }
assert(list(set:match("foo")) == "1" and list(set:match("bar foo 1 baz")) == "1 2 3 4" and set:match("nothing") == nil and list(set:match("7")) == "3")
assert(set:test("a1") == true and set:test("x") == false and #set == 4 and tostring(set) == "re.set: 4 patterns" and tostring(re.set { "a" }) == "re.set: 1 pattern")
assert(getmetatable(set).__name == "re.set" and type(set) == "userdata")
-- none
local none = re.set {}
assert(#none == 0 and none:match("a") == nil and not none:test(""))
-- an empty pattern matches everything
assert(list(re.set({ "", "a" }):match("")) == "1")
-- anchors
assert(list(re.set({ "a", "b", "a.*" }, { anchor = "start" }):match("ab")) == "1 3")
assert(list(re.set({ "a", "b", "a.*" }, { anchor = "both" }):match("ab")) == "3")
assert(list(re.set({ "a", "b", "a.*" }, { anchor = "none" }):match("ab")) == "1 2 3")
-- options
assert(list(re.set({ "A", "^b" }, "im"):match("a\nb")) == "1 2" and list(re.set({ "A", "^b" }):match("a\nb")) == nil)
assert(list(re.set({ "a.", "(" }, { literal = true }):match("(a.)")) == "1 2" and list(re.set({ "^.$" }, { latin1 = true }):match("\xff")) == "1")
-- order of the list, whatever RE2's
local many = {}
for i = 1, 300 do many[i] = "w" .. i .. "\\b" end
many = re.set(many)
assert(list(many:match("w300 w7 w123")) == "7 123 300" and #many == 300)
-- zeros
assert(list(re.set({ "a\0b", "\\x00c" }):match("a\0b")) == "1")

local function fails(...)
  local ok, message = pcall(...)
  assert(not ok)
  return message
end
assert(fails(re.set) == "bad argument #1 to 're.set' (table expected, got no value)")
assert(fails(re.set, { "a", 1 }) == "bad argument #1 to 're.set' (pattern #2 is not a string (a number value))")
assert(fails(re.set, { "a", "b(" }) == "bad pattern #2 at offset 2: missing ): b(")
assert(fails(re.set, { "a" }, { anchor = "end" }) == "bad argument #2 to 're.set' (option 'anchor' must be 'none', 'start' or 'both')")
assert(fails(re.set, { ("\\pL"):rep(100) }, { max_mem = 5000 }) == "bad patterns: too large for max_mem = 5000 bytes")
assert(fails(set.match) == "bad argument #1 to '?' (re.set expected, got no value)")
assert(fails(set.match, re.compile("a"), "a") == "bad argument #1 to '?' (re.set expected, got re.pattern)")
assert(fails(set.match, set) == "bad argument #2 to '?' (string expected, got no value)")
assert(select(2, pcall(function() return set:test() end)):find("bad argument #1 to 'test' (string expected, got no value)", 1, true))
