-- The numeric for converts strings to numbers, as arithmetic does; only integers make an integer loop (manual §3.3.5, §3.4.3).

local function values(a, b, c)
  local t = {}
  for i = a, b, c do t[#t + 1] = tostring(i) end
  return table.concat(t, " ")
end

for _ = 1, 200 do
  assert(values(1, "3", 1) == "1 2 3")
  assert(values(1, "3.9", 1) == "1 2 3")
  assert(values(3, "0x1", -1) == "3 2 1")
  assert(values(1, "-1", 1) == "")
  assert(values("1", 3, 1) == "1.0 2.0 3.0")
  assert(values(1, 3, "1") == "1.0 2.0 3.0")
  assert(values("0.5", "1.5", " 0.5 ") == "0.5 1.0 1.5")
  assert(values(math.maxinteger - 1, "1e308", 1) == "9223372036854775806 9223372036854775807")
end

-- Strings that a program holds in its text.
local t = {}
for i = 1, "2" do t[#t + 1] = i end
for i = "1", 2 do t[#t + 1] = i end
assert(#t == 4 and math.type(t[2]) == "integer" and math.type(t[3]) == "float")

-- The limit's variable is the program's own: it stays a string.
local limit = "2"
for i = 1, limit do assert(limit == "2") end

print(pcall(values, 1, 2, "0"))  -- expect: false	tests/language/loops/numeric_for_strings.lua:5: 'for' step is zero
print(pcall(values, 1, "2x", 1)) -- expect: false	tests/language/loops/numeric_for_strings.lua:5: bad 'for' limit (number expected, got string)
