-- debug.getinfo: every field, of functions and of levels.

local function f(a, b, ...)
  local x = a
  return debug.getinfo(1, "nSlutrf"), x
end

local function check()
  local i = f(1, 2, 3)
  assert(i.name == "f" and i.namewhat == "upvalue")
  assert(i.source == "@tests/library/debug/getinfo.lua" and i.short_src == "tests/library/debug/getinfo.lua")
  assert(i.linedefined == 3 and i.lastlinedefined == 6 and i.what == "Lua" and i.currentline == 5)
  assert(i.nups == 1 and i.nparams == 2 and i.isvararg == true and i.istailcall == false)
  assert(i.ftransfer == 0 and i.ntransfer == 0 and i.func == f)
  assert(i.activelines == nil)
  -- of a function that does not run
  i = debug.getinfo(f)
  assert(i.name == nil and i.namewhat == "" and i.currentline == -1 and i.func == f and i.istailcall == false)
  assert(i.linedefined == 3 and i.nparams == 2 and i.activelines == nil)
  i = debug.getinfo(print)
  assert(i.what == "C" and i.source == "=[C]" and i.short_src == "[C]" and i.linedefined == -1 and i.lastlinedefined == -1)
  assert(i.currentline == -1 and i.nups == 0 and i.nparams == 0 and i.isvararg == true and i.func == print)
  assert(debug.getinfo(print, "L").activelines == nil)
  -- only what is asked for
  i = debug.getinfo(1, "l")
  assert(i.currentline == 25 and next(i, next(i)) == nil)
  assert(next(debug.getinfo(1, "")) == nil)
end
for _ = 1, 300 do check() end

-- lines with code
local function lines(fn)
  local list = {}
  for line in pairs(debug.getinfo(fn, "L").activelines) do list[#list + 1] = line end
  table.sort(list)
  return table.concat(list, " ")
end
local function g(x)
  local y = x

  if y then
    y = 1
  end
  -- nothing here
  return y
end
print(lines(g))                                     -- expect: 39 41 42 45 46
print(lines(function() end))                        -- expect: 48
print(lines(load("\n\nlocal a = 1\n\nreturn a\n"))) -- expect: 3 5

-- levels
print(debug.getinfo(1, "S").what, debug.getinfo(1, "l").currentline)  -- expect: main	52
assert(debug.getinfo(100) == nil and debug.getinfo(-1) == nil)
assert(debug.getinfo(0, "n").name == "getinfo")
print(debug.getinfo(0, "S").what)                   -- expect: C

-- how callers name functions
local function name() local i = debug.getinfo(2, "n") return i.namewhat .. " " .. tostring(i.name) end
global_function = name
local t = { field = name, method = name }
local up = function() return (name()) end
local function local_function() return (name()) end
print((local_function()))                           -- expect: local local_function
function global_function() return (name()) end
print((global_function()))                          -- expect: global global_function
function t.field() return (name()) end
print((t.field()))                                  -- expect: field field
function t:method() return (name()) end
print((t:method()))                                 -- expect: method method
print((function() return (up()) end)())             -- expect: upvalue up
t[1] = function() return (name()) end
print((t[1]()))                                     -- expect: field integer index
local mt = {}
local function event() return (name()) end
for _, e in ipairs { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot",
  "concat", "len", "index", "call" } do
  mt["__" .. e] = event
end
local o = setmetatable({}, mt)
print(o + 1, o - 1, o * 1)   -- expect: metamethod add	metamethod sub	metamethod mul
print(o / 1, o % 1, o ^ 1)   -- expect: metamethod div	metamethod mod	metamethod pow
print(-o, o // 1, o & 1)     -- expect: metamethod unm	metamethod idiv	metamethod band
print(o | 1, o ~ 1, o << 1)  -- expect: metamethod bor	metamethod bxor	metamethod shl
print(o >> 1, ~o, o .. "")   -- expect: metamethod shr	metamethod bnot	metamethod concat
print(#o, o.x, o())          -- expect: metamethod len	metamethod index	local o
local seen
mt.__newindex = function() seen = name() end
o.x = 1
print(seen)                                         -- expect: metamethod newindex
mt.__lt = function() seen = name() end
local _ = o < 1
print(seen)                                         -- expect: metamethod lt
mt.__le = mt.__lt
_ = 1 <= o
print(seen)                                         -- expect: metamethod le
mt.__eq = function() seen = name() end
_ = o == setmetatable({}, mt)
print(seen)                                         -- expect: metamethod eq
mt.__close = function() seen = name() end
do local c <close> = o end
print(seen)                                         -- expect: metamethod close
for _ in function() if seen then seen = nil; return (name()) end end do end
for what in function(_, last) if not last then return (name()) end end do print(what) end  -- expect: for iterator for iterator

-- tail calls
local function tail() local i = debug.getinfo(1, "nt") return i.istailcall, i.name, i.namewhat end
local function caller() return tail() end
print(caller())                                     -- expect: true	nil	

-- of other threads
local co = coroutine.create(function(x) local y = x; coroutine.yield(y); return y end)
assert(debug.getinfo(co, 0) == nil)
coroutine.resume(co, 1)
print(debug.getinfo(co, 0, "n").name, debug.getinfo(co, 1, "l").currentline, debug.getinfo(co, 2))  -- expect: yield	111	nil
coroutine.resume(co)
assert(debug.getinfo(co, 0) == nil)

-- errors
print(pcall(debug.getinfo, 1, "X"))                 -- expect: false	bad argument #2 to 'debug.getinfo' (invalid option)
print(pcall(debug.getinfo, 1, ">S"))                -- expect: false	bad argument #2 to 'debug.getinfo' (invalid option '>')
print(pcall(debug.getinfo, print, "X"))             -- expect: false	bad argument #2 to 'debug.getinfo' (invalid option)
print(pcall(debug.getinfo, co, 0, "X"))             -- expect: true	nil
print(pcall(debug.getinfo, "x"))                    -- expect: false	bad argument #1 to 'debug.getinfo' (number expected, got string)
print(pcall(debug.getinfo))                         -- expect: false	bad argument #1 to 'debug.getinfo' (number expected, got no value)
