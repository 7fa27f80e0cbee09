-- "bad argument" messages name the function and the position; methods do not
-- count the object.

local function msg(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
print(msg(function() table.insert(nil, 1) end))            -- expect: bad argument #1 to 'insert' (table expected, got nil)
print(msg(function() table.insert({}, "x", 1) end))        -- expect: bad argument #2 to 'insert' (number expected, got string)
print(msg(function() string.rep() end))                    -- expect: bad argument #1 to 'rep' (string expected, got no value)
print(msg(function() ("x"):rep() end))                     -- expect: bad argument #1 to 'rep' (number expected, got no value)
print(msg(function() ("x"):rep({}) end))                   -- expect: bad argument #1 to 'rep' (number expected, got table)
print(msg(function() ("x"):bad() end))                     -- expect: attempt to call a nil value (method 'bad')
print(msg(function() string.rep("x", {}) end))             -- expect: bad argument #2 to 'rep' (number expected, got table)
print(msg(function() local r = string.rep; r("x", true) end)) -- expect: bad argument #2 to 'r' (number expected, got boolean)
print(msg(function() math.floor("x") end))                 -- expect: bad argument #1 to 'floor' (number expected, got string)
print(msg(function() math.floor({}) end))                  -- expect: bad argument #1 to 'floor' (number expected, got table)
print(msg(function() math.floor() end))                    -- expect: bad argument #1 to 'floor' (number expected, got no value)
print(msg(function() setmetatable(1, {}) end))             -- expect: bad argument #1 to 'setmetatable' (table expected, got number)
print(msg(function() setmetatable({}) end))                -- expect: bad argument #2 to 'setmetatable' (nil or table expected, got no value)
print(msg(function() tostring() end))                      -- expect: bad argument #1 to 'tostring' (value expected)
print(msg(function() tonumber() end))                      -- expect: bad argument #1 to 'tonumber' (value expected)
print(msg(function() tonumber("10", 99) end))              -- expect: bad argument #2 to 'tonumber' (base out of range)
print(msg(function() tonumber(10, 10) end))                -- expect: bad argument #1 to 'tonumber' (string expected, got number)
print(msg(function() ipairs() end))                        -- expect: bad argument #1 to 'ipairs' (value expected)
print(msg(function() select(0) end))                       -- expect: bad argument #1 to 'select' (index out of range)
print(msg(function() string.char(256) end))                -- expect: bad argument #1 to 'char' (value out of range)
print(msg(function() string.char(-1) end))                 -- expect: bad argument #1 to 'char' (value out of range)
print(msg(function() table.concat({ {} }) end))            -- expect: invalid value (table) at index 1 in table for 'concat'
print(msg(function() table.concat({ 1, 2 }, ",", 1, 3) end)) -- expect: invalid value (nil) at index 3 in table for 'concat'
print(msg(function() ("x"):format() return ("%d"):format("x") end)) -- expect: bad argument #1 to 'format' (number expected, got string)
print(msg(function() ("%d"):format(1.5) end))              -- expect: bad argument #1 to 'format' (number has no integer representation)
print(msg(function() ("%d"):format() end))                 -- expect: bad argument #1 to 'format' (no value)
print(msg(function() ("%y"):format(1) end))                -- expect: invalid conversion '%y' to 'format'
print(msg(function() coroutine.resume(1) end))             -- expect: bad argument #1 to 'resume' (thread expected, got number)
print(msg(function() coroutine.wrap(1) end))               -- expect: bad argument #1 to 'wrap' (function expected, got number)
print(msg(function() io.lines({}) end))                    -- expect: bad argument #1 to 'lines' (string expected, got table)
print(msg(function() io.stdout.write() end))               -- expect: bad argument #1 to 'write' (FILE* expected, got no value)
print(msg(function() os.time({}) end))                     -- expect: field 'year' missing in date table
print(msg(function() load() end))                          -- expect: bad argument #1 to 'load' (function expected, got no value)
print(msg(function() rawset({}, nil, 1) end))              -- expect: table index is nil
print(msg(function() next({}, {}) end))                    -- expect: invalid key to 'next'
print(msg(function() collectgarbage("nope") end))          -- expect: bad argument #1 to 'collectgarbage' (invalid option 'nope')
local s = setmetatable({}, { __index = { m = string.rep } })
print(msg(function() s:m(1) end))                          -- expect: calling 'm' on bad self (string expected, got table)
for _ = 1, 300 do assert(not pcall(string.rep)) end
