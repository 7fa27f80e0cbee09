-- next, pairs, ipairs, rawget, rawset, rawlen, rawequal, select.

local function show(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = tostring(values[i]) end
  print(table.concat(values, " "))
end
local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

local function check()
  -- every kind of key; fields may be changed and cleared on the way
  local keys = { 1, 2, -1, 1.5, 2^53, "x", ("x"):rep(100), true, false, print, check, {}, coroutine.create(print), io.stdout }
  local t, left = {}, 0
  for i, key in ipairs(keys) do t[key] = i end
  for k, v in pairs(t) do
    assert(keys[v] == k)
    t[k] = nil
    left = left + v
    assert(t[k] == nil)
  end
  assert(next(t) == nil and left == #keys * (#keys + 1) // 2)
  for i = 1, 50 do t[i] = i; t["k" .. i] = i end
  local n = 0
  for k, v in pairs(t) do t[k] = -v; n = n + 1 end
  assert(n == 100 and t[50] == -50 and t.k50 == -50)
end
for _ = 1, 100 do check() end

show(next({}), next({}, nil))  -- expect: nil nil
show(next({ 10 }))  -- expect: 1 10
show(next({ 10, 20 }, 1))  -- expect: 2 20
show(next({ 10 }, 1))  -- expect: nil
e(next, { 10, 20 }, 3)  -- expect: invalid key to 'next'
e(next, { 10, 20, 30 }, 2.0)  -- expect: invalid key to 'next'
e(next, {}, "x")  -- expect: invalid key to 'next'
e(next, { x = 1 }, 0 / 0)  -- expect: invalid key to 'next'
e(next)  -- expect: bad argument #1 to 'next' (table expected, got no value)
e(next, "x")  -- expect: bad argument #1 to 'next' (table expected, got string)
-- ipairs: one function, stops at the first nil, follows __index, wraps around
local iterator = ipairs {}
assert(iterator == ipairs { 1 } and next == pairs {})
for i, v in ipairs { "a", "b", nil, "d" } do show(i, v) end  -- expect: 1 a
  -- expect: 2 b
show(iterator({ [math.mininteger] = "low" }, math.maxinteger))  -- expect: -9223372036854775808 low
show(iterator("abc", 0))  -- expect: nil
for i, v in ipairs(setmetatable({ 5 }, { __index = function(_, k) if k < 3 then return k * 10 end end })) do show(i, v) end  -- expect: 1 5
  -- expect: 2 20
e(ipairs)  -- expect: bad argument #1 to 'ipairs' (value expected)
show(pcall(iterator, nil, 0))  -- expect: false attempt to index a nil value
e(pairs)  -- expect: bad argument #1 to 'pairs' (value expected)
-- __pairs: three results, whatever it gives
show(select("#", pairs(setmetatable({}, { __pairs = function() return 1, 2, 3, 4 end }))))  -- expect: 3
show(pairs(setmetatable({}, { __pairs = function(t) return rawlen(t) end })))  -- expect: 0 nil nil
show(rawlen { 1, 2 }, rawlen "abc", rawlen(setmetatable({ 1 }, { __len = error })))  -- expect: 2 3 1
e(rawlen)  -- expect: bad argument #1 to 'rawlen' (table or string expected, got no value)
e(rawlen, 5)  -- expect: bad argument #1 to 'rawlen' (table or string expected, got number)
show(rawget(setmetatable({}, { __index = error }), "x"), rawequal("a" .. "b", "ab"), rawequal({}, {}), rawequal(1, 1.0))  -- expect: nil true false true
e(rawequal, 1)  -- expect: bad argument #2 to 'rawequal' (value expected)
e(rawget, {})  -- expect: bad argument #2 to 'rawget' (value expected)
e(rawset, {}, 1)  -- expect: bad argument #3 to 'rawset' (value expected)
e(rawset, {}, nil, 1)  -- expect: table index is nil
e(rawset, {}, 0 / 0, 1)  -- expect: table index is NaN
e(rawset, "x", 1, 1)  -- expect: bad argument #1 to 'rawset' (table expected, got string)
show(select("#"), select("#", nil, nil), select(2, "a", "b", "c"))  -- expect: 0 2 b c
show(select(-1, "a", "b"), (select(-2, "a", "b")), select("2", "a", "b"))  -- expect: b a b
show(select("#", select(5, 1, 2)), select("#", select(math.maxinteger, 1)))  -- expect: 0 0
e(select, 0)  -- expect: bad argument #1 to 'select' (index out of range)
e(select, -3, 1, 2)  -- expect: bad argument #1 to 'select' (index out of range)
e(select, math.mininteger)  -- expect: bad argument #1 to 'select' (index out of range)
e(select, "x")  -- expect: bad argument #1 to 'select' (number expected, got string)
e(select)  -- expect: bad argument #1 to 'select' (number expected, got no value)
