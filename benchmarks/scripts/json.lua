-- json: measures a recursive parser and a writer: string.find with patterns,
-- string.byte, string.sub, table.concat, and tables of all shapes.
-- Source: written for this suite; the format is that of RFC 8259.
-- arg[1]: how many records (default 4000, quick 700)

local n = tonumber(arg and arg[1]) or 4000
local byte, find, sub, format, concat = string.byte, string.find, string.sub, string.format, table.concat

-- ---- writing

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function escape(c) return ESCAPES[c] or format("\\u%04x", byte(c)) end
local function quote(s) return '"' .. s:gsub('[%c"\\]', escape) .. '"' end

local encode

local writers = {
  ["nil"] = function() return "null" end,
  boolean = tostring,
  number = function(x) return format("%.14g", x) end,
  string = quote,
  table = function(t)
    local parts = {}
    if t[1] ~= nil or next(t) == nil then
      for i = 1, #t do parts[i] = encode(t[i]) end
      return "[" .. concat(parts, ",") .. "]"
    end
    local keys = {}
    for k in pairs(t) do keys[#keys + 1] = k end
    table.sort(keys)
    for i, k in ipairs(keys) do parts[i] = quote(k) .. ":" .. encode(t[k]) end
    return "{" .. concat(parts, ",") .. "}"
  end,
}

function encode(value) return writers[type(value)](value) end

-- ---- reading: each parser gets the text and where to begin, and answers the value and where it ended

local decode

local function fail(at, what) error("JSON at " .. at .. ": " .. what .. " expected", 0) end

local function skip(text, at) return find(text, "[^ \t\r\n]", at) or #text + 1 end

local UNESCAPED = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function decode_string(text, at)
  local parts, from = nil, at + 1
  while true do
    local stop = find(text, '["\\]', from) or fail(at, "an end of the string")
    if byte(text, stop) == 34 then
      local piece = sub(text, from, stop - 1)
      if not parts then return piece, stop + 1 end
      parts[#parts + 1] = piece
      return concat(parts), stop + 1
    end
    parts = parts or {}
    parts[#parts + 1] = sub(text, from, stop - 1)
    local code = sub(text, stop + 1, stop + 1)
    if code == "u" then
      parts[#parts + 1] = string.char(tonumber(sub(text, stop + 2, stop + 5), 16) % 256)
      from = stop + 6
    else
      parts[#parts + 1] = UNESCAPED[code] or fail(stop, "an escape")
      from = stop + 2
    end
  end
end

local function decode_array(text, at)
  local list, count = {}, 0
  at = skip(text, at + 1)
  if byte(text, at) == 93 then return list, at + 1 end
  while true do
    count = count + 1
    list[count], at = decode(text, at)
    at = skip(text, at)
    local c = byte(text, at)
    if c == 93 then return list, at + 1 end
    if c ~= 44 then fail(at, "a comma") end
    at = skip(text, at + 1)
  end
end

local function decode_object(text, at)
  local object = {}
  at = skip(text, at + 1)
  if byte(text, at) == 125 then return object, at + 1 end
  while true do
    if byte(text, at) ~= 34 then fail(at, "a name") end
    local name
    name, at = decode_string(text, at)
    at = skip(text, at)
    if byte(text, at) ~= 58 then fail(at, "a colon") end
    object[name], at = decode(text, skip(text, at + 1))
    at = skip(text, at)
    local c = byte(text, at)
    if c == 125 then return object, at + 1 end
    if c ~= 44 then fail(at, "a comma") end
    at = skip(text, at + 1)
  end
end

local function literal(word, value)
  return function(text, at)
    if sub(text, at, at + #word - 1) ~= word then fail(at, word) end
    return value, at + #word
  end
end

local function decode_number(text, at)
  local _, stop = find(text, "^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  if not stop then fail(at, "a value") end
  return tonumber(sub(text, at, stop)), stop + 1
end

local readers = {
  [34] = decode_string, [91] = decode_array, [123] = decode_object,
  [110] = literal("null", nil), [116] = literal("true", true), [102] = literal("false", false),
}

function decode(text, at) return (readers[byte(text, at)] or decode_number)(text, at) end

-- ---- the work

local function record(i)
  return {
    id = i,
    name = "record \"" .. i .. "\"\n",
    ratio = i / 8,
    tags = { "a" .. i % 10, "b" .. i % 7, "\\" .. i % 3 },
    nested = { odd = i % 2 == 1, depth = { { i, -i }, { i * 1.5 } }, empty = {} },
  }
end

local records = {}
for i = 1, n do records[i] = record(i) end
local text = encode(records)
local again, stop = decode(text, 1)
assert(stop == #text + 1 and encode(again) == text)

local sum, odd, tags = 0, 0, {}
for i, r in ipairs(again) do
  assert(r.id == i and r.name == records[i].name)
  sum = sum + r.ratio + r.nested.depth[2][1]
  if r.nested.odd then odd = odd + 1 end
  for _, tag in ipairs(r.tags) do tags[tag] = (tags[tag] or 0) + 1 end
end

local ok, message = pcall(decode, '{"a": [1, 2 3]}', 1)
print(#text, format("%.2f", sum), odd, tags.a3, tags.b6, tags["\\0"])
print(ok, message)
