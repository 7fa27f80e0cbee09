-- Methods: definition with a colon, self, calls on any expression, strings.

local Account = {}
Account.__index = Account
function Account.new(b) return setmetatable({ balance = b }, Account) end
function Account:deposit(v) self.balance = self.balance + v; return self end
function Account:get() return self.balance end
function Account.plain(self, x) return self, x end
local holder = { a = { b = { v = 7 } } }
function holder.a.b:m(...) return self.v, select("#", ...), ... end

local function check()
  local a = Account.new(10)
  assert(a:deposit(5):deposit(1):get() == 16 and a.get(a) == 16 and a["get"](a) == 16)
  assert(Account.get(a) == 16)
  local s, x = a:plain(3)
  assert(s == a and x == 3)
  local v, n, p, q = holder.a.b:m("p", "q")
  assert(v == 7 and n == 2 and p == "p" and q == "q")
  assert(("abc"):upper() == "ABC" and ("x"):rep(3) == "xxx" and #("ab"):rep(2, ",") == 5)
  local str = "hello"
  assert(str:sub(2, 3):upper() == "EL" and str:len() == 5 and str:byte() == 104)
  assert(("%d-%s"):format(5, "z") == "5-z")
  assert((a):get() == 16 and ({ f = function(self) return self end }):f() ~= nil)
  -- the object is evaluated once
  local calls = 0
  local function obj() calls = calls + 1; return a end
  obj():deposit(1)
  assert(calls == 1 and a.balance == 17)
  -- self can be assigned, and is a local
  local t = { f = function(self) self = 5; return self end }
  assert(t:f() == 5 and type(t) == "table")
  function t:g() local function inner() return self end return inner() end
  assert(t:g() == t)
  -- a method call with a string or table argument
  function t:echo(y) return y end
  assert(t:echo"s" == "s" and t:echo{ 1 }[1] == 1 and t:echo[[l]] == "l")
end
for _ = 1, 300 do check() end
local ok, e = pcall(function() local t = {} t:nomethod() end)
print(e)                            -- expect: tests/language/functions/methods.lua:40: attempt to call a nil value (method 'nomethod')
ok, e = pcall(function() local s = "x" return s:nomethod() end)
print(e)                            -- expect: tests/language/functions/methods.lua:42: attempt to call a nil value (method 'nomethod')
ok, e = pcall(function() local n = nil return n:method() end)
print(e)                            -- expect: tests/language/functions/methods.lua:44: attempt to index a nil value (local 'n')
ok, e = pcall(function() return (5):method() end)
print(e)                            -- expect: tests/language/functions/methods.lua:46: attempt to index a number value
