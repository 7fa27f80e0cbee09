-- Limits of the compiler are errors, never crashes.

local function m(s)
  local f, e = load(s, "=s")
  assert(f == nil)
  return (e:gsub("near .*$", "near"))
end
-- nesting
local deep = 500
assert(m("x = " .. ("("):rep(deep) .. "1" .. (")"):rep(deep)):find("overflow"))
assert(m("x = " .. ("{"):rep(deep) .. ("}"):rep(deep)):find("overflow"))
assert(m(("do "):rep(deep) .. ("end "):rep(deep)):find("overflow"))
assert(m(("if x then "):rep(deep) .. ("end "):rep(deep)):find("overflow"))
assert(m(("while x do "):rep(deep) .. ("end "):rep(deep)):find("overflow"))
assert(m("x = " .. ("function() return "):rep(deep) .. ("end "):rep(deep)):find("overflow"))
assert(m("x = " .. ("-"):rep(deep * 2) .. "1"):find("unexpected symbol")) -- a comment
assert(m("x = " .. ("- "):rep(deep) .. "1"):find("overflow"))
assert(m("x = " .. ("not "):rep(deep) .. "1"):find("overflow"))
assert(m("x = " .. ("a^"):rep(deep) .. "1"):find("overflow"))
assert(m("x = " .. ("a.."):rep(deep) .. "'1'"):find("overflow"))
-- but a reasonable depth is fine
assert(load("x = " .. ("("):rep(100) .. "1" .. (")"):rep(100)))
assert(load("local t = " .. ("{"):rep(100) .. ("}"):rep(100)))
assert(load(("do "):rep(100) .. ("end "):rep(100)))
assert(load("return " .. ("- "):rep(100) .. "1")() == 1)
assert(load("return " .. ("'a'.."):rep(100) .. "'b'")() == ("a"):rep(100) .. "b")
assert(load("return " .. ("1+"):rep(5000) .. "1")() == 5001)
local many = {}
for i = 1, 500 do many[i] = "if a == " .. i .. " then return " .. i * 2 .. " else" end
assert(load("local a = 400 " .. table.concat(many) .. " return 0 end")() == 800)
-- parameters and locals
local names = {}
for i = 1, 256 do names[i] = "p" .. i end
assert(m("function f(" .. table.concat(names, ",") .. ") end"):find("too many local variables", 1, true))
assert(m("for " .. table.concat(names, ",") .. " in x do end"):find("too many local variables", 1, true))
-- many statements, constants and strings
local parts = {}
for i = 1, 3000 do parts[i] = ("local function f%d() return %d.5, 'str%d' end"):format(i % 150, i, i) end
local s = {}
for i = 1, 3000 do s[i] = ("t[%d] = 'value %d' .. %d.25"):format(i, i, i) end
local t = {}
load("local t = ... " .. table.concat(s, "\n"))(t)
assert(t[1] == "value 11.25" and t[3000] == "value 30003000.25" and #t == 3000)
-- long jumps
local body = ("x = x + 1 "):rep(20000)
assert(load("x = 0 for i = 1, 2 do " .. body .. " end return x")() == 40000)
assert(load("x = 0 while x < 30000 do " .. body .. " end return x")() == 40000)
x = nil
