-- package.searchers, package.searchpath, package.preload, package.loaded, require's results and errors.
local folder = arg[0]:match("^(.*[/\\])") or ""
package.path, package.cpath = folder .. "data/?.lua;" .. folder .. "data/?/init.lua", folder .. "none/?.so"

local function fails(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return message
end
local function tried(name)
  local file, root = name:gsub("%.", "/"), name:match("^(.-)%.")
  return "module '" .. name .. "' not found:\n\tno field package.preload['" .. name .. "']\n\tno file '" .. folder .. "data/" .. file .. ".lua'\n\tno file '" ..
    folder .. "data/" .. file .. "/init.lua'\n\tno file '" .. folder .. "none/" .. file .. ".so'" .. (root and "\n\tno file '" .. folder .. "none/" .. root .. ".so'" or "")
end

-- What require gives and stores.
local value, data = require "arguments"
assert(value == "arguments " .. folder .. "data/arguments.lua" and data == folder .. "data/arguments.lua" and package.loaded.arguments == value)
assert(select("#", require "arguments") == 1 and require "arguments" == value)
value, data = require "nested.inner"
assert(value.name == "nested.inner" and data == folder .. "data/nested/inner.lua")
assert(require("nested").name == "nested" and package.loaded.nested.file == folder .. "data/nested/init.lua")
assert(require "nothing" == true and package.loaded.nothing == true)
assert(require "no" == false and package.loaded.no == false and select(2, require "no") == folder .. "data/no.lua")  -- loaded again
assert(require "sets_loaded" == "set" and require "sets_loaded" == "set")

-- Not found.
assert(fails(require, "missing") == tried "missing" and fails(require, "a.b.c") == tried "a.b.c" and fails(require, 12) == tried "12")
assert(fails(require) == "bad argument #1 to 'require' (string expected, got no value)")
local ok, message = pcall(function() require "missing" end)
assert(not ok and message:find("^[^\n]*searchers.lua:%d+: module 'missing' not found:\n\tno field"))
-- Errors of loaders.
assert(fails(require, "syntax") == "error loading module 'syntax' from file '" .. folder .. "data/syntax.lua':\n\t" .. folder .. "data/syntax.lua:2: unexpected symbol near <eof>")
assert(fails(require, "raises").reason == "raised" and package.loaded.raises == nil)

-- preload
package.preload.made = function(...) return { ... } end
value, data = require "made"
assert(#value == 2 and value[1] == "made" and value[2] == ":preload:" and data == ":preload:")
package.preload.bad = 12
assert(fails(require, "bad") == (tried("bad"):gsub("no field [^\n]*", "12", 1)))

-- loaded
package.loaded.given = "given"
assert(require "given" == "given")
assert(package.loaded.string == string and package.loaded._G == _G and package.loaded.package == package and package.loaded.coroutine == coroutine)

-- searchers
local searchers = package.searchers
assert(#searchers == 4)
local function with(searcher, f) table.insert(searchers, 1, searcher) f() table.remove(searchers, 1) end
with(function(name) return function(...) return select("#", ...) .. table.concat({ ... }, " ") end, "extra" end, function()
  value, data = require "x1"
  assert(value == "2x1 extra" and data == "extra")
end)
with(function() return function(...) return { select("#", ...), (select(2, ...)) } end end, function()
  value, data = require "x2"
  assert(value[1] == 2 and value[2] == nil and data == nil and select("#", require "x2") == 1)
end)
with(function(name) return "custom " .. name end, function()
  assert(fails(require, "x3") == tried("x3"):gsub("found:", "found:\n\tcustom x3"))
end)
with(function() return 42 end, function() assert(fails(require, "x3") == tried("x3"):gsub("found:", "found:\n\t42")) end)
with(function() end, function() assert(fails(require, "x3") == tried("x3")) end)
with(function() return true end, function() assert(fails(require, "x3") == tried("x3")) end)
with(function() error({ "thrown" }) end, function() assert(fails(require, "x3")[1] == "thrown") end)
with(setmetatable({}, { __call = function(_, name) return "called " .. name end }), function() assert(fails(require, "x3"):find("found:\n\tcalled x3\n", 1, true)) end)

package.searchers = nil
assert(fails(require, "q") == "'package.searchers' must be a table")
package.searchers = {}
assert(fails(require, "q") == "module 'q' not found:")
package.searchers = searchers
local path, cpath = package.path, package.cpath
for _, field in ipairs { "path", "cpath" } do
  local old = package[field]
  for _, bad in ipairs { false, {}, print } do
    package[field] = bad
    assert(fails(require, "q") == "'package." .. field .. "' must be a string")
  end
  package[field] = 12
  assert(fails(require, "q"):find("no file '12'", 1, true))
  package[field] = old
end
package.path, package.cpath = "", ""
assert(fails(require, "q") == "module 'q' not found:\n\tno field package.preload['q']\n\tno file ''\n\tno file ''")
package.path, package.cpath = path, cpath

-- Replacing the fields does not change what require uses.
local loaded, preload = package.loaded, package.preload
package.loaded, package.preload = nil, nil
assert(require "arguments" == loaded.arguments and require "string" == string and require "made" == loaded.made)
package.loaded, package.preload = loaded, preload

-- searchpath
assert(package.searchpath("arguments", path) == folder .. "data/arguments.lua" and package.searchpath("nested-inner", path, "-") == folder .. "data/nested/inner.lua")
local function absent(expected, ...)
  local file, text = package.searchpath(...)
  assert(file == nil and text == expected)
end
absent("no file 'a/b.x'\n\tno file 'a/b.y'", "a.b", "?.x;?.y")
absent("no file ''", "a.b", "")
absent("no file ''\n\tno file ''\n\tno file ''", "a.b", ";;")
absent("no file 'a+b.x'", "a-b", "?.x", "-", "+")
absent("no file 'a.b.x'", "a.b", "?.x", "")
absent("no file 'a/b-a/b'\n\tno file 'none'", "a.b", "?-?;none")
absent("no file 'x'\n\tno file 'y.lua'", "x;y", "?.lua")
assert(fails(package.searchpath, "a", {}):find("bad argument #2 to '[%w.]*searchpath' %(string expected, got table%)"))

assert(package.config == "/\n;\n?\n!\n-\n")
local library, why, where = package.loadlib(folder .. "none.so", "*")
assert(library == nil and type(why) == "string" and (where == "open" or where == "absent"))
