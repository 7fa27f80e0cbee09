-- patterns: measures string.find, match, gmatch and gsub with Lua patterns.
-- Source: written for this suite: a log parser, a template filler, a tokenizer,
-- trimming and splitting, over text made by a linear congruential generator.
-- arg[1]: how many lines (default 20000, quick 3000)

local n = tonumber(arg and arg[1]) or 20000

local seed = 7
local function random(limit)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 8) % limit
end

local names = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta" }
local levels = { "INFO", "WARN", "ERROR" }
local lines = {}
for i = 1, n do
  lines[i] = string.format("  2024-%02d-%02d %02d:%02d:%02d [%s] %s: took %d ms (key=%s, size=%d)  ",
    random(12) + 1, random(28) + 1, random(24), random(60), random(60),
    levels[random(3) + 1], names[random(6) + 1], random(1000), names[random(6) + 1], random(5000))
end

-- match with captures
local by_level, ms, size = {}, 0, 0
for i = 1, n do
  local y, m, d, level, who, t =
    lines[i]:match("^%s*(%d+)%-(%d+)%-(%d+) [%d:]+ %[(%u+)%] (%a+): took (%d+) ms")
  assert(y and m and d and who)
  by_level[level] = (by_level[level] or 0) + 1
  ms = ms + tonumber(t)
  for k, v in lines[i]:gmatch("(%w+)=(%w+)") do
    if k == "size" then size = size + tonumber(v) end
  end
end
print("levels", by_level.INFO, by_level.WARN, by_level.ERROR)
print("sums", ms, size)

-- trim, find and split
local trimmed, colons, fields = 0, 0, 0
for i = 1, n do
  local s = lines[i]:match("^%s*(.-)%s*$")
  trimmed = trimmed + #s
  local from = 1
  while true do
    local a, b = s:find(":", from, true)
    if not a then break end
    colons, from = colons + 1, b + 1
  end
  for _ in s:gmatch("%S+") do fields = fields + 1 end
end
print("split", trimmed, colons, fields)

-- gsub with a string, a table and a function
local subs, filled = 0, 0
local values = { name = "Perilune", kind = "runtime", year = 2024 }
for i = 1, n do
  local s, c = lines[i]:gsub("%d", "#")
  subs = subs + c
  s, c = lines[i]:gsub("(%a+)=(%w+)", "%2=%1")
  subs = subs + c + #s
  local t = ("${name} is a ${kind} of ${year}, not ${nothing}"):gsub("%${(%w+)}", values)
  filled = filled + #t
  local u = lines[i]:gsub("%f[%a]%a+", function(w) return #w > 4 and w:upper() or nil end)
  filled = filled + #u
end
print("gsub", subs, filled)

-- a tokenizer with anchored matches
local source = [[
local function area(w, h) -- the area of a rectangle
  if w >= 10 and h ~= 0x1F then return w * h / 2.5 end
  return "none", (w + h) // 3
end
]]
local kinds = { name = 0, number = 0, string = 0, comment = 0, op = 0 }
for _ = 1, n // 20 do
  local pos = 1
  while true do
    pos = source:match("^%s*()", pos)
    if pos > #source then break end
    local kind, stop
    stop = source:match("^%-%-[^\n]*()", pos)
    if stop then
      kind = "comment"
    else
      stop = source:match("^[%a_][%w_]*()", pos)
      if stop then
        kind = "name"
      else
        stop = source:match("^%d[%w.]*()", pos)
        if stop then
          kind = "number"
        else
          stop = source:match('^"[^"]*"()', pos)
          if stop then
            kind = "string"
          else
            kind = "op"
            stop = source:match("^[<>=~/]=()", pos) or source:match("^//()", pos) or pos + 1
          end
        end
      end
    end
    kinds[kind] = kinds[kind] + 1
    pos = stop
  end
end
print("tokens", kinds.name, kinds.number, kinds.string, kinds.comment, kinds.op)

-- balanced matches
local nested = string.rep("(", 200) .. "x" .. string.rep(")", 200)
local balanced = 0
for _ = 1, n // 10 do
  for b in ("f(a(b)c) g[(d)] h(())"):gmatch("%b()") do balanced = balanced + #b end
  balanced = balanced + #nested:match("%b()")
end
print("balanced", balanced)
