-- assert adds no position to its message.

print(pcall(assert, false, "plain message"))   -- expect: false	plain message
print(pcall(assert, nil))                      -- expect: false	assertion failed!
print(pcall(assert, false, nil))               -- expect: false	nil
print(pcall(assert, nil, 7))                   -- expect: false	7
print(pcall(assert))                           -- expect: false	bad argument #1 to 'assert' (value expected)
print(select("#", assert(1, 2, nil)))          -- expect: 3
local function f(x) return x.y.z end -- expect error: attempt to index a nil value (field 'y')
for i = 1, 300 do assert(f({ y = { z = i } }) == i) end
f({})
