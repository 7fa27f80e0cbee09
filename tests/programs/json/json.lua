-- A JSON codec (RFC 8259) and its torture test.
--
-- The decoder reports errors as objects with line and column; the encoder writes compact or indented text with sorted keys, so
-- that everything printed here is the same for every runtime.

local json = {}

-- JSON's null, and a mark for tables which are arrays even when empty.
json.null = setmetatable({}, {__name = "json.null", __tostring = function() return "null" end, __newindex = function()
  error("null is read-only", 2)
end})

local array_mt = {__name = "json.array"}

function json.array(t)
  return setmetatable(t or {}, array_mt)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Errors

local DecodeError = {__name = "json.DecodeError"}
DecodeError.__index = DecodeError

function DecodeError:__tostring()
  return string.format("%d:%d: %s", self.line, self.column, self.message)
end

local function decode_error(text, position, message, ...)
  local line, line_start = 1, 1
  for newline in string.gmatch(string.sub(text, 1, position - 1), "()\n") do
    line = line + 1
    line_start = newline + 1
  end
  error(setmetatable({line = line, column = position - line_start + 1, position = position,
                      message = string.format(message, ...)}, DecodeError), 0)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Decoding

local escapes <const> = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/"}

local function describe(text, position)
  local c = string.sub(text, position, position)
  if c == "" then
    return "end of text"
  elseif string.find(c, "[%g ]") then
    return "'" .. c .. "'"
  end
  return string.format("byte 0x%02X", string.byte(c))
end

local function skip_space(text, position)
  return (string.match(text, "^[ \t\r\n]*()", position))
end

local function hex4(text, position)
  local digits = string.match(text, "^%x%x%x%x", position)
  if not digits then
    decode_error(text, position, "four hexadecimal digits expected after \\u")
  end
  return tonumber(digits, 16)
end

local function decode_escape_u(text, position)
  -- `position` is that of the first digit; answers the UTF-8 and the position behind the escape.
  local code = hex4(text, position)
  position = position + 4
  if code >= 0xDC00 and code <= 0xDFFF then
    decode_error(text, position - 6, "low surrogate without a high one")
  elseif code >= 0xD800 and code <= 0xDBFF then
    if string.sub(text, position, position + 1) ~= "\\u" then
      decode_error(text, position, "low surrogate expected")
    end
    local low = hex4(text, position + 2)
    if low < 0xDC00 or low > 0xDFFF then
      decode_error(text, position, "low surrogate expected")
    end
    code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
    position = position + 6
  end
  return utf8.char(code), position
end

local function decode_string(text, position)
  -- `position` is that of the opening quote.
  local start = position
  position = position + 1
  local parts, n = {}, 0
  while true do
    local from, stop = position, string.find(text, '["\\%c]', position)
    if not stop then
      decode_error(text, start, "unfinished string")
    end
    if stop > from then
      n = n + 1
      parts[n] = string.sub(text, from, stop - 1)
    end
    local c = string.byte(text, stop)
    if c == 34 then -- "
      local result = table.concat(parts, "", 1, n)
      local valid, bad = utf8.len(result)
      if not valid then
        decode_error(text, start, "invalid UTF-8 in string, at its byte %d", bad)
      end
      return result, stop + 1
    elseif c == 92 then -- backslash
      local letter = string.sub(text, stop + 1, stop + 1)
      n = n + 1
      if letter == "u" then
        parts[n], position = decode_escape_u(text, stop + 2)
      else
        parts[n] = escapes[letter] or decode_error(text, stop, "unknown escape \\%s", letter)
        position = stop + 2
      end
    elseif c == 127 then -- DEL is a control character for Lua but not for JSON
      n = n + 1
      parts[n], position = "\127", stop + 1
    else
      decode_error(text, stop, "control character 0x%02X in string", c)
    end
  end
end

