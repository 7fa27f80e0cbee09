-- string.dump and load of binary chunks.

local function sample(a, b, ...)
  local t = { 1, 2.5, "three", true, nil, a, b, ... }
  local function inner(x)
    if x > 2 then return x * 10 // 3 end
    return -x .. "|" .. tostring(t[3])
  end
  local sum = 0
  for i = 1, 10 do sum = sum + i end
  for k, v in pairs({ 7 }) do sum = sum + k * v end
  while sum > 70 do sum = sum - 1 end
  local big, float, text = 0x7fffffffffffffff, 1e300, "\0\1\2\xff"
  goto done
  do sum = nil end
  ::done::
  return sum, inner(1), inner(5), #t, big, float, text, ...
end

local function check()
  for _, strip in ipairs { false, true } do
    local chunk = string.dump(sample, strip)
    assert(type(chunk) == "string" and chunk:byte() == 27)
    local copy = assert(load(chunk, "copy", "b"))
    -- in the reference too, upvalues are fresh, and the first one is set to the globals, whatever it is
    for i = 1, 3 do debug.setupvalue(copy, i, _ENV) end
    local want, got = table.pack(sample(1, 2, "x", "y")), table.pack(copy(1, 2, "x", "y"))
    assert(want.n == got.n)
    for i = 1, want.n do assert(want[i] == got[i], i) end
  end
end
for _ = 1, 100 do check() end

-- the first upvalue is the environment, others are nil
local one, two = 1, 2
local function reads() return one, two end
local copy = load(string.dump(reads))
print(select(1, copy()) == _G, select(2, copy()))             -- expect: true	nil
print(load(string.dump(reads), "n", "b", "env")())            -- expect: env	nil
print(one, two)                                               -- expect: 1	2
print(load(string.dump(load("x = 5 return x")), "n", "b", {})(), x)  -- expect: 5	nil
-- each load makes a function of its own
local function counter() one = (tonumber(one) or 0) + 1 return one end
print(load(string.dump(function() return nil end))(), load(string.dump(counter)) ~= load(string.dump(counter)))  -- expect: nil	true

-- debug information stays, unless it is stripped
local function raises(t)
  return t.x.y
end
print(pcall(load(string.dump(raises)), {}))                   -- expect: false	tests/library/string/dump_debug_info.lua:48: attempt to index a nil value (field 'x')
print(pcall(load(string.dump(raises, true)), {}))             -- expect: false	?:-1: attempt to index a nil value (field 'x')
print(pcall(load(string.dump(raises, true), "name"), nil))    -- expect: false	?:-1: attempt to index a nil value
print(pcall(load(string.dump(function() undefined() end, true), "n", "b", {})))  -- expect: false	?:-1: attempt to call a nil value (field 'undefined')
print(pcall(load(string.dump(function() error("message") end, true))))  -- expect: false	message
local i = debug.getinfo(load(string.dump(raises)), "SL")
print(i.source, i.linedefined, i.lastlinedefined, i.what, next(i.activelines))  -- expect: @tests/library/string/dump_debug_info.lua	47	49	Lua	48	true
i = debug.getinfo(load(string.dump(raises, true), "=other"), "SL")
print(i.source, i.short_src, i.linedefined, i.lastlinedefined, i.what, next(i.activelines))  -- expect: =?	?	47	49	Lua	nil
print(debug.getlocal(load(string.dump(raises)), 1), debug.getlocal(load(string.dump(raises, true)), 1))  -- expect: t	nil
print((debug.getupvalue(load(string.dump(reads)), 1)), (debug.getupvalue(load(string.dump(reads, true)), 1)))  -- expect: one	(no name)
local seen = {}
debug.sethook(function(_, line) seen[#seen + 1] = tostring(line) end, "l")
load(string.dump(function()
  local a = 1
  return a
end, true))()
debug.sethook()
print(seen[2])                                                -- expect: 66
assert(#string.dump(sample, true) < #string.dump(sample))

-- modes
local binary = string.dump(reads)
print(load(binary, "n", "t"))                                 -- expect: nil	attempt to load a binary chunk (mode is 't')
print(load("return 1", "n", "b"))                             -- expect: nil	attempt to load a text chunk (mode is 'b')
print(load("return 1", "n", "x"))                             -- expect: nil	attempt to load a text chunk (mode is 'x')
print(type(load(binary, "n", "bt")), type(load(binary, nil, "b")), type(load(binary)))  -- expect: function	function	function
-- piece by piece
local at = 0
local pieces = load(function() at = at + 1; return at <= #binary and binary:sub(at, at) or nil end, "pieces", "b")
print(select(2, pieces()))                                    -- expect: nil

-- bad chunks
print(select(2, load("\27")))                                 -- expect: binary string: bad binary format (truncated chunk)
print(select(2, load("\27Lua")))                              -- expect: binary string: bad binary format (truncated chunk)
print(select(2, load("\27Lua", "=name")))                     -- expect: name: bad binary format (truncated chunk)
print(select(2, load("\27Lua", "@name")))                     -- expect: name: bad binary format (truncated chunk)
print(select(2, load("\27Lux", "name")))                      -- expect: name: bad binary format (not a binary chunk)
print(select(2, load("\27Lua\x53" .. ("\0"):rep(40), "name")))  -- expect: name: bad binary format (version mismatch)
print(select(2, load("\27Lua\x54\x77" .. ("\0"):rep(40), "name")))  -- expect: name: bad binary format (format mismatch)
for length = 1, #binary - 1 do
  local f, message = load(binary:sub(1, length), "=cut")
  assert(not f and message == "cut: bad binary format (truncated chunk)", message)
end

print(pcall(string.dump, print))                              -- expect: false	unable to dump given function
print(pcall(string.dump, 1))                                  -- expect: false	bad argument #1 to 'string.dump' (function expected, got number)
