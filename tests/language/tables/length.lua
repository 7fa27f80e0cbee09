-- The length of sequences while they grow and shrink; strings; errors.

local function check()
  local t = {}
  assert(#t == 0)
  for i = 1, 100 do t[i] = i; assert(#t == i) end
  for i = 100, 1, -1 do t[i] = nil; assert(#t == i - 1) end
  for i = 1, 50 do t[#t + 1] = i end
  assert(#t == 50)
  while #t > 0 do t[#t] = nil end
  assert(next(t) == nil)
  local u = { 1, 2, 3, nil }
  assert(#u == 3)
  u.n, u[0], u[-1], u[1.5] = 1, 2, 3, 4 -- do not count
  assert(#u == 3)
  u[4.0] = 4
  assert(#u == 4)
  assert(#"" == 0 and #"abc" == 3 and #"a\0b" == 3 and #("x"):rep(1000) == 1000)
  local w = { [1] = 1, [2] = 2, [3] = 3 }
  assert(#w == 3)
  local x = {}
  for i = 20, 1, -1 do x[i] = i end -- filled from the end
  assert(#x == 20)
  local y = table.pack(1, nil, nil)
  assert(y.n == 3)
  -- a border: t[n] is not nil and t[n + 1] is, or n is 0 and t[1] is nil
  local h = { 1, 2, nil, 4, nil, 6 }
  local n = #h
  assert((n == 0 and h[1] == nil) or (h[n] ~= nil and h[n + 1] == nil))
  h[3] = 3
  n = #h
  assert(h[n] ~= nil and h[n + 1] == nil)
end
for _ = 1, 300 do check() end
local z = {}
for i = 1, 1 << 14 do z[i] = true end
assert(#z == 1 << 14)
for i = 1 << 14, 101, -1 do z[i] = nil end
assert(#z == 100)
print(pcall(function() local n; return #n end))           -- expect: false	tests/language/tables/length.lua:40: attempt to get length of a nil value (local 'n')
print(pcall(function() return #z.field end))              -- expect: false	tests/language/tables/length.lua:41: attempt to get length of a nil value (field 'field')
print(pcall(function() return #5 end))                    -- expect: false	tests/language/tables/length.lua:42: attempt to get length of a number value
print(pcall(function() return #print end))                -- expect: false	tests/language/tables/length.lua:43: attempt to get length of a function value (global 'print')
