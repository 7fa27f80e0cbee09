-- A JSON encoder and decoder: strings, recursion, patterns, tables.

local function encode(v)
  local t = type(v)
  if t == "nil" then return "null"
  elseif t == "boolean" or math.type(v) == "integer" then return tostring(v)
  elseif t == "number" then return ("%.14g"):format(v)
  elseif t == "string" then
    return '"' .. v:gsub('[%c"\\]', function(c)
      local short = ({ ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" })[c]
      return short or ("\\u%04x"):format(c:byte())
    end) .. '"'
  elseif #v > 0 or next(v) == nil then
    local parts = {}
    for i, x in ipairs(v) do parts[i] = encode(x) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local keys, parts = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys)
  for i, k in ipairs(keys) do parts[i] = encode(k) .. ":" .. encode(v[k]) end
  return "{" .. table.concat(parts, ",") .. "}"
end
local function decode(s)
  local pos = 1
  local value
  local function skip() pos = s:match("^%s*()", pos) end
  local function fail(what) error(("%s at %d"):format(what, pos), 0) end
  local function expect(c)
    skip()
    if s:sub(pos, pos) ~= c then fail("expected " .. c) end
    pos = pos + 1
  end
  local function str()
    expect('"')
    local out = {}
    while true do
      local plain, stop = s:match('^([^"\\]*)()', pos)
      out[#out + 1] = plain
      pos = stop
      local c = s:sub(pos, pos)
      if c == '"' then pos = pos + 1 return table.concat(out) end
      if c == "" then fail("unfinished string") end
      local e = s:sub(pos + 1, pos + 1)
      if e == "u" then
        out[#out + 1] = string.char(tonumber(s:sub(pos + 2, pos + 5), 16))
        pos = pos + 6
      else
        out[#out + 1] = ({ n = "\n", t = "\t", r = "\r" })[e] or e
        pos = pos + 2
      end
    end
  end
  function value()
    skip()
    local c = s:sub(pos, pos)
    if c == "{" then
      local t = {}
      pos = pos + 1
      skip()
      if s:sub(pos, pos) == "}" then pos = pos + 1 return t end
      repeat
        skip()
        local k = str()
        expect(":")
        t[k] = value()
        skip()
        c = s:sub(pos, pos)
        pos = pos + 1
      until c ~= ","
      if c ~= "}" then fail("expected }") end
      return t
    elseif c == "[" then
      local t = {}
      pos = pos + 1
      skip()
      if s:sub(pos, pos) == "]" then pos = pos + 1 return t end
      repeat
        t[#t + 1] = value()
        skip()
        c = s:sub(pos, pos)
        pos = pos + 1
      until c ~= ","
      if c ~= "]" then fail("expected ]") end
      return t
    elseif c == '"' then return str()
    end
    local word = s:match("^%a+", pos)
    if word == "true" or word == "false" or word == "null" then
      pos = pos + #word
      if word == "null" then return nil end
      return word == "true"
    end
    local num = s:match("^-?%d+%.?%d*[eE]?[+-]?%d*", pos)
    if not num then fail("unexpected character") end
    pos = pos + #num
    return tonumber(num)
  end
  local v = value()
  skip()
  if pos <= #s then fail("trailing text") end
  return v
end
local text = [==[ {"name": "Perilune", "tags": ["moon", "lua", "\u0041\n\"q\""], "n": [1, -2, 3.5, 1e3],
  "nested": {"t": true, "f": false, "empty": [], "deep": [[[1]]]}} ]==]
local canonical = encode(decode(text))
print(canonical)                           -- expect: {"n":[1,-2,3.5,1000],"name":"Perilune","nested":{"deep":[[[1]]],"empty":[],"f":false,"t":true},"tags":["moon","lua","A\n\"q\""]}
for _ = 1, 100 do assert(encode(decode(canonical)) == canonical) end
print(pcall(decode, '{"a": }'))            -- expect: false	unexpected character at 7
print(pcall(decode, '[1, 2'))              -- expect: false	expected ] at 7
print(pcall(decode, '"abc'))               -- expect: false	unfinished string at 5
print(pcall(decode, '1 2'))                -- expect: false	trailing text at 3
