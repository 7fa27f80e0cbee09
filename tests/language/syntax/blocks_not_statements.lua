-- An expression is not a statement, return must be last, and where a statement
-- could be a call the parser takes the longest form.

local function bad(s) assert(load(s) == nil, s) end
for _, s in ipairs {
  "1", "'x'", "x + 1", "nil", "true", "...", "{}", "function() end", "-x", "not x", "#x", "x.y", "x[1]",
  "(x)", "x:y", "(f())", "return return 1", "do return end x = 1 return return", "break; x = 1",
  "local local x", "local x = local y", "if x then return 1 2 end", "x = if y then 1 else 2 end",
  "function f() return 1; print() end", "for i = 1, 2 do return i; break end", "x = y = z",
  "x, y += 1", "local x, y, = 1", "a.b.c:d", "f():g", "::a", "goto", "goto a b", ":: a b ::",
} do
  bad(s)
end
-- a call continued on the next line
local calls = 0
local function f(x) calls = calls + 1 return function(y) calls = calls + 10 return y end end
local r = f
(1)
(2)
assert(r == 2 and calls == 11)
local s = ("x")
:rep(3)
assert(s == "xxx")
