-- A Brainfuck interpreter that compiles to Lua source and loads it, checked
-- against one that interprets directly.

local hello = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
local function compile(src)
  local out = { "local t, p, put = {}, 1, ... for i = 1, 100 do t[i] = 0 end" }
  for op, run in src:gmatch("([%+%-<>%.%[%]])()") do
    out[#out + 1] = ({ ["+"] = "t[p] = (t[p] + 1) % 256", ["-"] = "t[p] = (t[p] - 1) % 256", ["<"] = "p = p - 1",
      [">"] = "p = p + 1", ["."] = "put(string.char(t[p]))", ["["] = "while t[p] ~= 0 do", ["]"] = "end" })[op]
  end
  return assert(load(table.concat(out, "\n")))
end
local function interpret(src, put)
  local t, p, i, jump, stack = setmetatable({}, { __index = function() return 0 end }), 1, 1, {}, {}
  for k = 1, #src do
    local c = src:sub(k, k)
    if c == "[" then stack[#stack + 1] = k
    elseif c == "]" then
      local o = table.remove(stack)
      jump[o], jump[k] = k, o
    end
  end
  while i <= #src do
    local c = src:sub(i, i)
    if c == "+" then t[p] = (t[p] + 1) % 256
    elseif c == "-" then t[p] = (t[p] - 1) % 256
    elseif c == "<" then p = p - 1
    elseif c == ">" then p = p + 1
    elseif c == "." then put(string.char(t[p]))
    elseif c == "[" and t[p] == 0 then i = jump[i]
    elseif c == "]" and t[p] ~= 0 then i = jump[i]
    end
    i = i + 1
  end
end
local function run(f) local out = {} f(function(c) out[#out + 1] = c end) return table.concat(out) end
local compiled = compile(hello)
for _ = 1, 20 do
  local a = run(compiled)
  local b = run(function(put) interpret(hello, put) end)
  assert(a == b and a == "Hello World!\n")
end
io.write(run(compiled))                    -- expect: Hello World!
