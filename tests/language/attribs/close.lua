-- <close>: called at the end of the scope in reverse order, however it is left.

local log
local function closer(name)
  return setmetatable({ name = name }, { __close = function(self, e)
    log[#log + 1] = self.name .. (e and "!" or "")
  end })
end
local function text() local s = table.concat(log, " "); log = {}; return s end
local function returns(a)
  local x <close> = closer("r1")
  local y <close> = closer("r2")
  return a, #log
end
local function early(a)
  local x <close> = closer("e1")
  if a then
    local y <close> = closer("e2")
    return "early"
  end
  log[#log + 1] = "late"
end
local function check()
  log = {}
  do
    local a <close> = closer("a")
    local b <close> = closer("b")
    log[#log + 1] = "body"
  end
  assert(text() == "body b a")
  local v, n = returns(5)
  assert(v == 5 and n == 0 and text() == "r2 r1") -- results are computed before closing
  assert(early(true) == "early" and text() == "e2 e1")
  early(false)
  assert(text() == "late e1")
  for i = 1, 3 do
    local c <close> = closer("c" .. i)
    if i == 2 then goto continue end
    if i == 3 then break end
    log[#log + 1] = "end" .. i
    ::continue::
  end
  assert(text() == "end1 c1 c2 c3")
  local i = 0
  while i < 2 do
    i = i + 1
    local w <close> = closer("w" .. i)
  end
  repeat
    local u <close> = closer("u")
    i = i + 1
  until u and i >= 4
  assert(text() == "w1 w2 u u")
  do
    local x <close> = nil
    local y <close> = false
  end
  local ok, e = pcall(function()
    local a <close> = closer("p1")
    local b <close> = closer("p2")
    error("oops", 0)
  end)
  assert(not ok and e == "oops" and text() == "p2! p1!")
  do
    local k <const> = 5
    local q <close> = closer("q")
    local f = function() return q, k end
    assert(f().name == "q")
  end
  assert(text() == "q")
  -- not a tail call: the variable is closed after the call
  local function inner() return #log end
  local function outer() local t <close> = closer("t"); return inner() end
  assert(outer() == 0 and text() == "t")
end
for _ = 1, 300 do check() end
