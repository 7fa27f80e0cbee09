-- An error in a library function called from Lua has the line of the call.

local t = {}
local function add(v)
  table.insert(t, v, "x", "y") -- expect error: wrong number of arguments to 'insert'
end
add(1)