local function decode_number(text, position)
  local int, frac, exp, after
  int, after = string.match(text, "^(-?%d+)()", position)
  if not int then
    decode_error(text, position, "digit expected after '-', got %s", describe(text, position + 1))
  end
  if string.find(int, "^-?0%d") then
    decode_error(text, position, "leading zero")
  end
  if string.sub(text, after, after) == "." then
    frac, after = string.match(text, "^(%.%d+)()", after)
    if not frac then
      decode_error(text, position, "digit expected after '.'")
    end
  end
  if string.find(text, "^[eE]", after) then
    local from = after
    exp, after = string.match(text, "^([eE][+-]?%d+)()", after)
    if not exp then
      decode_error(text, from, "digit expected in exponent")
    end
  end
  if not frac and not exp then
    -- An integer if it fits, else the nearest float. -0 must stay a float: integers have no negative zero.
    local value = int ~= "-0" and math.tointeger(tonumber(int)) or nil
    if value and string.format("%d", value) == int then
      return value, after
    end
    return tonumber(int .. ".0"), after
  end
  return tonumber(int .. (frac or ".0") .. (exp or "")), after
end

local decode_value

local function decode_array(text, position, options, depth)
  local result, n = json.array(), 0
  position = skip_space(text, position + 1)
  if string.sub(text, position, position) == "]" then
    return result, position + 1
  end
  ::again::
  n = n + 1
  result[n], position = decode_value(text, position, options, depth + 1)
  position = skip_space(text, position)
  local c = string.sub(text, position, position)
  if c == "," then
    position = skip_space(text, position + 1)
    goto again
  elseif c ~= "]" then
    decode_error(text, position, "',' or ']' expected, got %s", describe(text, position))
  end
  return result, position + 1
end

local function decode_object(text, position, options, depth)
  local result = {}
  position = skip_space(text, position + 1)
  if string.sub(text, position, position) == "}" then
    return result, position + 1
  end
  repeat
    if string.sub(text, position, position) ~= '"' then
      decode_error(text, position, "'\"' expected, got %s", describe(text, position))
    end
    local key, key_position = nil, position
    key, position = decode_string(text, position)
    if options.unique_keys and result[key] ~= nil then
      decode_error(text, key_position, "duplicate key %q", key)
    end
    position = skip_space(text, position)
    if string.sub(text, position, position) ~= ":" then
      decode_error(text, position, "':' expected, got %s", describe(text, position))
    end
    result[key], position = decode_value(text, skip_space(text, position + 1), options, depth + 1)
    position = skip_space(text, position)
    local c = string.sub(text, position, position)
    if c ~= "," and c ~= "}" then
      decode_error(text, position, "',' or '}' expected, got %s", describe(text, position))
    end
    position = skip_space(text, position + 1)
  until c == "}"
  return result, position
end

local literals <const> = {{"true", true}, {"false", false}, {"null", json.null}}

