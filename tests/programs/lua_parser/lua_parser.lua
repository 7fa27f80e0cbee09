-- A front end for Lua, in Lua: lexer, parser, printer and a tree-walking evaluator, which are modules in data/.
--
-- It parses the programs of this folder, itself among them, prints them and parses what it printed, which must give the same tree. The
-- printed programs load, and the evaluator agrees with the runtime on small programs, run as written and as printed.

local folder = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = folder .. "/data/?.lua;" .. package.path

local lexer = require("lexer")
local parser = require("parser")
local printer = require("printer")
local evaluator = require("evaluator")
assert(package.loaded.lexer == lexer and require("parser") == parser)

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local function checksum(text)
  local a, b = 1, 0
  for i = 1, #text do
    a = (a + text:byte(i)) % 65521
    b = (b + a) % 65521
  end
  return b << 16 | a
end

print("== tokens")
do
  local source = [==[local x <const> = 0x1p4 + 3.5e-1 // 7 .. "\65\x42\u{20AC}\z
      tail" --[[ comment ]] --[=[ another
  ]] ]=] ::label:: goto label a.b:c{...} ~= ~1 >> 2 << 3 [[
long
string]] ... 'it''s' 0xffffffffffffffffff 9223372036854775808 1e400 .5 3. 0x.8 0xA.p-1]==]
  local line = {}
  for token in lexer.tokens(source) do
    if token[1] == "eof" then break end
    line[#line + 1] = token[2] ~= nil and string.format("%s(%s)@%d", token[1], token[2], token[3]) or token[1]
  end
  print((table.concat(line, " "):gsub("\n", "|")))
end

print("== syntax errors")
for _, source in ipairs {
  "x =", "x = = 1", "local function 1", "for i = 1 do end", "for i, j = 1, 2 do end", "if x then", "if x then\n\n", "while true do\nx()\n",
  "f(", "f(1, 2", "a.1", "a.b:c = 1", "f() = 1", "(a) = 1", "a, f() = 1", "x = 'abc", 'x = "a\nb"', "x = [[abc", "--[==[ abc\n\n", "x = '\\q'",
  "x = '\\300'", "x = '\\xZZ'", "x = '\\u{80000000}'", "x = 1e", "x = 0x", "x = 3x", "x = 1..2", "x = 12.3.4", "goto 1", "::a:", "break", "local x <foo> = 1",
  "local x <close = 1", "return 1 x", "x = }", "x = {1, 2", "x = {a = }", "@", "x = $", "function f(a, ) end", "function f(..., a) end",
  "function f() return ... end", "x = function() end end", "x = not", "a b", "a.b.c", "x = a + ", "return return", "local 5",
  "x = " .. string.rep("(", 200) .. "1" .. string.rep(")", 200),
} do
  local ok, problem = pcall(parser.parse, source, "input")
  assert(not ok, source)
  assert(getmetatable(problem) == lexer.SyntaxError, problem)
  assert(not load(source), source)
  print(string.format("%-30s %s", (#source > 30 and source:sub(1, 27) .. "..." or source):gsub("\n", "|"), problem))
end

print("== print and parse again")
local function tags_of(tree)
  local counts, deepest, nodes = {}, 0, 0
  parser.walk(tree, function(node, depth)
    counts[node.tag] = (counts[node.tag] or 0) + 1
    deepest = math.max(deepest, depth)
    nodes = nodes + 1
  end)
  return counts, nodes, deepest
end

local function round_trip(source, chunk)
  local tree = parser.parse(source, chunk)
  local printed = printer.print(tree)
  local again = parser.parse(printed, chunk .. " printed")
  assert(parser.equal(tree, again))
  assert(printer.print(again) == printed)
  assert(load(printed, "=" .. chunk))
  return tree, printed
end

for _, path in ipairs {"lua_parser.lua", "data/lexer.lua", "data/parser.lua", "data/printer.lua", "data/evaluator.lua", "data/sample.lua"} do
  local tree, printed = round_trip(read(folder .. "/" .. path), path)
  local counts, nodes, deepest = tags_of(tree)
  local names = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
  for i, name in ipairs(names) do names[i] = name .. "=" .. counts[name] end
  print(string.format("%-20s %5d nodes, depth %d, printed %08x", path, nodes, deepest, checksum(printed)))
  print("  " .. table.concat(names, " ", 1, math.min(#names, 8)))
end
print(printer.print(parser.parse(read(folder .. "/data/sample.lua"), "sample")))

print("== precedence")
-- Random expressions: printed with as few parentheses as possible, they keep their tree and their value.
do
  local seed = 2024
  local function random(n)
    seed = (seed * 69069 + 1) & 0xFFFFFFFF
    return (seed >> 16) % n
  end
  local arithmetic = {"+", "-", "*", "//", "%", "|", "&", "~", "<<", ">>", "^", ".."}
  local function make(depth)
    local choice = depth == 0 and 0 or random(8)
    if choice == 0 then
      return {tag = "number", random(9) + 1}
    elseif choice == 1 then
      return {tag = "unary", ({"-", "~", "not", "#"})[random(4) + 1], make(depth - 1)}
    elseif choice == 2 then
      return {tag = "binary", ({"and", "or", "==", "<", ">=", "~="})[random(6) + 1], make(depth - 1), make(depth - 1)}
    end
    return {tag = "binary", arithmetic[random(#arithmetic) + 1], make(depth - 1), make(depth - 1)}
  end
  local function parenthesized(tree)
    if tree.tag == "number" then
      return tostring(tree[1])
    elseif tree.tag == "unary" then
      return "(" .. tree[1] .. " " .. parenthesized(tree[2]) .. ")"
    end
    return "(" .. parenthesized(tree[2]) .. " " .. tree[1] .. " " .. parenthesized(tree[3]) .. ")"
  end
  local values, failures, sum = 0, 0, 0
  for _ = 1, 300 do
    local tree = {tag = "block", {tag = "return", make(5)}}
    local printed = printer.print(tree)
    local again = parser.parse(printed)
    assert(parser.equal(tree, again))
    assert(parser.equal(tree, parser.parse("return " .. parenthesized(tree[1][1]))))
    local ok, value = pcall(assert(load(printed)))
    local ok2, value2 = pcall(evaluator.chunk(again, {}))
    assert(ok == ok2, printed)
    if ok then
      assert(value == value2 and math.type(value) == math.type(value2) or value ~= value and value2 ~= value2, printed)
      values = values + 1
    else
      failures = failures + 1
    end
    sum = sum + #printed
  end
  print(values, failures, sum)
end

print("== evaluator")
local function outputs_of(run)
  local out = {}
  local env = setmetatable({}, {__index = _G})
  env._G = env
  function env.print(...)
    local texts = table.pack(...)
    for i = 1, texts.n do texts[i] = tostring(texts[i]) end
    out[#out + 1] = table.concat(texts, "\t")
  end
  local results = table.pack(pcall(run, env))
  for i = 1, results.n do results[i] = tostring(results[i]) end
  out[#out + 1] = "results: " .. table.concat(results, " ")
  return table.concat(out, "\n")
end

local programs = {
  closures = [[
    local fs = {}
    for i = 1, 3 do fs[i] = function() i = i + 10; return i end end
    local x = 1
    local f = function() return x end
    local x = 2
    print(fs[1](), fs[1](), fs[2](), f(), x)
    return x]],
  varargs = [[
    local function f(a, ...) return select('#', ...), ..., a end
    print(f(1)); print(f(1, nil)); print((f(1, 2, 3))); print(#{f(9, 8, 7)}) ]],
  gotos = [[
    local i, log = 1, {}
    ::top::
    for j = 1, 3 do
      if j == 2 then goto continue end
      log[#log + 1] = i * 10 + j
      ::continue::
    end
    local function captured() return i end
    i = i + 1
    if i <= 3 then goto top end
    do
      local k = 0
      ::again:: k = k + 1
      if k < 5 then goto again end
      log[#log + 1] = k
    end
    repeat local done = i > 5; i = i + 1; if done then break end until done
    while true do i = i + 1; if i > 20 then goto out end end
    ::out::
    return table.concat(log, ' '), i]],
  closing = [[
    local log = {}
    local function res(name)
      return setmetatable({}, {__close = function(_, e) log[#log + 1] = name .. ':' .. tostring(e) end})
    end
    do local a <close> = res 'a'; local b <close>, c = res 'b', 1; log[#log + 1] = 'body' .. c end
    for i = 1, 2 do local x <close> = res('x' .. i); if i == 2 then break end end
    print(pcall(function() local e <close> = res 'e'; error('oops', 0) end))
    local n = 0
    ::back::
    do local y <close> = res('y' .. n); n = n + 1; if n < 3 then goto back end end
    return table.concat(log, ' ')]],
  metatables = [[
    local V = {}
    V.__index = V
    function V.new(x, y) return setmetatable({x = x, y = y}, V) end
    function V:__tostring() return '(' .. self.x .. ', ' .. self.y .. ')' end
    function V.__add(a, b) return V.new(a.x + b.x, a.y + b.y) end
    function V.__eq(a, b) return a.x == b.x and a.y == b.y end
    function V.__lt(a, b) return a.x < b.x end
    function V.__call(self, k) return self.x * k end
    function V:len() return (self.x ^ 2 + self.y ^ 2) ^ 0.5 end
    local a, b = V.new(3, 4), V.new(1, 2)
    print(tostring(a + b), a == V.new(3, 4), a < b, a(2), a:len()) ]],
  coroutines = [[
    local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end return 'end' end) end
    for a, b in gen(3) do print(a, b); if a == 'end' then break end end
    local co = coroutine.create(function(...) local x = ...; while true do x = coroutine.yield(x * 2) end end)
    print(coroutine.resume(co, 1)); print(coroutine.resume(co, 21)); print(coroutine.close(co), coroutine.status(co)) ]],
  queens = [[
    local N, count = 5, 0
    local cols, d1, d2 = {}, {}, {}
    local function place(r)
      if r > N then count = count + 1 return end
      for c = 1, N do
        if not (cols[c] or d1[r + c] or d2[r - c + N]) then
          cols[c], d1[r + c], d2[r - c + N] = true, true, true
          place(r + 1)
          cols[c], d1[r + c], d2[r - c + N] = nil, nil, nil
        end
      end
    end
    place(1)
    return count]],
  strings = [==[
    local text = [[
one two  three]]
    local words = {}
    for w in text:gmatch("%a+") do words[#words + 1] = w:upper():rep(2, "-") end
    print(table.concat(words, ","), #text, ("%5.2f|%-5d|%q"):format(3.14159, 42, "a\nb"))
    return text:gsub("%s+", {[" "] = "_"})]==],
  environment = [[
    x = 5
    local function f() local _ENV = {y = 7}; x = 1; return x, y end
    print(f()); print(x, _ENV.x, _G.x)
    local _ENV = {tostring = tostring}
    z = 3
    return z, tostring(print)]],
  errors = [[
    print(pcall(error, {code = 1} and 'message', 0))
    print(select(2, pcall(function() error({}) end)) ~= nil)
    local ok, e = pcall(function() local t = nil; return t.x end)
    print(ok, type(e))
    error('at the end', 0)]],
}
local names = {}
for name in pairs(programs) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  local source = programs[name]
  local native = outputs_of(function(env) return assert(load(source, "=" .. name, "t", env))() end)
  local tree, printed = round_trip(source, name)
  assert(outputs_of(function(env) return evaluator.chunk(tree, env)() end) == native, name)
  assert(outputs_of(function(env) return assert(load(printed, "=" .. name, "t", env))() end) == native, name)
  print("-- " .. name)
  print(native)
end

print("== the front end inside the evaluator")
do
  local loaded = {}
  local env = setmetatable({}, {__index = _G})
  function env.require(name)
    if not loaded[name] then
      loaded[name] = evaluator.chunk(parser.parse(read(folder .. "/data/" .. name .. ".lua"), name), env)(name)
    end
    return loaded[name]
  end
  local source = programs.gotos .. "\n, function(...) local t <const> = {1, [2] = 'x', y = -2 ^ 3, ...} return t end"
  local inside = env.require("parser").parse(source)
  assert(parser.equal(inside, parser.parse(source)))
  local ok, problem = pcall(env.require("parser").parse, "x = = 1", "inside")
  print(ok, problem)
  print(checksum(env.require("printer").print(inside)) == checksum(printer.print(parser.parse(source))))
end
print("ok")
