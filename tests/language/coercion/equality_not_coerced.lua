-- Equality and table keys never convert between strings and numbers.

for _ = 1, 300 do
  assert("1" ~= 1 and not ("1" == 1) and 1 ~= "1" and "1.0" ~= "1")
  local t = { [1] = "number", ["1"] = "string" }
  assert(t[1] == "number" and t["1"] == "string")
  t["2"] = "s"
  assert(t[2] == nil and #t == 1)
  assert(not rawequal("1", 1))
end
assert(not pcall(function() return "1" < 2 end))
assert(not pcall(function() return 1 < "2" end))
