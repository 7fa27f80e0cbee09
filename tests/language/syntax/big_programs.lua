-- Programs with more constants, instructions, functions and values than the short forms of instructions reach (no limit of the manual).

local function compiled(parts, separator, ...)
  return assert(load(table.concat(parts, separator), "=big", "t", ...))
end

-- Table constructors: numbers, strings and named fields behind the 16-bit range of constants.
do
  local t = {}
  for i = 1, 70000 do t[i] = i % 2 == 0 and i + 0.5 or ("'s" .. i .. "'") end
  local r = compiled({"return {", table.concat(t, ","), "}"})()
  assert(#r == 70000 and r[69999] == "s69999" and r[70000] == 70000.5 and r[1] == "s1")
  for i = 1, 70000 do t[i] = "a" .. i .. "=" .. i end
  r = compiled({"return {", table.concat(t, ","), "}"})()
  local n, sum = 0, 0
  for _, v in pairs(r) do n = n + 1; sum = sum + v end
  assert(n == 70000 and sum == 70000 * 70001 // 2 and r.a70000 == 70000)
end

-- Fields, methods, globals, arithmetic and comparisons with such constants; what messages say of them.
do
  local parts = {"local t, sum = {}, 0\n"}
  for i = 1, 70000 do parts[#parts + 1] = "sum = 'c" .. i .. "' " end
  parts[#parts + 1] = [[
    sum = 0
    function t:late(x) return x + 0.123 end
    t.field = 1.875
    GLOBAL = t.field + 1000.0625
    if t.field < 1.8751 and "late text" == "late text" then sum = sum + 3.375 end
    local ok, message = pcall(function() return t.missing.field end)
    return t:late(1), GLOBAL, sum, message, t.field - 70001.5, undefined_global == nil
  ]]
  local env = setmetatable({}, {__index = _G})
  local a, b, c, message, d, e = compiled(parts, "", env)()
  assert(a == 1.123 and b == 1001.9375 and env.GLOBAL == b and c == 3.375 and d == 1.875 - 70001.5 and e)
  assert(message == "big:3: attempt to index a nil value (field 'missing')" or message:find("%(field 'missing'%)"))
  parts[#parts] = "sum = late_global + 1"
  local ok, text = pcall(compiled(parts, "", env))
  assert(not ok and text == "big:2: attempt to perform arithmetic on a nil value (global 'late_global')", text)
end

-- An environment whose metamethods yield, used by late instructions.
do
  local parts = {"local y = {0"}
  for i = 1, 20000 do parts[#parts + 1] = i + 0.25 end
  parts[#parts + 1] = "}\nX = y\nreturn X[20001]"
  local values = {}
  local env = setmetatable({}, {
    __index = function(_, k) coroutine.yield("get " .. k); return values[k] end,
    __newindex = function(_, k, v) coroutine.yield("set " .. k); values[k] = v end,
  })
  local co = coroutine.wrap(compiled({table.concat(parts, ",", 1, 20001), parts[20002]}, "", env))
  assert(co() == "set X" and co() == "get X" and co() == 20000.25)
end

-- Jumps over long distances, in all kinds of statements.
do
  local filler = string.rep("n = n + 1 ", 12000)
  local f = compiled {"local x = ... local n = 0 while x > 0 do x = x - 1 if x % 2 == 0 then ", filler, " else goto continue end ::continue:: end ",
    "repeat ", filler, " until n > 30000 local m = x or n and ", "x return n"}
  assert(f(4) == 36000)
end

-- Many functions, deep blocks, long chains of operators, long names.
do
  local parts = {"local t = {}"}
  for i = 1, 1000 do parts[#parts + 1] = "t[" .. i .. "] = function(x) return x + " .. i .. " + #t end" end
  parts[#parts + 1] = "return t[1000](1), t[1](1)"
  local a, b = compiled(parts, "\n")()
  assert(a == 2001 and b == 1002)
  local name = string.rep("n", 15000)
  assert(compiled {"local ", name, "1, ", name, "2 = 5, 6 return ", name, "2 - ", name, "1"}() == 1)
  assert(compiled {"local a = 'x' return #(", string.rep("a", 150, " .. "), ")"}() == 150)
  assert(compiled {"local a = 1 return ", string.rep("a", 10000, " + ")}() == 10000)
  assert(compiled {string.rep("do ", 150), "local x = 1 ", string.rep("end ", 150), "return 7"}() == 7)
end

-- As many values as the stack takes.
do
  local function count(...) return select("#", ...) end
  assert(count(table.unpack({}, 1, 250000)) == 250000)
  assert(#{table.unpack(table.pack(string.byte(string.rep("x", 100000), 1, -1)))} == 100000)
  print(pcall(table.unpack, {}, 1, 1e6)) -- expect: false	too many results to unpack
end
