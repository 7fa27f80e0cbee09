-- package.searchpath, and the fields of the library.

local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

local folder = "tests/library/package/data/"
for _ = 1, 50 do
  assert(package.searchpath("plain", folder .. "?.txt") == folder .. "plain.txt")
  assert(package.searchpath("data.plain", "none/?;tests/library/package/?.txt;x") == folder .. "plain.txt")
  assert(package.searchpath("data-plain", "tests/library/package/?.txt", "-") == folder .. "plain.txt")
  assert(package.searchpath("data--plain", "tests/library/?.txt", "--", "/") == nil)
  assert(package.searchpath("plain.txt", folder .. "?", "") == folder .. "plain.txt")
  assert(package.searchpath("tests+library+package+data+plain", "?.txt", "+", "/") == folder .. "plain.txt")
end
assert(type(package.path) == "string" and type(package.cpath) == "string" and #package.searchers == 4)
assert(package.config == "/\n;\n?\n!\n-\n" and package.loaded.package == package and package.loaded._G == _G and type(package.preload) == "table")

local function tried(...)
  local found, message = package.searchpath(...)
  assert(found == nil)
  print((message:gsub("\n\t", " & ")))
end
tried("x", "a/?.lua")  -- expect: no file 'a/x.lua'
tried("x.y", "?.lua;?/?")  -- expect: no file 'x/y.lua' & no file 'x/y/x/y'
tried("x.y", "?.lua", "")  -- expect: no file 'x.y.lua'
tried("x.y", "?.lua", ".", "+")  -- expect: no file 'x+y.lua'
tried("x", "")  -- expect: no file ''
tried("x", ";a;;?;")  -- expect: no file '' & no file 'a' & no file '' & no file 'x' & no file ''
tried("x;y", "?.a;?.b")  -- expect: no file 'x' & no file 'y.a' & no file 'x' & no file 'y.b'
tried("a%d", "?.%1")  -- expect: no file 'a%d.%1'
e(package.searchpath)  -- expect: bad argument #2 to 'package.searchpath' (string expected, got no value)
e(package.searchpath, "x")  -- expect: bad argument #2 to 'package.searchpath' (string expected, got no value)
e(package.searchpath, "x", {})  -- expect: bad argument #2 to 'package.searchpath' (string expected, got table)
e(package.loadlib, "x")  -- expect: bad argument #2 to 'package.loadlib' (string expected, got no value)
print(select("#", package.loadlib("tests/none.so", "f")), (package.loadlib("tests/none.so", "*")))  -- expect: 3	nil

-- a path of many long templates
local templates = {}
for i = 1, 2000 do templates[i] = ("?"):rep(i % 10 + 1) end
local _, message = package.searchpath("none", table.concat(templates, ";"))
assert(select(2, message:gsub("\n\tno file 'none", "")) == 1999 and message:find(("none"):rep(10), 1, true))
