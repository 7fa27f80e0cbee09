-- os.exit from inside pcall, a coroutine and nested calls; status 0.

local function deep(n)
  if n == 0 then
    print("leaving")         -- expect: leaving
    os.exit(0, true)
  end
  local r = deep(n - 1)
  return r
end
pcall(coroutine.wrap(function() pcall(deep, 50) end))
print("never")
