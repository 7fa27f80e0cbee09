-- Conversions that have short ways agree with the same ones with a flag, which the C library carries out.

local format, find = string.format, string.find

local seed = 11
local function random(limit)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % limit
end

local numbers = { 0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.125, 0.375, 1e9 + 0.5, 1e10, 1e15, 2.0 ^ 40, 2.0 ^ 52 + 1, 2.0 ^ 53, 1e22, 1e-5, -1e-7, 0.1, 0.3, 123456.789,
  9999999999.999, 0.9995, 0.99995, 9.5, 99.95, 999.995, 1 / 3, -2 / 3, 5e-324, 1.7976931348623157e308 }
for i = 1, 300 do
  numbers[#numbers + 1] = (random(200000) - 100000) / 8
  numbers[#numbers + 1] = random(1 << 20) * random(1 << 20) / 1000
  numbers[#numbers + 1] = (random(2000) - 1000 + 0.5) / 10 ^ random(7)
end

local function positive(text) return (text:gsub("^%+", "")) end

for _, x in ipairs(numbers) do
  for precision = 1, 8 do
    local fixed, general = "%." .. precision .. "f", "%." .. precision + 9 .. "g"
    assert(format(fixed, x) == format("%#" .. fixed:sub(2), x), fixed)
    assert(format(general, x) == positive(format("%+" .. general:sub(2), x)), general)
  end
  assert(format("%.0f", x) == positive(format("%+.0f", x)))
  assert(tonumber(tostring(x)) == tonumber(format("%+.14g", x)))
end

-- Integers of all lengths.
local integer = 1
for digits = 1, 18 do
  for _, i in ipairs { integer, integer - 1, integer + 1, -integer, 1 - integer, integer * 9, integer + random(1000) } do
    local text = positive(format("%+d", i))
    assert(tostring(i) == text and i .. "" == text and format("%d", i) == text and format("%s", i) == text and table.concat { i } == text)
    assert(format("%25d|", i) == (" "):rep(25 - #text) .. text .. "|" and format("%-25d|", i) == text .. (" "):rep(25 - #text) .. "|")
    assert(math.type(tonumber(text)) == "integer" and tonumber(text) == i)
  end
  integer = integer * 10
end
assert(tostring(math.mininteger) == "-9223372036854775808" and tostring(math.maxinteger) == "9223372036854775807")

-- __tostring of numbers and strings.
local function text(v) return format("%s", v) end
for _ = 1, 100 do assert(text(12) == "12" and text("ab") == "ab" and text(1.5) == "1.5") end
debug.setmetatable(0, { __tostring = function(n) return "number " .. -n end })
getmetatable("").__tostring = function(s) return "string " .. #s end
for _ = 1, 100 do assert(text(12) == "number -12" and text("ab") == "string 2") end
debug.setmetatable(0, nil)
getmetatable("").__tostring = nil
for _ = 1, 100 do assert(text(12) == "12" and text("ab") == "ab") end

-- Results too long for the short way, and errors on it.
for _ = 1, 50 do
  assert(#format("%s%s", ("x"):rep(900), ("y"):rep(900)) == 1800 and #format("%.99f %.99f %.99f", 1e300, 1e300, 1e300) == 3 * 401 + 2)
  local ok, message = pcall(format, "%d %s", 1.5, "x")
  assert(not ok and find(message, "#2 to '.*' %(number has no integer representation%)"), message)
  ok, message = pcall(format, "%d %d", 1)
  assert(not ok and find(message, "#3 to '.*' %(no value%)"), message)
end
