-- Places across which a yield is not possible give an error that can be caught.

local function try(f)
  local co = coroutine.create(f)
  return coroutine.resume(co)
end
print(try(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end))     -- expect: false	attempt to yield across a C-call boundary
print(try(function() ("abc"):gsub(".", function() coroutine.yield() end) end))           -- expect: false	attempt to yield across a C-call boundary
print(try(function() tostring(setmetatable({}, { __tostring = function() coroutine.yield() end })) end)) -- expect: false	attempt to yield across a C-call boundary
print(try(function() load(function() coroutine.yield() end) end))                        -- expect: true
print(try(function() return select(2, load(function() coroutine.yield() end)) end))      -- expect: true	attempt to yield across a C-call boundary
print(try(function() return table.concat(setmetatable({}, { __len = function() return 1 end,
  __index = function() coroutine.yield() end })) end))                                   -- expect: false	attempt to yield across a C-call boundary
for _ = 1, 200 do
  local co = coroutine.wrap(function()
    local ok, e = pcall(table.sort, { 2, 1 }, function() coroutine.yield() end)
    assert(not ok and e:find("attempt to yield across a C-call boundary", 1, true))
    coroutine.yield("still works")
    return "end"
  end)
  assert(co() == "still works" and co() == "end")
end
-- outside of a coroutine
print(pcall(coroutine.yield))                           -- expect: false	attempt to yield from outside a coroutine
print(select(2, pcall(function() coroutine.yield(1) end))) -- expect: attempt to yield from outside a coroutine
