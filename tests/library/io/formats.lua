-- Formats of file:read and io.lines, modes of io.open, and what goes wrong.
local name = os.tmpname()
local function fill(s) local f <close> = assert(io.open(name, "wb")) f:write(s) end
local function content() local f <close> = assert(io.open(name, "rb")) return f:read("a") end
local function fails(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return message
end
local function same(expected, ...)
  local got = table.pack(...)
  for i = 1, got.n do got[i] = tostring(got[i]) end
  got = table.concat(got, ",")
  if got ~= expected then error("got " .. got .. ", not " .. expected, 2) end
end

-- modes
for _, mode in ipairs { "w", "r", "a", "r+", "w+", "a+", "rb", "wb", "ab", "r+b", "w+b", "a+b", "rbbb", "r\0x" } do assert(io.open(name, mode)):close() end
for _, mode in ipairs { "", "x", "rw", "+r", "rr", "rb+", "rt" } do
  assert(fails(io.open, name, mode):find("^bad argument #2 to '[%w.]*open' %(invalid mode%)$"))
end
same("nil,/no/such/file: No such file or directory,2", io.open("/no/such/file"))
same("nil,/: Is a directory,21", io.open("/", "w"))

-- formats
fill("one\ntwo\n\nlast")
local f = io.open(name)
same("one,two\n,nil", f:read("l", "L", "n", "l"))
f:close()
f = io.open(name)
same(",one,,two\n,\nlast,nil", f:read(0, 3, "*l", "*L", "*a", 0))
same("nil", f:read(0)) same("nil", f:read(1)) same("", f:read("a")) same("nil", f:read("l")) same("nil", f:read()) same("", f:read("a", "a"):sub(1))
f:seek("set")
same("one,tw", f:read("line", 2))
for _, bad in ipairs { "x", "", "*", "5" } do assert(fails(f.read, f, bad):find("(invalid format)", 1, true)) end
assert(fails(f.read, f, {}):find("(string expected, got table)", 1, true) and fails(f.read, f, 1.5):find("(number has no integer representation)", 1, true))
assert(fails(f.read, f, -1) == "not enough memory" and fails(f.read, f, math.mininteger) == "not enough memory")
f:close()

-- numerals: what is read, and what is left
for _, case in ipairs {
  { "12", "12,integer," }, { "-12.5e3", "-12500.0,float," }, { "0x10", "16,integer," }, { "0x1p4", "16.0,float," }, { "+7", "7,integer," }, { "- 7", "nil,nil, 7" },
  { ".5", "0.5,float," }, { "5.", "5.0,float," }, { ".", "nil,nil," }, { "1e", "nil,nil," }, { "1e+", "nil,nil," }, { "0x", "nil,nil," }, { "0x.8", "0.5,float," },
  { "0xg", "nil,nil,g" }, { "nan", "nil,nil,nan" }, { "inf", "nil,nil,inf" }, { "1e400", "inf,float," }, { "12abc", "12,integer,abc" }, { " \n\t 34", "34,integer," },
  { "99999999999999999999", "1e+20,float," }, { "0x7fffffffffffffffff", "-1,integer," }, { "1..2", "1.0,float,.2" }, { "1e5.5", "100000.0,float,.5" }, { "--1", "nil,nil,-1" },
  { "0b1", "0,integer,b1" }, { "1_000", "1,integer,_000" }, { "0x1.8p1q", "3.0,float,q" }, { "1p4", "1,integer,p4" }, { "", "nil,nil," }, { "-0", "0,integer," },
  { "1E-2", "0.01,float," }, { "0X1P-2", "0.25,float," }, { "00x1", "0,integer,x1" }, { ("0"):rep(199) .. "7", "7,integer," }, { ("0"):rep(200) .. "7", "nil,nil,7" },
} do
  fill(case[1])
  f = io.open(name)
  local n = f:read("n")
  if tostring(n) .. "," .. tostring(math.type(n)) .. "," .. f:read("a") ~= case[2] then error(case[1]) end
  f:close()
end
fill("1 2 3 x 4")
f = io.open(name)
same("1,2,3,nil", f:read("n", "n", "n", "n", "n"))
f:close()

-- lines
local function join(...) local t = {} for a, b in io.lines(name, ...) do t[#t + 1] = a .. (b and "|" .. b or "") end return table.concat(t, ";") end
fill("a\nb\n\nc")
assert(join() == "a;b;;c" and join("L") == "a\n;b\n;\n;c" and join(1, 2) == "a|\nb;\n|\nc")
fill("1 2 3")
assert(join("n") == "1;2;3" and select("#", io.lines(name)) == 4)
fill("a\0b\nc\r\n")
assert(join() == "a\0b;c\r")
local iterator = io.lines(name)
while iterator() do end
assert(fails(iterator) == "file is already closed")
assert(fails(io.lines, "/no/such/file"):find("No such file or directory", 1, true))
assert(fails(function() for _ in io.lines(name, "x") do end end):find("(invalid format)", 1, true))
f = io.open(name)
iterator = f:lines()
f:close()
assert(fails(iterator) == "file is already closed")
for _, method in ipairs { "lines", "read", "write", "seek", "close", "flush", "setvbuf" } do assert(fails(f[method], f) == "attempt to use a closed file") end
assert(tostring(f) == "file (closed)" and io.type(f) == "closed file" and io.type(1) == nil and io.type(io.stdout) == "file")

-- reading and writing where one may not
f = io.open(name)
same("nil,Bad file descriptor,9", f:write("x"))
f:close()
f = io.open(name, "w")
for _, format in ipairs { "l", "a", 1, "n" } do same("nil,Bad file descriptor,9", f:read(format)) end
assert(f:write(1, 2.5, -0.0, 1e100, 1 / 0, "s", 2 ^ 53) == f and f:write() == f)
f:close()
assert(content() == "12.5-01e+100infs9.007199254741e+15")
f = io.open("/")
for _, format in ipairs { "a", "l", 1, 0, "n" } do same("nil,Is a directory,21", f:read(format)) end
assert(fails(function() for _ in f:lines() do end end):find("Is a directory$"))
f:close()
f = io.open("/dev/full", "w")
f:setvbuf("no")
same("nil,No space left on device,28", f:write("a", "b"))
f:close()
f = io.open("/dev/full", "w")
assert(f:write("x") == f)
same("nil,No space left on device,28", f:flush())
f:close()

-- seek
fill("0123456789")
f = io.open(name, "r+")
same("0", f:seek()) same("10", f:seek("end")) same("3", f:seek("set", 3)) same("34", f:read(2)) same("4", f:seek("cur", -1)) same("4", f:read(1))
same("nil,Invalid argument,22", f:seek("set", -1)) same("nil,Invalid argument,22", f:seek("end", -100)) same("10", f:seek("cur", 5)) same("15", f:seek("end", 5))
assert(fails(f.seek, f, "foo"):find("(invalid option 'foo')", 1, true) and fails(f.seek, f, "set", 1.5):find("(number has no integer representation)", 1, true))
f:write("Z")
f:close()
assert(content() == "0123456789\0\0\0\0\0Z")
f = io.open(name, "a+")
f:write("!")
f:seek("set")
assert(#f:read("a") == 17)
f:close()

-- default files, io.flush
assert(io.output() == io.stdout and io.input() == io.stdin)
fill("in1\nin2\n")
assert(io.type(io.input(name)) == "file" and io.read() == "in1" and io.read("L") == "in2\n" and io.read() == nil and io.input():close())
assert(fails(io.read) == "default input file is closed")
io.input(io.stdin)
io.output(name)
assert(io.write("abc", 1) == io.output() and io.flush() == true and content() == "abc1" and io.close())
assert(fails(io.write, "x") == "default output file is closed" and fails(io.flush) == "default output file is closed")
io.output(io.stdout)
assert(fails(io.input, "/no/such/file"):find("cannot open file '/no/such/file' (No such file or directory)", 1, true))

-- popen
f = io.popen("echo hi; exit 3")
same("hi\n", f:read("a")) same("nil,exit,3", f:close())
same("true,exit,0", io.popen("true"):close()) same("nil,signal,9", io.popen("kill -9 $$"):close())
assert(fails(io.popen, "true", "rw"):find("(invalid mode)", 1, true) and fails(io.popen, "true", ""):find("(invalid mode)", 1, true))
os.remove(name)
