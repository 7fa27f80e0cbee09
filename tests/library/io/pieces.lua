-- What one call of write gets arrives in order, whatever its pieces' kinds and sizes; and methods of files follow their metatable.

local file = io.tmpfile()
if not file then return end

local long = ("0123456789"):rep(500)
local expected = {}
local function write(...)
  assert(file:write(...) == file)
  for i = 1, select("#", ...) do
    local piece = select(i, ...)
    expected[#expected + 1] = math.type(piece) == "float" and string.format("%.14g", piece) or tostring(piece)
  end
end
for i = 1, 100 do
  write()
  write("")
  write(i)
  write(i / 3, "\n")
  write("a", i, "b", i * 0.25, "", long:sub(1, i * 7), -i, "\0")
  write(long:sub(1, 999), "x", long:sub(1, 1000), "y", long:sub(1, 1001), "z")
  write("before ", long, " after ", math.mininteger, math.maxinteger, " ", 2 ^ 53)
end

-- What comes before a bad argument is written.
for _, bad in ipairs { {}, print, true } do
  local ok, message = pcall(file.write, file, "before the error ", 12, bad, "not written")
  assert(not ok and message:find("(string expected, got " .. type(bad) .. ")", 1, true), message)
  expected[#expected + 1] = "before the error 12"
end

file:seek("set")
assert(file:read("a") == table.concat(expected))

-- Methods.
local methods = getmetatable(file).__index
local function count() return file:lines_written() end
for _ = 1, 100 do
  local ok, message = pcall(count)
  assert(not ok and message:find("method 'lines_written'", 1, true), message)
end
for n = 1, 100 do
  methods.lines_written = function(f) return f == file and n end
  assert(count() == n)
end
methods.lines_written = nil
assert(not pcall(count))
getmetatable(file).__index = function(f, name) return function() return rawequal(f, file) and name end end
for _ = 1, 100 do assert(count() == "lines_written") end
getmetatable(file).__index = nil
for _ = 1, 100 do
  local ok, message = pcall(count)
  assert(not ok and message:find("attempt to index a FILE* value (upvalue 'file')", 1, true), message)
end
getmetatable(file).__index = methods
-- Files, tables and strings at one place.
local function kind(object) return object:kind() end
methods.kind = function() return "file" end
string.kind = function() return "string" end
local objects = { file, "text", setmetatable({}, { __index = { kind = function() return "table" end } }), setmetatable({}, getmetatable("")), io.stdout,
  setmetatable({}, { __index = methods }) }
local kinds = { "file", "string", "table", "string", "file", "file" }
for _ = 1, 100 do
  for i, object in ipairs(objects) do assert(kind(object) == kinds[i]) end
end
methods.kind, string.kind = nil, nil
for i, object in ipairs(objects) do assert(i == 3 or not pcall(kind, object)) end
file:close()
assert(not pcall(write, "closed"))
