-- Keys: floats with integer values are the same as integers; nil and NaN.

local function check()
  local t = {}
  t[1] = "one"
  assert(t[1.0] == "one" and t[1e0] == "one" and t[0x1p0] == "one")
  t[2.0] = "two"
  assert(t[2] == "two" and #t == 2)
  t[3.5] = "f"
  assert(t[3.5] == "f" and t[3] == nil and t[4] == nil)
  t[2^53] = "big"
  assert(t[9007199254740992] == "big" and t[2^53 | 0] == "big")
  t[2^63] = "huge"
  assert(t[2^63] == "huge" and t[math.mininteger] == nil and t[math.maxinteger] == nil)
  t[-2^63] = "least"
  assert(t[math.mininteger] == "least")
  t[math.maxinteger], t[0], t[-1] = "most", "zero", "minus"
  assert(t[math.maxinteger] == "most" and t[-0.0] == "zero" and t[-1.0] == "minus" and t[0.0] == "zero")
  t[math.huge], t[-math.huge] = "inf", "-inf"
  assert(t[math.huge] == "inf" and t[-math.huge] == "-inf" and t[1 / 0] == "inf")
  t["1"] = "string"
  assert(t["1"] == "string" and t[1] == "one")
  t[true], t[false] = "T", "F"
  assert(t[true] == "T" and t[false] == "F")
  assert(t[nil] == nil and t[0 / 0] == nil) -- reading is allowed
  local k1, k2 = {}, {}
  t[k1], t[print] = 1, 2
  assert(t[k1] == 1 and t[k2] == nil and t[print] == 2)
  for k in pairs(t) do
    if math.type(k) == "float" then assert(k ~= math.floor(k) or k >= 2^63 or k < -2^63) end
  end
  -- long strings made apart are the same key
  t[("x"):rep(100)] = "long"
  assert(t[("x"):rep(50) .. ("x"):rep(50)] == "long")
end
for _ = 1, 300 do check() end
local t = {}
print(pcall(function() t[nil] = 1 end))               -- expect: false	tests/language/tables/keys.lua:38: table index is nil
print(pcall(function() t[0 / 0] = 1 end))             -- expect: false	tests/language/tables/keys.lua:39: table index is NaN
print(pcall(function() t[undefined_name] = 1 end))    -- expect: false	tests/language/tables/keys.lua:40: table index is nil
print(pcall(rawset, t, nil, 1))                       -- expect: false	table index is nil
print(pcall(rawset, t, 0 / 0, 1))                     -- expect: false	table index is NaN
assert(next(t) == nil)
