-- dofile and loadfile on files beside this script, require-like use.

local folder = arg[0]:match("^(.*[/\\])") or ""
local path = folder .. "data/chunk.lua"
assert(dofile(path) == 15)
local f = assert(loadfile(path))
assert(f() == 15 and f(100) == 115)
local env = { assert = assert }
f = assert(loadfile(path, "t", env))
assert(f(1) == 16 and env.chunk_ran == 1 and chunk_ran == 3)
local a, b, c = dofile(folder .. "data/results.lua")
assert(a == "one" and b == nil and c == 3)
print(loadfile(folder .. "data/syntax_error.lua"))        -- expect: nil	tests/library/basic/data/syntax_error.lua:2: unexpected symbol near '='
print(pcall(dofile, folder .. "data/syntax_error.lua"))   -- expect: false	tests/library/basic/data/syntax_error.lua:2: unexpected symbol near '='
print(loadfile(folder .. "data/missing.lua"))             -- expect: nil	cannot open tests/library/basic/data/missing.lua: No such file or directory
print(pcall(dofile, folder .. "data/missing.lua"))        -- expect: false	cannot open tests/library/basic/data/missing.lua: No such file or directory
print(pcall(dofile, folder .. "data/runtime_error.lua"))  -- expect: false	tests/library/basic/data/runtime_error.lua:4: attempt to index a nil value (local 't')
-- the first line of a file may be a # comment
assert(dofile(folder .. "data/hash.lua") == "after the hash")
