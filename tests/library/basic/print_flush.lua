-- print hands each line over, so that what other processes write stands in order.

print("first")                       -- expect: first
assert(os.execute("echo second"))    -- expect: second
print("third", nil, 1.0)             -- expect: third	nil	1.0
local pipe = io.popen("cat", "w")
print("fourth")                      -- expect: fourth
pipe:write("fifth\n")                -- expect: fifth
pipe:close()
print()                              -- expect:
assert(os.execute("echo seventh"))   -- expect: seventh

-- a value's own text is asked for before the tab in front of it is written
local chatty = setmetatable({}, { __tostring = function() print("asked") return "text" end })
print(1, chatty, chatty)
-- expect: 1asked
-- expect: 	textasked
-- expect: 	text
