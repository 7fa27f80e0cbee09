-- A script that ends normally after catching everything has status 0.

assert(not pcall(error, "x"))
assert(not pcall(load("return nil + 1")))
local co = coroutine.create(function() error("in coroutine") end)
assert(not coroutine.resume(co))
print("fine")                             -- expect: fine
