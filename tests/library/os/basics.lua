-- os.time, date, clock, getenv, difftime, tmpname, rename and remove.

local function check()
  local t = os.time()
  assert(math.type(t) == "integer" and t > 1600000000)
  local c = os.clock()
  assert(math.type(c) == "float" and c >= 0 and os.clock() >= c)
  assert(os.getenv("A_VARIABLE_NOBODY_SETS_123") == nil)
  local d = os.date("*t", 0)
  assert(type(d) == "table" and type(d.year) == "number" and type(d.isdst) == "boolean")
  -- a date in the local zone goes both ways
  local noon = os.time({ year = 2020, month = 6, day = 15, hour = 12, min = 30, sec = 45 })
  d = os.date("*t", noon)
  assert(d.year == 2020 and d.month == 6 and d.day == 15 and d.hour == 12 and d.min == 30 and d.sec == 45 and d.wday == 2 and d.yday == 167)
  assert(os.time(d) == noon and os.difftime(noon + 60, noon) == 60.0 and os.date("%Y-%m-%d %H:%M:%S", noon) == "2020-06-15 12:30:45")
  -- universal time is known exactly
  assert(os.date("!%Y-%m-%d %H:%M:%S", 0) == "1970-01-01 00:00:00" and os.date("!%Y-%m-%d %H:%M:%S", 1000000000) == "2001-09-09 01:46:40")
  local u = os.date("!*t", 86400 * 365)
  assert(u.year == 1971 and u.month == 1 and u.day == 1 and u.hour == 0 and u.yday == 1 and u.wday == 6 and u.isdst == false)
  -- fields out of range are normalised, and hour defaults to noon
  local a = { year = 2021, month = 14, day = 1 }
  assert(os.time(a) == os.time({ year = 2022, month = 2, day = 1, hour = 12 }) and a.year == 2022 and a.month == 2 and a.hour == 12)
  assert(os.time({ year = 2021, month = 3, day = 0 }) == os.time({ year = 2021, month = 2, day = 28 }))
  assert(os.time({ year = "2021", month = "3", day = 1.0 }) == os.time({ year = 2021, month = 3, day = 1 }))
end
for _ = 1, 50 do check() end
assert(type(os.getenv("PATH")) == "string" and type(os.date()) == "string")
print(os.date("!%d/%m/%y %j %a %A %b %B %p %I %%", 0))      -- expect: 01/01/70 001 Thu Thursday Jan January AM 12 %
print(os.date("!%c", 0), os.date("!%x", 0), os.date("!%X", 0)) -- expect: Thu Jan  1 00:00:00 1970	01/01/70	00:00:00
print(os.date("!%D %T %R %F %e %y %H %M %S %w %u", 0))      -- expect: 01/01/70 00:00:00 00:00 1970-01-01  1 70 00 00 00 4 4
local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
e(os.time, {})                              -- expect: field 'year' missing in date table
e(os.time, { year = 2020 })                 -- expect: field 'month' missing in date table
e(os.time, { year = 2020, month = "x", day = 1 }) -- expect: field 'month' is not an integer
e(os.time, { year = 2020, month = 1.5, day = 1 }) -- expect: field 'month' is not an integer
e(os.date, "%Ez", 0)                        -- expect: bad argument #1 to 'os.date' (invalid conversion specifier '%Ez')
e(os.date, "%", 0)                          -- expect: bad argument #1 to 'os.date' (invalid conversion specifier '%')
e(os.date, "%Q", 0)                         -- expect: bad argument #1 to 'os.date' (invalid conversion specifier '%Q')
e(os.date, "*t", "x")                       -- expect: bad argument #2 to 'os.date' (number expected, got string)
e(os.getenv)                                -- expect: bad argument #1 to 'os.getenv' (string expected, got no value)
e(os.difftime)                              -- expect: bad argument #1 to 'os.difftime' (number expected, got no value)
assert(select(2, os.remove("a_file_nobody_has_123")):find("No such file", 1, true))
assert(select("#", os.rename("a_file_nobody_has_123", "another")) == 3)
