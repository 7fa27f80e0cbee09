-- perilune-only
-- re.split.
local re = require "re"
local function s(...) return table.concat(re.split(...), "|") end
local function check()
  assert(s("a,b,c", ",") == "a|b|c" and s("a, b,c", [[,\s*]]) == "a|b|c" and s("abc", ",") == "abc")
  assert(s(",a,", ",") == "|a|" and s(",,", ",") == "||" and s(",", ",") == "|")
  assert(#re.split("", ",") == 1 and re.split("", ",")[1] == "" and #re.split("", "") == 1 and #re.split("", "x*") == 1)
  assert(s("abc", "") == "a|b|c" and s("né€", "") == "n|é|€" and s("a", "") == "a" and s("aéb", "x*") == "a|é|b")
  assert(s("axbxxc", "x*") == "a|b|c" and s("xa", "x*") == "|a" and s("ax", "x*") == "a|")
  assert(s("a,b,c", ",", 1) == "a,b,c" and s("a,b,c", ",", 2) == "a|b,c" and s("a,b,c", ",", 3) == "a|b|c" and s("a,b,c", ",", 100) == "a|b|c")
  assert(s("abc", "", 2) == "a|bc" and s("a1b2c", [[(\d)]]) == "a|b|c" and s("a\0b", "\0") == "a|b")
  assert(table.concat(re.compile("-"):split("a-b-c", 2), "|") == "a|b-c")
  assert(s("one  two", [[\s+]]) == "one|two" and s("aXbxc", "(?i)x") == "a|b|c" and s(12321, 3) == "12|21")
end
for _ = 1, 60 do check() end
for _, limit in ipairs { 0, -1 } do
  local ok, e = pcall(re.split, "a", "b", limit)
  assert(not ok and e == "bad argument #3 to 're.split' (limit must be positive)")
end
local parts = re.split(("a,"):rep(10000), ",")
assert(#parts == 10001 and parts[10000] == "a" and parts[10001] == "")
