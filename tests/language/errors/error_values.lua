-- error, pcall: any value can be an error; levels add positions to strings only.

local function check()
  local t = {}
  local ok, e = pcall(error, t)
  assert(not ok and e == t)
  ok, e = pcall(error, nil)
  assert(not ok and e == nil)
  ok, e = pcall(error)
  assert(not ok and e == nil)
  ok, e = pcall(error, 42)
  assert(not ok and e == 42 and math.type(e) == "integer")
  ok, e = pcall(error, true)
  assert(not ok and e == true)
  ok, e = pcall(error, print)
  assert(not ok and e == print)
  ok, e = pcall(function() error({ code = 5 }) end)
  assert(not ok and e.code == 5)
  ok, e = pcall(function() error("msg", 0) end)
  assert(not ok and e == "msg")
  ok, e = pcall(function() error(12.5) end)
  assert(not ok and e == 12.5)
  -- results of pcall
  local r = table.pack(pcall(function(...) return ... end, 1, nil, 3))
  assert(r.n == 4 and r[1] == true and r[2] == 1 and r[4] == 3)
  assert(select("#", pcall(function() end)) == 1 and select("#", pcall(error)) == 2)
  -- nested
  ok, e = pcall(pcall, error, "x")
  assert(ok == true and e == false)
  ok, e = pcall(function()
    local ok2, e2 = pcall(error, "inner", 0)
    assert(not ok2 and e2 == "inner")
    error("outer", 0)
  end)
  assert(not ok and e == "outer")
  -- rethrow keeps the value
  ok, e = pcall(function()
    local _, err = pcall(error, t)
    error(err)
  end)
  assert(not ok and e == t)
  ok, e = pcall(function()
    local _, err = pcall(function() error("first") end)
    error(err, 0)
  end)
  assert(e:match("first$") and not e:match("first.*first"))
end
for _ = 1, 300 do check() end

local function level1() error("one", 1) end
local function level2() error("two", 2) end
local function call2() level2() end
local function level3() error("three", 3) end
local function call3() level3() end
local function call33() call3() end
print(pcall(level1))                                 -- expect: false	tests/language/errors/error_values.lua:50: one
print(pcall(call2))                                  -- expect: false	tests/language/errors/error_values.lua:52: two
print(pcall(call33))                                 -- expect: false	tests/language/errors/error_values.lua:55: three
print(pcall(function() error("default") end))        -- expect: false	tests/language/errors/error_values.lua:59: default
print(pcall(function() error("far", 50) end))        -- expect: false	far
print(pcall(error, "called by pcall"))               -- expect: false	called by pcall
print(pcall(error, "no level", 0))                   -- expect: false	no level
print(pcall(level2))                                 -- expect: false	two
