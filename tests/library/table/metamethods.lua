-- The table functions respect metamethods: what they read and write, in which order.

local log
local function traced(t)
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "get " .. k return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = "set " .. k .. "=" .. tostring(v) t[k] = v end,
    __len = function() log[#log + 1] = "len" return #t end,
  })
end
local function trace(f, ...)
  log = {}
  local results = table.pack(pcall(f, ...))
  for i = 1, results.n do results[i] = type(results[i]) == "table" and "table" or tostring(results[i]) end
  print(table.concat(log, ", ") .. " -> " .. table.concat(results, " "))
end

local t = traced { 1, 2, 3, 4 }
trace(table.insert, t, 5)  -- expect: len, set 5=5 -> true
trace(table.insert, t, 2, 9)  -- expect: len, get 5, set 6=5, get 4, set 5=4, get 3, set 4=3, get 2, set 3=2, set 2=9 -> true
trace(table.remove, t)  -- expect: len, get 6, set 6=nil -> true 5
trace(table.remove, t, 1)  -- expect: len, get 1, get 2, set 1=9, get 3, set 2=2, get 4, set 3=3, get 5, set 4=4, set 5=nil -> true 1
trace(table.remove, t, 5)  -- expect: len, get 5, set 5=nil -> true nil
trace(table.remove, t, 7)  -- expect: len -> false bad argument #1 to 'table.remove' (position out of bounds)
trace(table.insert, t, 6, 0)  -- expect: len -> false bad argument #2 to 'table.insert' (position out of bounds)
trace(table.insert, t)  -- expect: len -> false wrong number of arguments to 'insert'
trace(table.concat, traced { 1, 2, 3 }, ",")  -- expect: len, get 1, get 2, get 3 -> true 1,2,3
trace(table.concat, traced { 1, 2, 3 }, ",", 2, 2)  -- expect: len, get 2 -> true 2
trace(table.unpack, traced { 1, 2, 3 })  -- expect: len, get 1, get 2, get 3 -> true 1 2 3
trace(table.unpack, traced { 1, 2 }, 2, 3)  -- expect: get 2, get 3 -> true 2 nil
trace(table.move, traced { 1, 2, 3 }, 1, 3, 2)  -- expect: get 3, set 4=3, get 2, set 3=2, get 1, set 2=1 -> true table
trace(table.move, traced { 1, 2, 3 }, 2, 3, 1)  -- expect: get 2, set 1=2, get 3, set 2=3 -> true table
trace(table.move, traced { 1, 2, 3 }, 1, 3, 2, traced {})  -- expect: get 1, set 2=1, get 2, set 3=2, get 3, set 4=3 -> true table
trace(table.sort, traced { 3, 1, 2 })  -- expect: len, get 1, get 3, set 1=2, set 3=3, get 2, get 1, set 2=2, set 1=1 -> true
trace(table.sort, traced { 2, 1 }, function(a, b) log[#log + 1] = a .. "?" .. b return a < b end)  -- expect: len, get 1, get 2, 1?2, set 1=1, set 2=2 -> true

-- lengths
local function sized(n) return setmetatable({}, { __len = function() return n end }) end
trace(table.insert, sized("x"), 1)  -- expect:  -> false object length is not an integer
trace(table.concat, sized(1.5))  -- expect:  -> false object length is not an integer
trace(table.unpack, sized("2"))  -- expect:  -> true nil nil
trace(table.unpack, sized(2.0))  -- expect:  -> true nil nil
trace(table.sort, sized(-1), error)  -- expect:  -> true
trace(table.sort, sized(math.maxinteger))  -- expect:  -> false bad argument #1 to 'table.sort' (array too big)
trace(table.remove, sized(-1))  -- expect:  -> true nil
log = {}
local wrapped = sized(math.maxinteger)
table.insert(wrapped, "x")
assert(wrapped[math.mininteger] == "x" and #log == 0)

-- errors in metamethods come through
local failing = setmetatable({}, { __index = function() error("read", 0) end, __newindex = function() error("write", 0) end, __len = function() return 2 end })
trace(table.concat, failing)  -- expect:  -> false read
trace(table.insert, failing, 1)  -- expect:  -> false write
trace(table.remove, failing)  -- expect:  -> false read
trace(table.sort, failing)  -- expect:  -> false read
trace(table.unpack, failing)  -- expect:  -> false read
trace(table.move, { 1 }, 1, 1, 1, failing)  -- expect:  -> false write

-- what is no table needs the metamethods that the operation uses
for _ = 1, 100 do
  assert(table.unpack("abc", 1, 2) == nil and not pcall(table.concat, "abc"))
end
trace(table.insert, "abc", 1)  -- expect:  -> false bad argument #1 to 'table.insert' (table expected, got string)
trace(table.concat, 5)  -- expect:  -> false bad argument #1 to 'table.concat' (table expected, got number)
trace(table.move, {}, 1, 1, 1, "x")  -- expect:  -> false bad argument #5 to 'table.move' (table expected, got string)
