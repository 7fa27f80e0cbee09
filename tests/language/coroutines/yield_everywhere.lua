-- yield across pcall, xpcall, metamethods, iterators, and method calls.

local yield = coroutine.yield
local function run(f, ...)
  local co = coroutine.create(f)
  local log = {}
  local r = table.pack(coroutine.resume(co, ...))
  while coroutine.status(co) ~= "dead" do
    assert(r[1], r[2])
    log[#log + 1] = tostring(r[2])
    r = table.pack(coroutine.resume(co, r[2]))
  end
  assert(r[1], r[2])
  return table.concat(log, " "), table.unpack(r, 2, r.n)
end
local function check()
  -- pcall and xpcall
  local log, a, b = run(function()
    local ok, v = pcall(function() yield(1); yield(2); return "v" end)
    local ok2, e = pcall(function() yield(3); error("e", 0) end)
    assert(ok and not ok2)
    return v, e
  end)
  assert(log == "1 2 3" and a == "v" and b == "e")
  log, a, b = run(function()
    local ok, v = xpcall(function(x) yield(x); error("err", 0) end, function(m) return m .. "!" end, "arg")
    return ok, v
  end)
  assert(log == "arg" and a == false and b == "err!")
  log, a = run(function()
    return select(2, pcall(pcall, pcall, function() yield("deep"); return 1 end))
  end)
  assert(log == "deep" and a == true)
  -- metamethods
  local mt = {}
  for _, e in ipairs { "add", "sub", "concat", "unm", "len", "index", "call", "idiv", "band", "bnot" } do
    mt["__" .. e] = function(...) return (yield(e)) end
  end
  mt.__newindex = function(t, k, v) yield("newindex"); rawset(t, k, v) end
  mt.__eq = function() return yield("eq") == "eq" end
  mt.__lt = function() return yield("lt") end
  mt.__le = function() yield("le"); return false end
  local o, p = setmetatable({}, mt), setmetatable({}, mt)
  log, a = run(function()
    local t = { o + 1, 1 - o, o .. "x", -o, #o, o.field, o(1), 7 // o, o & 1, ~o }
    assert(table.concat(t, ",") == "add,sub,concat,unm,len,index,call,idiv,band,bnot")
    o.k = 5
    assert(rawget(o, "k") == 5)
    o.k = nil
    assert(o == p and not (o ~= p) and o < p and not (o <= p))
    assert(("a" .. "b" .. o) == "aconcat" and (1 .. o .. 2) == "1concat")
    if o < 1 then return "branch" end
  end)
  assert(log == "add sub concat unm len index call idiv band bnot newindex eq eq lt le concat concat lt", log)
  assert(a == "branch")
  -- iterators
  log, a = run(function()
    local s = 0
    for i in function(_, c) c = (c or 0) + 1; yield(c); if c <= 3 then return c end end do s = s + i end
    for k, v in pairs(setmetatable({}, { __pairs = function() yield("pairs"); return next, { x = 9 } end })) do s = s + v end
    return s
  end)
  assert(log == "1 2 3 4 pairs" and a == 15)
  -- __close, methods, varargs, tail calls, nested functions
  log, a, b = run(function(...)
    local obj = { m = function(self, ...) yield("m"); return ... end }
    local function tail(...) return obj:m(...) end
    local function nest(n) if n == 0 then yield("bottom") return 0 end return 1 + nest(n - 1) end
    do local c <close> = setmetatable({}, { __close = function() yield("close") end }) end
    local n = nest(50)
    return n, tail("t", 2)
  end)
  assert(log == "close bottom m" and a == 50 and b == "t")
  -- dofile-like: load's function yields
  log, a = run(load("coroutine.yield('chunk') return ... "), "given")
  assert(log == "chunk" and a == "given")
  -- table.unpack, select, and other coroutines between
  log, a = run(function()
    local inner = coroutine.wrap(function() yield("in1"); yield("in2") end)
    yield(inner())
    yield(inner())
    return 7
  end)
  assert(log == "in1 in2" and a == 7)
end
for _ = 1, 100 do check() end
