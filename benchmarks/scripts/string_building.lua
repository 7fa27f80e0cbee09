-- string_building: measures making strings: the .. operator, table.concat,
-- string.format, string.rep, string.byte and string.char.
-- Source: written for this suite.
-- arg[1]: how many rounds (default 60000, quick 6000)

local n = tonumber(arg and arg[1]) or 60000

local function checksum(s)
  local h = 5381
  for i = 1, #s do
    h = (h * 33 + s:byte(i)) & 0xffffffff
  end
  return h
end

-- a string grown by .. (quadratic, so kept short)
local grown = ""
for i = 1, n // 10 do
  grown = grown .. (i % 10) .. ","
end
print("grown", #grown, checksum(grown))

-- several operands in one concatenation, with numbers converted
local total = 0
for i = 1, n * 4 do
  local s = "item " .. i .. ": " .. i * 0.5 .. ";"
  total = total + #s
end
print("concatenated", total)

-- table.concat of many parts
local parts = {}
for i = 1, n * 3 do
  parts[i] = "part" .. i
end
local joined = table.concat(parts, "-")
print("joined", #joined, checksum(joined))

-- string.format
local lengths = 0
for i = 1, n * 2 do
  local s = string.format("%05d|%-8s|%8.3f|%x|%q", i, "k" .. i % 7, i / 7, i, "v")
  lengths = lengths + #s
end
print("formatted", lengths)

-- string.rep, upper, reverse, sub
local reps = 0
for i = 1, n * 2 do
  local s = string.rep("ab", i % 40, "-")
  reps = reps + #s:upper() + #s:reverse():sub(2, -2)
end
print("repeated", reps)

-- byte and char
local out = {}
for i = 1, n * 3 do
  local c = 97 + i * 7 % 26
  out[i] = string.char(c)
end
local letters = table.concat(out)
local codes = 0
for i = 1, #letters - 3, 4 do
  local a, b, c, d = letters:byte(i, i + 3)
  codes = (codes * 31 + a + b * 3 + c * 5 + d * 7) % 1000003
end
print("letters", #letters, codes)
