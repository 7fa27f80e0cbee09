-- os.time normalises its table, through metamethods; its errors, and those of os.date.
local function fails(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return message
end
local t = { year = 2024, month = 14, day = -3, hour = 12, min = -70, sec = 4000 }
os.time(t)
assert(t.year == 2025 and t.month == 1 and t.day == 28 and t.hour == 11 and t.min == 56 and t.sec == 40 and t.yday == 28 and t.wday == 3 and t.isdst == false)
t = { year = "2024", month = "2", day = "0x1e", hour = 12.0 }
os.time(t)
assert(t.month == 3 and t.day == 1 and math.type(t.year) == "integer")

-- metamethods
local set = {}
local proxy = setmetatable({}, {
  __index = function(_, key) return ({ year = 2000, month = 5, day = 6 })[key] end,
  __newindex = function(_, key, value) set[key] = value end,
})
os.time(proxy)
assert(next(proxy) == nil and set.year == 2000 and set.month == 5 and set.day == 6 and set.hour == 12 and set.yday == 127 and set.wday == 7)
assert(fails(os.time, setmetatable({ year = 2000, month = 5, day = 6 }, { __newindex = function(_, key) error("set " .. key, 0) end })) == "set hour")
assert(fails(os.time, setmetatable({}, { __index = function(_, key) error("get " .. key, 0) end })) == "get year")

for _, case in ipairs {
  { { year = 2024, month = 1 }, "field 'day' missing in date table" }, { { month = 1, day = 1 }, "field 'year' missing in date table" },
  { { year = 2024.5, month = 1, day = 1 }, "field 'year' is not an integer" }, { { year = 2024, month = {}, day = 1 }, "field 'month' is not an integer" },
  { { year = 2024, month = 1, day = 1, hour = "x" }, "field 'hour' is not an integer" },
  { { year = (1 << 31) + 1900, month = 1, day = 1 }, "field 'year' is out-of-bound" },
  { { year = math.mininteger, month = 1, day = 1 }, "field 'year' is out-of-bound" }, { { year = 2024, month = 1, day = 1 << 31 }, "field 'day' is out-of-bound" },
} do assert(fails(os.time, case[1]) == case[2]) end
assert(fails(os.time, 1):find("(table expected, got number)", 1, true))

assert(fails(os.date, "%Ez"):find("(invalid conversion specifier '%Ez')", 1, true) and fails(os.date, "%Q"):find("(invalid conversion specifier '%Q')", 1, true))
assert(fails(os.date, "%"):find("(invalid conversion specifier '%')", 1, true) and fails(os.date, "*tx%y%"):find("specifier '%')", 1, true))
assert(fails(os.date, "*t", math.maxinteger):find("date result cannot be represented in this installation", 1, true))
assert(os.date("!%Y-%m-%d %H:%M:%S", 0) == "1970-01-01 00:00:00" and os.date("!%Ey %Od %%", 0) == "70 01 %" and os.date("!", 0) == "" and os.date("a\0b", 0) == "a\0b")
