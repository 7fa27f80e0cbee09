-- An error that crosses coroutine.wrap has both positions: where it was raised and
-- where the coroutine was called.

local gen = coroutine.wrap(function()
  for i = 1, 3 do coroutine.yield(i) end
  local nothing
  return nothing.field
end)
print(gen(), gen(), gen())        -- expect: 1	2	3
gen() -- expect error: tests/language/errors/uncaught_in_coroutine.lua:7: attempt to index a nil value (local 'nothing')
