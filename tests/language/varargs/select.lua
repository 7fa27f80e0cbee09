-- select with positive and negative positions, and its errors.

local function check()
  local function list(...) return select("#", ...) .. ":" .. table.concat({ ... }, ",") end
  assert(list(select(1, "a", "b", "c")) == "3:a,b,c")
  assert(list(select(2, "a", "b", "c")) == "2:b,c")
  assert(list(select(3, "a", "b", "c")) == "1:c")
  assert(list(select(4, "a", "b", "c")) == "0:" and list(select(100, "a")) == "0:")
  assert(list(select(-1, "a", "b", "c")) == "1:c" and list(select(-3, "a", "b", "c")) == "3:a,b,c")
  assert(select("#") == 0 and select("#", nil, nil) == 2 and select("2", 1, 5) == 5)
  assert((select(2, "a", "b", "c")) == "b")
  local function last(...) return (select(-1, ...)) end
  assert(last(1, 2, 3) == 3 and last(nil, false) == false)
  local s = 0
  local function sum(...)
    for i = 1, select("#", ...) do s = s + (select(i, ...)) end
  end
  sum(1, 2, 3, 4, 5)
  assert(s == 15)
end
for _ = 1, 300 do check() end
local function fails(...)
  local ok, e = pcall(select, ...)
  assert(not ok)
  return e
end
print(fails(0))              -- expect: bad argument #1 to 'select' (index out of range)
print(fails(-1))             -- expect: bad argument #1 to 'select' (index out of range)
print(fails(-3, 1, 2))       -- expect: bad argument #1 to 'select' (index out of range)
print(fails("x"))            -- expect: bad argument #1 to 'select' (number expected, got string)
print(fails())               -- expect: bad argument #1 to 'select' (number expected, got no value)
print(fails(1.5))            -- expect: bad argument #1 to 'select' (number has no integer representation)
print(fails({}, 1))          -- expect: bad argument #1 to 'select' (number expected, got table)
