-- dofile and loadfile on files beside this script, require-like use.

local folder = arg[0]:match("^(.*[/\\])") or ""
local path = folder .. "data/chunk.txt"
assert(dofile(path) == 15)
local f = assert(loadfile(path))
assert(f() == 15 and f(100) == 115)
local env = { assert = assert }
f = assert(loadfile(path, "t", env))
assert(f(1) == 16 and env.chunk_ran == 1 and chunk_ran == 3)
local a, b, c = dofile(folder .. "data/results.txt")
assert(a == "one" and b == nil and c == 3)
print(loadfile(folder .. "data/syntax_error.txt"))        -- expect: nil	tests/library/basic/data/syntax_error.txt:2: unexpected symbol near '='
print(pcall(dofile, folder .. "data/syntax_error.txt"))   -- expect: false	tests/library/basic/data/syntax_error.txt:2: unexpected symbol near '='
print(loadfile(folder .. "data/missing.txt"))             -- expect: nil	cannot open tests/library/basic/data/missing.txt: No such file or directory
print(pcall(dofile, folder .. "data/missing.txt"))        -- expect: false	cannot open tests/library/basic/data/missing.txt: No such file or directory
print(pcall(dofile, folder .. "data/runtime_error.txt"))  -- expect: false	tests/library/basic/data/runtime_error.txt:4: attempt to index a nil value (local 't')
-- the first line of a file may be a # comment
assert(dofile(folder .. "data/hash.txt") == "after the hash")
