-- Errors of the generic for: values that cannot be called, errors in the iterator.

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (tostring(e):gsub("^[^:]+:%d+: ", ""))
end
print(fails(function() for x in nil do end end))          -- expect: attempt to call a nil value (for iterator 'for iterator')
print(fails(function() for x in 42 do end end))           -- expect: attempt to call a number value (for iterator 'for iterator')
print(fails(function() for x in {} do end end))           -- expect: attempt to call a table value (for iterator 'for iterator')
print(fails(function() local t = {} for x in t.iter do end end))  -- expect: attempt to call a nil value (for iterator 'for iterator')
print(fails(function() for x in pairs(nil) do end end))   -- expect: bad argument #1 to 'for iterator' (table expected, got nil)
print(fails(function() for x in ipairs() do end end))     -- expect: bad argument #1 to 'ipairs' (value expected)
print(fails(function() for x in function() error("in iterator", 0) end do end end)) -- expect: in iterator
print(fails(function() for k in next, {}, "nokey" do end end)) -- expect: invalid key to 'next'
for i = 1, 300 do
  local n = 0
  local ok = pcall(function()
    for k in function() n = n + 1; if n > 3 then error("stop") end return n end do end
  end)
  assert(not ok and n == 4)
end
