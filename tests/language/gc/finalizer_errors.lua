-- An error in a finalizer is only a warning: the program goes on.

local ran = 0
for i = 1, 10 do
  setmetatable({}, { __gc = function() ran = ran + 1; error("in finalizer") end })
end
collectgarbage()
collectgarbage()
assert(ran == 10)
-- a finalizer that is not a function is ignored
setmetatable({}, { __gc = 5 })
setmetatable({}, { __gc = {} })
collectgarbage()
collectgarbage()
-- closing the state inside a finalizer of a coroutine's objects
local co = coroutine.create(function()
  local o = setmetatable({}, { __gc = function() ran = ran + 1 end })
  coroutine.yield()
end)
coroutine.resume(co)
collectgarbage()
assert(ran == 10)
co = nil
collectgarbage()
collectgarbage()
assert(ran == 11)
print("fine")                             -- expect: fine
