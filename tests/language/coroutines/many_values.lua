-- What resume and yield pass from stack to stack, up to the limit of values that a function may have.

for _, n in ipairs {0, 1, 2, 50, 300, 5000, 100000} do
  local co = coroutine.create(function(...)
    assert(select("#", ...) == n)
    local back = table.pack(coroutine.yield(...))
    assert(back.n == n and back[n] == (n > 0 and n or nil))
    return table.unpack(back, 1, n)
  end)
  local values = {}
  for i = 1, n do values[i] = i end
  for _ = 1, 2 do
    local got = table.pack(coroutine.resume(co, table.unpack(values)))
    assert(got[1] == true and got.n == n + 1 and got[n + 1] == (n > 0 and n or true))
  end
  assert(coroutine.status(co) == "dead")
end

-- More than fit: an error of the one who resumes; the coroutine has ended.
local function many()
  local t = {}
  for i = 1, 999990 do t[i] = i end
  return table.unpack(t)
end
local co = coroutine.create(many)
print(coroutine.resume(co)) -- expect: false	too many results to resume
print(coroutine.status(co)) -- expect: dead
print(pcall(coroutine.wrap(many))) -- expect: false	too many results to resume
