-- Table constructors: every kind of field, separators, order, nested, large.

local function two() return "x", "y" end
local function check()
  local t = { 1, 2; 3, k = "v", ["with space"] = 4, [10] = 5, [1.5] = 6, [true] = 7, }
  assert(#t == 3 and t[1] == 1 and t[3] == 3 and t.k == "v" and t["with space"] == 4)
  assert(t[10] == 5 and t[1.5] == 6 and t[true] == 7)
  assert(next({}) == nil and #{} == 0 and #{ nil } == 0)
  local u = { two(), two() }
  assert(#u == 3 and u[1] == "x" and u[2] == "x" and u[3] == "y")
  local w = { two(), (two()) }
  assert(#w == 2)
  local x = { [1] = "a", "b" } -- positional fields are stored after
  assert(x[1] == "b")
  local y = { [2] = "i", "p", "q" }
  assert(y[2] == "q")
  local z = { a = 1, a = 2 }
  assert(z.a == 2)
  local n = { { { 1 } }, { k = { k = { k = 9 } } } }
  assert(n[1][1][1] == 1 and n[2].k.k.k == 9)
  local f = { f = function() return 1 end, function() return 2 end }
  assert(f.f() == 1 and f[1]() == 2)
  local name = "dyn"
  local d = { [name] = 1, [name .. "2"] = 2, [#name] = 3 }
  assert(d.dyn == 1 and d.dyn2 == 2 and d[3] == 3)
  assert({ 1, 2, 3 } ~= { 1, 2, 3 })
  local e = { nil, nil, 3 }
  assert(e[3] == 3 and e[1] == nil)
  local e2 = { n = nil, [3] = nil }
  assert(next(e2) == nil)
end
for _ = 1, 300 do check() end

-- large constructors
local parts = {}
for i = 1, 3000 do parts[i] = i * 2 end
local t = load("return {" .. table.concat(parts, ",") .. "}")()
assert(#t == 3000 and t[1] == 2 and t[51] == 102 and t[3000] == 6000)
for i = 1, 3000 do parts[i] = "k" .. i .. " = " .. i end
t = load("return {" .. table.concat(parts, ";") .. "}")()
local n = 0
for k, v in pairs(t) do n = n + 1; assert(k == "k" .. v) end
assert(n == 3000)
for i = 1, 600 do parts[i] = "'s" .. i .. "'" end
t = load("local f = ... return {" .. table.concat(parts, ",", 1, 600) .. ", f()}")(two)
assert(#t == 602 and t[600] == "s600" and t[601] == "x" and t[602] == "y")
local ok, e = pcall(load("return {[nil] = 1}"))
print(e)                            -- expect: [string "return {[nil] = 1}"]:1: table index is nil
ok, e = pcall(load("return {[0/0] = 1}"))
print(e)                            -- expect: [string "return {[0/0] = 1}"]:1: table index is NaN
