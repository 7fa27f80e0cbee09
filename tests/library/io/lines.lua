-- io.lines, io.open and file:read over a file beside this script.

local folder = arg[0]:match("^(.*[/\\])") or ""
local path = folder .. "data/lines.txt"
local n, all = 0, {}
for l in io.lines(path) do n = n + 1; all[n] = l end
assert(n == 6 and all[1] == "first line" and all[2] == "" and all[3] == "12 3.5 0x10 -7e1 word" and all[6] == "last line without a newline")
for _ = 1, 100 do
  local k = 0
  for l in io.lines(path) do k = k + 1; assert(l == all[k]) end
  assert(k == n)
end
n = 0
for l in io.lines(path, "L") do n = n + #l end
local f = assert(io.open(path))
assert(io.type(f) == "file" and tostring(f):match("^file %("))
local text = f:read("a")
assert(#text == n and f:read("a") == "" and f:read("l") == nil and f:read(0) == nil)
assert(f:seek("set") == 0 and f:read() == "first line" and f:read("L") == "\n" and f:read("n") == 12 and f:read("n") == 3.5)
assert(f:read("n") == 16 and f:read("n") == -70.0 and f:read("n") == nil)
assert(f:seek("set", 6) == 6 and f:read(4) == "line" and f:read(1) == "\n" and f:seek() == 11 and f:seek("cur", -1) == 10)
assert(f:seek("end") == #text and f:seek("set") == 0)
local a, b, c = f:read("l", 0, 1)
assert(a == "first line" and b == "" and c == "\n")
f:seek("set")
n = 0
for l in f:lines() do n = n + 1 end
assert(n == 6 and io.type(f) == "file")
f:seek("set")
local bytes = 0
for x, y in f:lines(1, 2) do bytes = bytes + #x + (y and #y or 0) end
assert(bytes == #text)
assert(f:close() == true and io.type(f) == "closed file" and tostring(f) == "file (closed)" and io.type(5) == nil)
for chunk in io.lines(path, 10) do bytes = bytes - #chunk end
assert(bytes == 0)
-- breaking out of a loop
for l in io.lines(path) do break end
-- closing while iterating
print(pcall(f.read, f))                               -- expect: false	attempt to use a closed file
print(pcall(io.lines, folder .. "data/missing.txt"))  -- expect: false	cannot open file 'tests/library/io/data/missing.txt' (No such file or directory)
print(io.open(folder .. "data/missing.txt"))          -- expect: nil	tests/library/io/data/missing.txt: No such file or directory	2
print(pcall(io.open, path, "bad mode"))               -- expect: false	bad argument #2 to 'io.open' (invalid mode)
print(pcall(io.open))                                 -- expect: false	bad argument #1 to 'io.open' (string expected, got no value)
f = io.open(path)
print(pcall(f.read, f, "x"))                          -- expect: false	bad argument #2 to '?' (invalid format)
print(pcall(f.seek, f, "bad"))                        -- expect: false	bad argument #2 to '?' (invalid option 'bad')
f:close()
do
  local g <close> = io.open(path)
  f = g
end
assert(io.type(f) == "closed file")
