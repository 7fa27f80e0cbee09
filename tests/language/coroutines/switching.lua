-- Switches of any number of values, hot and with other things going on; stacks that coroutines leave to later ones.

local yield, resume, wrap, create = coroutine.yield, coroutine.resume, coroutine.wrap, coroutine.create

-- any number of values either way, on stacks that grow meanwhile
local function echo(...)
  local t = table.pack(...)
  while true do t = table.pack(yield(table.unpack(t, 1, t.n))) end
end
for _, n in ipairs {0, 1, 2, 3, 7, 8, 9, 10, 100, 2000} do
  local t = {}
  for i = 1, n do t[i] = i end
  local co, f = create(echo), wrap(echo)
  for _ = 1, 50 do
    local r = table.pack(resume(co, table.unpack(t)))
    assert(r.n == n + 1 and r[1] == true and r[n + 1] == (n == 0 and true or n))
    r = table.pack(f(table.unpack(t)))
    assert(r.n == n and r[n] == t[n])
  end
end
local function deep(k, ...) if k == 0 then return yield(...) end local r = table.pack(deep(k - 1, ...)) return table.unpack(r, 1, r.n) end
for k = 1, 400, 57 do
  local f = wrap(function(...) return "end", deep(k, ...) end)
  assert(f(k, 2) == k)
  local a, b, c = f("x", nil)
  assert(a == "end" and b == "x" and c == nil)
end

-- library functions as bodies, and pcall across switches
assert(select("#", wrap(select)(2, "a", "b", "c")) == 2)
assert(wrap(math.max)(3, 9, 4) == 9)
local guarded = wrap(function()
  for i = 1, 100 do
    local ok, v = pcall(function() local x = yield(i) if x then error(x, 0) end return "fine" end)
    yield(ok, v)
  end
end)
for i = 1, 20 do
  assert(guarded() == i)
  local ok, v = guarded(i % 2 == 0 and "bad" or nil)
  assert(ok == (i % 2 == 1) and v == (ok and "fine" or "bad"))
end

-- nested, and through metamethods and iterators
local V = setmetatable({}, {__add = function(a, b) return yield("add") end, __index = function(_, k) return yield(k) end})
local g = wrap(function() local s = 0 for i = 1, 100 do s = s + (V + i) + V.field end return s end)
for _ = 1, 100 do assert(g(1) == "add") assert(g(2) == "field") end
assert(g(3) == 302)
local function numbers(n) return wrap(function() for i = 1, n do yield(i) end end) end
local function evens(source) return wrap(function() for v in source do if v % 2 == 0 then yield(v) end end end) end
local sum = 0
for v in evens(evens(numbers(1000))) do sum = sum + v end
assert(sum == 250500)

-- a resumer that is itself waited for, and one that is dead
local outer
outer = create(function()
  local inner = create(function() return resume(outer) end)
  local ok, again, message = resume(inner)
  assert(ok and not again and message == "cannot resume non-suspended coroutine")
  return coroutine.status(inner), coroutine.status(outer)
end)
local ok, a, b = resume(outer)
assert(ok and a == "dead" and b == "running")
ok, a = resume(outer)
assert(not ok and a == "cannot resume dead coroutine")
assert(not pcall(yield, 1))

-- hooks are called in the coroutine that they were set in, whichever way it is entered
local lines = 0
local hooked = create(function() for i = 1, 3 do yield(i) end end)
debug.sethook(hooked, function() lines = lines + 1 end, "l")
local plain = wrap(function() while true do yield() end end)
for _ = 1, 4 do resume(hooked) plain() end
assert(lines >= 3, lines)

-- ended ones have no frames; hooks may be set on them
for _ = 1, 3 do
  local co = create(function(...) local f = function() return co end return ... end)
  assert(select("#", resume(co, 1, 2, 3)) == 4)
  assert(debug.traceback(co) == "stack traceback:" and debug.getinfo(co, 0) == nil and debug.gethook(co) == nil)
  assert(not pcall(debug.getlocal, co, 0, 1))
  debug.sethook(co, print, "l")
  assert(debug.gethook(co) == print and coroutine.status(co) == "dead")
  debug.sethook(co)
  assert(coroutine.close(co) and not resume(co) and coroutine.isyieldable(co))
  collectgarbage()
end

-- short-lived ones after one another, with collections between and inside
local kept = {}
for i = 1, 2000 do
  local f = wrap(function(...)
    local t, s = {...}, "value" .. i
    local b = yield(t)
    local u = function() return t, s, b end
    if i % 50 == 0 then collectgarbage() end
    if i % 7 == 0 then kept[#kept + 1] = {u, i} end
    if i % 11 == 0 then error({s}) end
    return #t + #b
  end)
  local t = f(i, i, i)
  assert(t[3] == i)
  if i % 100 == 0 then collectgarbage() end
  if i % 13 ~= 0 then
    local ok, r = pcall(f, {i, i})
    assert(ok == (i % 11 ~= 0) and (ok and r == 5 or not ok and r[1] == "value" .. i))
  end
end
collectgarbage()
for _, k in ipairs(kept) do
  local t, s, b = k[1]()
  assert(t[1] == k[2] and s == "value" .. k[2] and b[2] == k[2])
end

-- what an ended coroutine held is collected
local weak = setmetatable({}, {__mode = "k"})
for i = 1, 20 do wrap(function() local t = {} weak[t] = true yield(t) end)() end
for i = 1, 20 do wrap(function() local t = {} weak[t] = true return t end)() end
collectgarbage() collectgarbage()
assert(next(weak) == nil)

-- variables to be closed, pending in many coroutines
local closed = 0
local function closing() return setmetatable({}, {__close = function() closed = closed + 1 end}) end
local many = {}
for i = 1, 50 do
  many[i] = create(function()
    local a <close>, b = closing(), 1
    for j = 1, 6 do local c <close> = closing() local f = function() return b + j end b = f() if j == 3 then yield(b) end end
    do local d <close> = closing() yield(b) end
    return b
  end)
end
for r = 1, 3 do
  for i = 1, 50 do
    local ok, v = resume(many[i])
    assert(ok and v == (r == 1 and 7 or 22))
    if i % 5 == 0 and r == 2 then assert(coroutine.close(many[i])) many[i] = create(function() return 22 end) end
  end
end
assert(closed == 50 * 8, closed)
print "ok"
-- expect: ok
