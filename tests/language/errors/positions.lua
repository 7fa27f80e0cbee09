-- Lines in messages: statements over several lines, calls, operators, chunks.

local function line(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^.*/", ""))
end
local t = {}
print(line(function()
  local a = 1
  return a + t.x
end))                                             -- expect: positions.lua:11: attempt to perform arithmetic on a nil value (field 'x')
print(line(function()
  local a = 1
  local b =
    t.x.y
  return a, b
end))                                             -- expect: positions.lua:16: attempt to index a nil value (field 'x')
print(line(function()
  t.f(
    1,
    2
  )
end))                                             -- expect: positions.lua:20: attempt to call a nil value (field 'f')
print(line(function()
  local s = "a"
    .. "b"
    .. t.x
  return s
end))                                             -- expect: positions.lua:28: attempt to concatenate a nil value (field 'x')
print(line(function()
  if t
    and t.x
    and t.x.y then return end
  error("here")
end))                                             -- expect: positions.lua:35: here
print(line(function()
  for i = 1, 3 do

    if i == 2 then

      error("in loop")
    end
  end
end))                                             -- expect: positions.lua:42: in loop
print(line(function()
  local x = (function()
    return
      t.a.b
  end)()
end))                                             -- expect: positions.lua:49: attempt to index a nil value (field 'a')
-- chunk names
print(select(2, pcall(load("error('x')", "=name"))))           -- expect: name:1: x
print(select(2, pcall(load("error('x')", "@file.lua"))))       -- expect: file.lua:1: x
print(select(2, pcall(load("\n\nerror('x')", "=name"))))       -- expect: name:3: x
print(select(2, pcall(load("error('x')"))))                    -- expect: [string "error('x')"]:1: x
print(select(2, pcall(load("error('x')\n"))))                  -- expect: [string "error('x')..."]:1: x
print(select(2, pcall(load("local a = 1\nerror('x')"))))       -- expect: [string "local a = 1..."]:2: x
print(select(2, pcall(load("error('a rather long string that will not fit in the chunk name')")))) -- expect: [string "error('a rather long string that will not fit..."]:1: a rather long string that will not fit in the chunk name
print(select(2, pcall(load("error('x')", "@" .. ("long/"):rep(20) .. "file.lua")))) -- expect: ...ng/long/long/long/long/long/long/long/long/long/file.lua:1: x
print(select(2, pcall(load("error('x')", "=" .. ("name"):rep(30))))) -- expect: namenamenamenamenamenamenamenamenamenamenamenamenamenamenam:1: x
print(select(2, pcall(load("error('x')", ""))))                -- expect: [string ""]:1: x
print(select(2, pcall(load("error('x')", "="))))               -- expect: :1: x
print(select(2, pcall(load("x.y = 1", "=c"))))                 -- expect: c:1: attempt to index a nil value (global 'x')
