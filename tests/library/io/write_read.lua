-- Writing a temporary file and reading it back; io.write to standard output.

io.write("a", 1, 2.5, "\n")                 -- expect: a12.5
io.write("one ", "line", "\n")              -- expect: one line
assert(io.write("") == io.stdout and io.stdout:write("") == io.stdout)
print(pcall(io.write, {}))                  -- expect: false	bad argument #1 to 'io.write' (string expected, got table)
print(pcall(io.write, nil))                 -- expect: false	bad argument #1 to 'io.write' (string expected, got nil)
for i = 1, 3 do io.write(i, i < 3 and "," or "\n") end  -- expect: 1,2,3
io.stdout:write("x", "y"):write("z\n")      -- expect: xyz
assert(io.type(io.stdin) == "file" and io.type(io.stdout) == "file" and io.type(io.stderr) == "file" and io.output() == io.stdout and io.input() == io.stdin)

local ok, name = pcall(os.tmpname)
if not ok or not name then return end
local f = io.open(name, "w")
if not f then return end
assert(f:write("line 1\n", 42, " ", 1.5, "\n") == f)
for i = 1, 1000 do f:write("number ", i, "\n") end
f:write("no newline")
assert(f:flush() and f:close())
local n, last = 0, nil
for l in io.lines(name) do n = n + 1; last = l end
assert(n == 1003 and last == "no newline")
f = assert(io.open(name, "a"))
f:write(" more\0zero")
f:close()
f = assert(io.open(name, "rb"))
local text = f:read("a")
assert(text:sub(-20) == "no newline more\0zero" and text:sub(1, 7) == "line 1\n")
f:close()
f = assert(io.open(name, "r+"))
f:write("LINE")
f:seek("set", 0)
assert(f:read() == "LINE 1")
f:close()
f = assert(io.open(name, "w+"))
f:write("1 2 3\n0x1F -4.5e1 .5\n")
f:seek("set")
local a, b, c, d, e, g = f:read("n", "n", "n", "n", "n", "n")
assert(a == 1 and b == 2 and c == 3 and d == 31 and e == -45.0 and g == 0.5 and math.type(a) == "integer")
assert(f:read("l") == "" and f:read("l") == nil)
f:close()
assert(not pcall(f.write, f, "x"))
-- lines of lengths around those of buffers, and zeros at their ends
local lines = { "", "\0", "a\0", "\0\0" }
for n = 250, 260 do
  lines[#lines + 1] = ("x"):rep(n)
  lines[#lines + 1] = ("y"):rep(n) .. "\0"
end
for n = 508, 514 do lines[#lines + 1] = ("z"):rep(n) end
for _, last in ipairs({ "", "\n", "\0", "\0\n", "end", ("e"):rep(255), ("e"):rep(255) .. "\0" }) do
  f = assert(io.open(name, "wb"))
  f:write(table.concat(lines, "\n"), "\n", last)
  f:close()
  local n = 0
  for line in io.lines(name) do
    n = n + 1
    assert(line == (lines[n] or last:gsub("\n", "")))
  end
  assert(n == #lines + (last == "" and 0 or 1))
  n = 0
  for line in io.lines(name, "L") do
    n = n + 1
    assert(line == (lines[n] and lines[n] .. "\n" or last))
  end
end
-- the default input and output
local out = io.output()
io.output(name)
io.write("to the file\nsecond\n")
io.close()
io.output(out)
io.input(name)
assert(io.read() == "to the file" and io.read("L") == "second\n" and io.read() == nil)
io.close(io.input())
io.input(io.stdin)
assert(os.remove(name) == true)
assert(os.remove(name) == nil and io.open(name) == nil)
print("done")                               -- expect: done
