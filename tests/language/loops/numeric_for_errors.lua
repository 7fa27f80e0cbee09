-- Errors of the numeric for: what must be a number, and the step zero.

local function fails(...)
  local ok, e = pcall(function(a, b, c)
    for i = a, b, c do end
  end, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
print(fails("x", 1, 1))      -- expect: bad 'for' initial value (number expected, got string)
print(fails(nil, 1, 1))      -- expect: bad 'for' initial value (number expected, got nil)
print(fails({}, 1, 1))       -- expect: bad 'for' initial value (number expected, got table)
print(fails(1, "x", 1))      -- expect: bad 'for' limit (number expected, got string)
print(fails(1, nil, 1))      -- expect: bad 'for' limit (number expected, got nil)
print(fails(1, 2, "x"))      -- expect: bad 'for' step (number expected, got string)
print(fails(1, 2, {}))       -- expect: bad 'for' step (number expected, got table)
print(fails(1, 2, 0))        -- expect: 'for' step is zero
print(fails(1.0, 2, 0))      -- expect: 'for' step is zero
print(fails(1, 2, 0.0))      -- expect: 'for' step is zero
print(fails(1, 2, -0.0))     -- expect: 'for' step is zero
print(fails(2, 1, 0))        -- expect: 'for' step is zero
print(fails("a", "b", "c"))  -- expect: bad 'for' limit (number expected, got string)
print(fails(1, true, "c"))   -- expect: bad 'for' limit (number expected, got boolean)
print(fails(1.5, "x", 1))    -- expect: bad 'for' limit (number expected, got string)
print(fails("x", 1.5, 1.5))  -- expect: bad 'for' initial value (number expected, got string)
for i = 1, 10, 0 do end -- expect error: 'for' step is zero
