-- Errors in and around closing methods.

local function closer(f) return setmetatable({}, { __close = f }) end
local function check()
  -- an error while closing replaces the error before, and others are still closed
  local seen = {}
  local ok, e = pcall(function()
    local a <close> = closer(function(_, err) seen[#seen + 1] = tostring(err) end)
    local b <close> = closer(function(_, err) seen[#seen + 1] = tostring(err); error("second", 0) end)
    local c <close> = closer(function(_, err) seen[#seen + 1] = tostring(err); error("first", 0) end)
    error("body", 0)
  end)
  assert(not ok and e == "second" and table.concat(seen, " ") == "body first second")
  -- an error in a close at a normal end
  seen = {}
  ok, e = pcall(function()
    local a <close> = closer(function(_, err) seen[#seen + 1] = tostring(err) end)
    local b <close> = closer(function(_, err) seen[#seen + 1] = tostring(err); error("closing", 0) end)
    return "never"
  end)
  assert(not ok and e == "closing" and table.concat(seen, " ") == "nil closing")
  -- the error object is passed on untouched
  local obj = {}
  ok, e = pcall(function()
    local a <close> = closer(function(_, err) assert(err == obj) end)
    error(obj)
  end)
  assert(not ok and e == obj)
  -- a closing method may catch errors of its own
  ok, e = pcall(function()
    local a <close> = closer(function() pcall(error, "x") end)
    return "fine"
  end)
  assert(ok and e == "fine")
  -- the result of a closing method is ignored
  local function f() local a <close> = closer(function() return 1, 2, 3 end); return "r" end
  assert(f() == "r" and select("#", f()) == 1)
end
for _ = 1, 300 do check() end
print(pcall(function() local x <close> = 42 end))            -- expect: false	tests/language/attribs/close_errors.lua:40: variable 'x' got a non-closable value
print(pcall(function() local x <close> = {} end))            -- expect: false	tests/language/attribs/close_errors.lua:41: variable 'x' got a non-closable value
print(pcall(function() local my_var <close> = "str" end))    -- expect: false	tests/language/attribs/close_errors.lua:42: variable 'my_var' got a non-closable value
print(pcall(function() local x <close> = setmetatable({}, { __close = 5 }) end)) -- expect: false	tests/language/attribs/close_errors.lua:43: attempt to call a number value (metamethod 'close')
-- the metamethod is looked up when closing
print(pcall(function()
  local x <close> = closer(function() end)
  getmetatable(x).__close = nil
end))                                                        -- expect: false	tests/language/attribs/close_errors.lua:48: attempt to call a nil value (metamethod 'close')
-- a value that cannot be closed: the others before it are
local closed = 0
local ok = pcall(function()
  local a <close> = closer(function() closed = closed + 1 end)
  local b <close> = {}
end)
assert(not ok and closed == 1)