function decode_value(text, position, options, depth)
  if depth > options.max_depth then
    decode_error(text, position, "nested deeper than %d", options.max_depth)
  end
  local c = string.sub(text, position, position)
  if c == '"' then
    return decode_string(text, position)
  elseif c == "{" then
    return decode_object(text, position, options, depth)
  elseif c == "[" then
    return decode_array(text, position, options, depth)
  elseif c == "-" or c >= "0" and c <= "9" and c ~= "" then
    return decode_number(text, position)
  end
  for _, literal in ipairs(literals) do
    local name, value = table.unpack(literal)
    if string.sub(text, position, position + #name - 1) == name then
      return value, position + #name
    end
  end
  decode_error(text, position, "value expected, got %s", describe(text, position))
end

local default_options <const> = {max_depth = 100, unique_keys = false}

function json.decode(text, options)
  options = setmetatable(options or {}, {__index = default_options})
  local value, position = decode_value(text, skip_space(text, 1), options, 0)
  position = skip_space(text, position)
  if position <= #text then
    decode_error(text, position, "end of text expected, got %s", describe(text, position))
  end
  return value
end

----------------------------------------------------------------------------------------------------------------------------------
-- Encoding

local encode_escapes = {['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r",
                        ["\t"] = "\\t"}
setmetatable(encode_escapes, {__index = function(self, c)
  local text = string.format("\\u%04x", string.byte(c))
  rawset(self, c, text)
  return text
end})

local function ascii_escape(sequence)
  local code = utf8.codepoint(sequence)
  if code < 0x10000 then
    return string.format("\\u%04x", code)
  end
  code = code - 0x10000
  return string.format("\\u%04x\\u%04x", 0xD800 | code >> 10, 0xDC00 | code & 0x3FF)
end

local function encode_string(text, ascii)
  text = string.gsub(text, '[%c"\\\127]', encode_escapes)
  if ascii then
    text = string.gsub(text, "[\xC2-\xF4][\x80-\xBF]+", ascii_escape)
  end
  return '"' .. text .. '"'
end

local function encode_number(value)
  if math.type(value) == "integer" then
    return string.format("%d", value)
  elseif value ~= value or value == math.huge or value == -math.huge then
    error("JSON has no " .. string.format("%f", value):gsub("-?nan", "nan"), 0)
  end
  -- The shortest text that reads back as the same number.
  local text
  for digits = 15, 17 do
    text = string.format("%." .. digits .. "g", value)
    if tonumber(text) == value then
      break
    end
  end
  if not string.find(text, "[.e]") then
    text = text .. ".0"
  end
  return text
end

local function is_array(t)
  if getmetatable(t) == array_mt then
    return true
  end
  local n = #t
  if n == 0 then
    return false
  end
  local count = 0
  for key in next, t do
    if math.type(key) ~= "integer" or key < 1 or key > n then
      return false
    end
    count = count + 1
  end
  return count == n
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    if type(key) ~= "string" then
      error("key of type " .. type(key) .. " in an object", 0)
    end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local Writer = {}
Writer.__index = Writer

function Writer.new(options)
  return setmetatable({n = 0, active = {}, indent = options.indent, ascii = options.ascii, depth = 0}, Writer)
end

function Writer:put(...)
  local n = self.n
  for i = 1, select("#", ...) do
    self[n + i] = (select(i, ...))
  end
  self.n = n + select("#", ...)
end

function Writer:newline()
  if self.indent then
    self:put("\n", string.rep(self.indent, self.depth))
  end
end

function Writer:enter(t)
  if self.active[t] then
    error("a table contains itself", 0)
  end
  self.active[t] = true
  self.depth = self.depth + 1
  -- Leaves however the writer gets out of the block that holds the result.
  return setmetatable({}, {__close = function()
    self.active[t] = nil
    self.depth = self.depth - 1
  end})
end

function Writer:sequence(t)
  if #t == 0 then
    return self:put("[]")
  end
  self:put("[")
  do
    local _ <close> = self:enter(t)
    for i, value in ipairs(t) do
      if i > 1 then
        self:put(",")
      end
      self:newline()
      self:value(value)
    end
  end
  self:newline()
  self:put("]")
end

function Writer:object(t)
  local keys = sorted_keys(t)
  if #keys == 0 then
    return self:put("{}")
  end
  self:put("{")
  do
    local _ <close> = self:enter(t)
    for i, key in ipairs(keys) do
      if i > 1 then
        self:put(",")
      end
      self:newline()
      self:put(encode_string(key, self.ascii), self.indent and ": " or ":")
      self:value(t[key])
    end
  end
  self:newline()
  self:put("}")
end

local encoders = {
  ["nil"] = function(self) self:put("null") end,
  boolean = function(self, value) self:put(tostring(value)) end,
  number = function(self, value) self:put(encode_number(value)) end,
  string = function(self, value) self:put(encode_string(value, self.ascii)) end,
  table = function(self, value)
    local mt = getmetatable(value)
    if value == json.null then
      self:put("null")
    elseif mt and mt.__tojson then
      self:value(mt.__tojson(value))
    elseif is_array(value) then
      self:sequence(value)
    else
      self:object(value)
    end
  end,
}

function Writer:value(value)
  local encoder = encoders[type(value)]
  if not encoder then
    error("cannot encode a " .. type(value), 0)
  end
  return encoder(self, value)
end

function json.encode(value, options)
  local writer = Writer.new(options or {})
  writer:value(value)
  return table.concat(writer, "", 1, writer.n)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Events instead of values: a coroutine that tells what it meets. It uses the decoder for scalars.

function json.events(text)
  return coroutine.wrap(function()
    local position = skip_space(text, 1)
    local stack = {}
    local function expect_value()
      local c = string.sub(text, position, position)
      if c == "[" or c == "{" then
        stack[#stack + 1] = c
        position = skip_space(text, position + 1)
        coroutine.yield(c == "[" and "array" or "object")
        return true
      end
      local value
      value, position = decode_value(text, position, default_options, 0)
      coroutine.yield("value", value)
      return false
    end
    expect_value()
    while #stack > 0 do
      position = skip_space(text, position)
      local c = string.sub(text, position, position)
      local top = stack[#stack]
      if c == "]" and top == "[" or c == "}" and top == "{" then
        stack[#stack] = nil
        position = position + 1
        coroutine.yield("end")
        goto continue
      elseif c == "," then
        position = skip_space(text, position + 1)
      end
      if top == "{" then
        local key
        key, position = decode_string(text, position)
        position = skip_space(text, skip_space(text, position) + 1)
        coroutine.yield("key", key)
      end
      expect_value()
      ::continue::
    end
  end)
end

----------------------------------------------------------------------------------------------------------------------------------
-- The torture test

local function same(a, b)
  if rawequal(a, b) then
    return true
  elseif math.type(a) ~= math.type(b) or type(a) ~= type(b) then
    return false
  elseif type(a) == "number" then
    return a == b and 1 / a == 1 / b
  elseif type(a) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

print("== values")
for _, text in ipairs {
  "null", "true", "false", "0", "-0", "0.0", "-0.0", "1", "-1", "1.0", "1e0", "1E+2", "1e-2", "9007199254740993",
  "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1e308", "1e309", "-1e309", "5e-324",
  "2.4703282292062327e-324", "2.4703282292062328e-324", "0.1", "0.30000000000000004", "123456789012345678901234567890", "3.14159265358979",
  "1.7976931348623157e308", "2.2250738585072014e-308", "100000000000000000000", "[]", "{}", "[[]]", '[{}]', '{"a":[]}',
  "[1,2,3]", ' [ 1 , 2 , 3 ] ', '{"a":1,"b":[true,false,null]}', '""', '"a"', [["\"\\\/\b\f\n\r\t"]], [["\u0041\u00e9\u20ac"]],
  [["\ud83d\ude00"]], [["\uD834\uDD1E"]], [["\u0000"]], [["\u007f"]], '"\127"', '"é€😀"', [[{"\u0061":1,"a":2}]], "\t\r\n[\r\n\t1]\n",
} do
  local ok, value = pcall(json.decode, text)
  if not ok then
    print(string.format("%-42s error: %s", text:gsub("%c", "."), tostring(value)))
  else
    local encoded_ok, encoded = pcall(json.encode, value)
    print(string.format("%-42s %-8s %s", text:gsub("%c", "."), math.type(value) or type(value), encoded))
    if encoded_ok then
      local again = json.decode(encoded)
      assert(same(value, again), text)
    end
  end
end

print("== errors")
for _, text in ipairs {
  "", " ", "nul", "True", "tru", "nulll", "+1", "01", "-01", "-", "-a", "1.", ".5", "1e", "1e+", "1.5e", "0x10", "Infinity", "NaN",
  "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}", "{,}", "{1:2}", '{"a"}', '{"a":}', '{"a":1', '{"a":1,}', '{"a" 1}',
  "{'a':1}", '"', '"abc', '"a\nb"', '"\1"', '"\\x"', '"\\', '"\\u12', '"\\u12G4"', '"\\ud800"', '"\\ud800x"', '"\\ud800\\u0041"', '"\\udc00"',
  '"\xff"', '"\xc0\x80"', '"\xed\xa0\x80"', '"\xf4\x90\x80\x80"', "1 2", "[] []", "[1]\n\n  x", '{"a":1,\n "b":2,\n "c" 3}', "\xEF\xBB\xBF1", "[1,\n2,\n3,\n\n   4 5]",
  string.rep("[", 102) .. string.rep("]", 102), "/*c*/1",
} do
  local ok, problem = pcall(json.decode, text)
  assert(not ok, text)
  assert(getmetatable(problem) == DecodeError, problem)
  local shown = #text > 30 and string.sub(text, 1, 30) .. "..." or text
  print(string.format("%-34s %s", shown:gsub("[^\32-\126]", "?"), problem))
end
do
  local ok, problem = pcall(json.decode, '{"a":1, "b":2, "a":3}', {unique_keys = true})
  print(ok, problem, problem.position)
  print(json.encode(json.decode('{"a":1, "b":2, "a":3}')))
  print(#json.encode(json.decode(string.rep("[", 100) .. string.rep("]", 100))))
  print(pcall(json.decode, string.rep("[", 1001) .. string.rep("]", 1001), {max_depth = 999}))
  print(#json.encode(json.decode(string.rep("[", 1000) .. string.rep("]", 1000), {max_depth = 1000})))
end

print("== encoder")
print(json.encode {1, 2.5, "x", true, false, json.null, {}, json.array(), {a = 1}})
print(json.encode({a = 1, b = {1, 2, {c = "d"}}, e = {}, f = json.array()}, {indent = "  "}))
print(json.encode("é€😀\127\1", {ascii = true}))
print(json.encode {"\0\31 \"\\\b\f\n\r\t/"})
print(json.encode {1e15, 1e16, 1e100, 0.1, 1 / 3, 2 ^ 53, 2 ^ 63, -0.0, 123456.789, 1e-7, math.mininteger, math.maxinteger, math.pi})
local cycle = {1, {2}}
cycle[2][2] = cycle
for _, value in ipairs {cycle, {print}, {[1] = 1, x = 2}, {[1.5] = 1}, {0 / 0}, {math.huge}, {-math.huge}, coroutine.create(print)} do
  print(pcall(json.encode, value))
end
print(pcall(function() json.null.x = 1 end))
local shared = {1}
print(json.encode {shared, shared, {shared}})
local Point = {__tojson = function(p) return {p.x, p.y} end}
print(json.encode {points = {setmetatable({x = 1, y = 2}, Point), setmetatable({x = 3.5, y = -4}, Point)}})

print("== events")
do
  local out = {}
  for event, value in json.events ' {"a": [1, {"b": null}, []], "c": "d", "e": {}} ' do
    out[#out + 1] = value == nil and event or event .. "=" .. tostring(value)
  end
  print(table.concat(out, " "))
end

print("== random round trips")
do
  local seed = 12345
  local function random(n)
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    return seed // 65536 % n
  end
  local makers
  local function make(depth)
    return makers[random(depth > 0 and #makers or 6) + 1](depth)
  end
  makers = {
    function() return random(2) == 0 end,
    function() return json.null end,
    function() return random(32768) - 16384 end,
    function() return (random(32768) - 16384) * 2.0 ^ (random(200) - 100) / 3 end,
    function() return (random(32768) << 48 | random(32768) << 33 | random(32768) << 18 | random(32768)) end,
    function()
      local codes = {}
      for i = 1, random(12) do
        local code = ({random(128), random(0x800), random(0xD800), 0xE000 + random(0x2000), 0x10000 + random(32768) * 32})[random(5) + 1]
        codes[i] = utf8.char(code)
      end
      return table.concat(codes)
    end,
    function(depth)
      local result = json.array()
      for i = 1, random(6) do result[i] = make(depth - 1) end
      return result
    end,
    function(depth)
      local result = {}
      for _ = 1, random(6) do result["k" .. random(50)] = make(depth - 1) end
      return result
    end,
  }
  local bytes, checksum = 0, 0
  for round = 1, 400 do
    local value = makers[7 + round % 2](4)
    local compact = json.encode(value)
    local pretty = json.encode(value, {indent = "\t", ascii = round % 2 == 0})
    local from_compact, from_pretty = json.decode(compact), json.decode(pretty)
    assert(same(value, from_compact) and same(value, from_pretty))
    assert(json.encode(from_pretty) == compact)
    bytes = bytes + #compact
    for i = 1, #compact do
      checksum = (checksum * 31 + string.byte(compact, i)) & 0xFFFFFFFF
    end
  end
  print(bytes, string.format("%08x", checksum))
end

print("== mutations")
do
  -- Every text made by dropping or changing one byte is decoded or refused with a position inside the text, never anything else.
  local text = '{"key": [1, -2.5e3, "s\\u00e9\\n", true, null, {"x": {}}], "t": false}'
  local accepted, refused, positions = 0, 0, 0
  for i = 1, #text do
    for _, replacement in ipairs {"", " ", '"', "]", "}", "0", "\\", ",", "\xff"} do
      local mutated = string.sub(text, 1, i - 1) .. replacement .. string.sub(text, i + 1)
      local ok, problem = pcall(json.decode, mutated)
      if ok then
        accepted = accepted + 1
        assert(same(json.decode(json.encode(problem)), problem))
      else
        assert(getmetatable(problem) == DecodeError, problem)
        assert(problem.position >= 1 and problem.position <= #mutated + 1)
        refused = refused + 1
        positions = positions + problem.position
      end
    end
  end
  print(accepted, refused, positions)
end
print("ok")
