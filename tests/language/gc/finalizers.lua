-- __gc: called once after the object becomes unreachable, in reverse order of
-- marking, may bring the object back, and its errors do not stop the program.

local function collect() collectgarbage() collectgarbage() end
local log = {}
local function mark(name) return setmetatable({ name = name }, { __gc = function(o) log[#log + 1] = o.name end }) end
do
  local a, b, c = mark("a"), mark("b"), mark("c")
  a.other, b.other, c.other = b, c, a       -- a cycle
  collect()
  assert(#log == 0 and a.other == b and b.other == c and c.other == a)
end
collect()
print(table.concat(log, " "))             -- expect: c b a
log = {}
collect()
assert(#log == 0)                         -- only once
for i = 1, 200 do mark("m" .. i) end
collect()
assert(#log == 200)
-- resurrection
local saved = {}
local mt
mt = { __gc = function(o) saved[#saved + 1] = o end }
do local o = setmetatable({ v = 7, inner = { 8 } }, mt) end
collect()
assert(#saved == 1 and saved[1].v == 7 and saved[1].inner[1] == 8)
saved = {}
collect()
assert(#saved == 0)                       -- the finalizer does not run again
do local o = setmetatable({}, mt) end
collect()
assert(#saved == 1)
setmetatable(saved[1], mt)                -- marked again
saved = {}
collect()
assert(#saved == 1)
-- the field must be in the metatable when it is set
local count = 0
do
  local m = {}
  local o = setmetatable({}, m)
  m.__gc = function() count = count + 1 end
end
collect()
assert(count == 0)
-- but may be replaced afterwards
do
  local m = { __gc = true }
  local o = setmetatable({}, m)
  m.__gc = function() count = count + 1 end
end
collect()
assert(count == 1)
-- weak tables: values go before finalizers run, keys after
local wk, wv = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "v" })
local inkeys, invalues
do
  local o = setmetatable({}, { __gc = function(x) inkeys = wk[x]; invalues = wv[1] end })
  wk[o], wv[1] = "data", o
end
collect()
assert(inkeys == "data" and invalues == nil)
collect()
assert(next(wk) == nil)
-- a finalizer may allocate and call anything
local made = 0
for i = 1, 100 do
  setmetatable({}, { __gc = function() local t = {} for k = 1, 100 do t[k] = { k } end made = made + #t end })
end
collect()
assert(made == 10000)
-- they run during ordinary allocation too
local done = false
setmetatable({}, { __gc = function() done = true end })
local n = 0
while not done and n < 5000000 do local _ = { n }; n = n + 1 end
assert(done)
-- objects still alive at the end are finalized then, the last marked first
at_exit1 = setmetatable({}, { __gc = function() print("exit one") end })
at_exit2 = setmetatable({}, { __gc = function() print("exit two") end })
print("end of script")                    -- expect: end of script
-- expect: exit two
-- expect: exit one
