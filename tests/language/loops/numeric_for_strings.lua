-- Numerals may stand for numbers; only integers proper at the start and as the step make an integer loop.

local function run(a, b, c)
  local values = {}
  for i = a, b, c do values[#values + 1] = tostring(i) end
  return table.concat(values, " ")
end
for _ = 1, 100 do
  assert(run("1", 3, 1) == "1.0 2.0 3.0")
  assert(run(1, "3", 1) == "1 2 3")
  assert(run(1, "3.5", 1) == "1 2 3")
  assert(run(3, " 0x1 ", "-1") == "3.0 2.0 1.0")
  assert(run("1", "2", "0.5") == "1.0 1.5 2.0")
  assert(run(1, "-1", 1) == "")
  assert(run(1, 3, 1) == "1 2 3")
end
print(pcall(run, 1, "x", 1))    -- expect: false	tests/language/loops/numeric_for_strings.lua:5: bad 'for' limit (number expected, got string)
print(pcall(run, "x", 1, "1"))  -- expect: false	tests/language/loops/numeric_for_strings.lua:5: bad 'for' initial value (number expected, got string)
print(pcall(run, 1, 1, "0"))    -- expect: false	tests/language/loops/numeric_for_strings.lua:5: 'for' step is zero
