-- require: searchers, what is loaded, messages.

local folder = "tests/library/package/data/"
package.path = folder .. "?.txt"
package.cpath = "none/?.so"

local function e(...)
  local ok, message = pcall(require, ...)
  assert(not ok)
  print((message:gsub("\n\t", " & ")))
end

local m, file = require "plain"
assert(m.name == "plain" and m.file == folder .. "plain.txt" and file == m.file and package.loaded.plain == m)
for _ = 1, 200 do assert(require "plain" == m and select("#", require "plain") == 1 and count == 1) end
package.loaded.plain = nil
assert(require("plain") ~= m and count == 2)
assert(require "string" == string and require "_G" == _G and require "package" == package and require "coroutine" == coroutine)

print(require "returns_nothing", package.loaded.returns_nothing)  -- expect: true	true
print(require "returns_false")  -- expect: false	tests/library/package/data/returns_false.txt
print(require "returns_false")  -- expect: false	tests/library/package/data/returns_false.txt
print(require "sets_itself")  -- expect: set	tests/library/package/data/sets_itself.txt
print(require "sets_itself")  -- expect: set

package.preload.preloaded = function(...) print(select("#", ...), ...) return "value" end
print(require "preloaded")  -- expect: 2	preloaded	:preload:
  -- expect: value	:preload:
print(require "preloaded")  -- expect: value

e "fails"  -- expect: tests/library/package/data/fails.txt:1: attempt to perform arithmetic on a nil value
e "malformed"  -- expect: error loading module 'malformed' from file 'tests/library/package/data/malformed.txt': & tests/library/package/data/malformed.txt:2: unexpected symbol near <eof>
e "none.x"  -- expect: module 'none.x' not found: & no field package.preload['none.x'] & no file 'tests/library/package/data/none/x.txt' & no file 'none/none/x.so' & no file 'none/none.so'
e()  -- expect: bad argument #1 to 'require' (string expected, got no value)
e {}  -- expect: bad argument #1 to 'require' (string expected, got table)

-- C libraries are searched for, also by the root of the name
package.cpath = "?.so;?/init"
e "XXX"  -- expect: module 'XXX' not found: & no field package.preload['XXX'] & no file 'tests/library/package/data/XXX.txt' & no file 'XXX.so' & no file 'XXX/init'
e "a.b"  -- expect: module 'a.b' not found: & no field package.preload['a.b'] & no file 'tests/library/package/data/a/b.txt' & no file 'a/b.so' & no file 'a/b/init' & no file 'a.so' & no file 'a/init'
package.cpath = {}
e "XXX"  -- expect: 'package.cpath' must be a string
package.cpath = ""
package.path = nil
e "XXX"  -- expect: 'package.path' must be a string
package.path = {}
e "XXX"  -- expect: 'package.path' must be a string
package.path = "?.x"

-- own searchers
local searchers = package.searchers
package.searchers = 3
e "XXX"  -- expect: 'package.searchers' must be a table
package.searchers = {}
e "XXX"  -- expect: module 'XXX' not found:
package.searchers = { function() return "first" end, function() end, function() return {} end, function() return 12 end }
e "XXX"  -- expect: module 'XXX' not found: & first & 12
package.searchers = { function(...) return function(...) print(...) return "own" end, "extra", select("#", ...) end }
print(require "XXX")  -- expect: XXX	extra
  -- expect: own	extra
package.searchers = { function() error("oops", 0) end }
e "YYY"  -- expect: oops
package.searchers = searchers

-- the function keeps its own table
local original = package
package = nil
original.preload.late = function() return 1 end
print(require "late")  -- expect: 1	:preload:
