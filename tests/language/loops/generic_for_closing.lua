-- The fourth value of a generic for is closed when the loop ends in any way.

local log
local function closer(name)
  return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. ":" .. tostring(e) end })
end
local function iter(n, name)
  local i = 0
  return function() i = i + 1; if i <= n then return i end end, nil, nil, closer(name)
end
local function returns() for i in iter(3, "r") do if i == 2 then return i end end end
local function check()
  log = {}
  for i in iter(3, "a") do log[#log + 1] = i end
  for i in iter(3, "b") do if i == 2 then break end end
  assert(returns() == 2)
  for i in iter(3, "g") do if i == 1 then goto out end end
  ::out::
  pcall(function() for i in iter(2, "e") do error("oops", 0) end end)
  for i in iter(1, "outer") do for j in iter(1, "inner") do end end
  return table.concat(log, " ")
end
local expected = "1 2 3 a:nil b:nil r:nil g:nil e:oops inner:nil outer:nil"
for _ = 1, 300 do assert(check() == expected) end
print(check())                      -- expect: 1 2 3 a:nil b:nil r:nil g:nil e:oops inner:nil outer:nil
-- nil and false need no closing; other values without __close are errors
for i in iter(1, "x") do end
for _ in next, {}, nil, nil do end
for _ in next, {}, nil, false do end
print(pcall(function() for _ in next, {}, nil, {} do end end))  -- expect: false	tests/language/loops/generic_for_closing.lua:30: variable '(for state)' got a non-closable value
print(pcall(function() for _ in next, {}, nil, 1 do end end))   -- expect: false	tests/language/loops/generic_for_closing.lua:31: variable '(for state)' got a non-closable value
