-- An uncaught run time error shows file, line and the variable.

print("before")                   -- expect: before
local config = {}
local function f()
  return config.server.port -- expect error: attempt to index a nil value (field 'server')
end
f()
