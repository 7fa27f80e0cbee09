-- Lua 5.4 source to tokens.
--
-- A token is a table {type, value, line}: the type is the word or operator itself, or "name", "string", "number", "eof". Strings and
-- numbers carry their value.

local lexer = {}

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while]])
    :gmatch("%a+") do
  keywords[word] = true
end
lexer.keywords = keywords

-- Longest first: the operators by length.
local operators <const> = {
  {["..."] = true},
  {["=="] = true, ["~="] = true, ["<="] = true, [">="] = true, ["//"] = true, ["::"] = true, ["<<"] = true, [">>"] = true, [".."] = true},
  {},
}
for c in ("+-*/%^#&~|<>=(){}[];:,."):gmatch(".") do
  operators[3][c] = true
end

local SyntaxError = {__name = "SyntaxError"}
SyntaxError.__index = SyntaxError
SyntaxError.__tostring = function(self) return string.format("%s:%d: %s", self.chunk, self.line, self.message) end
lexer.SyntaxError = SyntaxError

local Lexer = {}
Lexer.__index = Lexer

function Lexer:error(message, ...)
  error(setmetatable({chunk = self.chunk, line = self.line, message = string.format(message, ...)}, SyntaxError), 0)
end

function Lexer:newline()
  -- \r\n and \n\r count once.
  local first = self.source:sub(self.pos, self.pos)
  local second = self.source:sub(self.pos + 1, self.pos + 1)
  self.pos = self.pos + ((second == "\r" or second == "\n") and second ~= first and 2 or 1)
  self.line = self.line + 1
end

function Lexer:long_bracket(what)
  -- Behind `[==[`; answers the content.
  local level, start = self.source:match("^%[(=*)%[()", self.pos)
  local start_line = self.line
  self.pos = start
  if self.source:find("^[\r\n]", self.pos) then
    self:newline()
  end
  local close = "]" .. level .. "]"
  local parts = {}
  while true do
    local stop = self.source:find("[\r\n%]]", self.pos)
    if not stop then
      self.line = self.line
      self:error("unfinished long %s (starting at line %d) near '<eof>'", what, start_line)
    end
    parts[#parts + 1] = self.source:sub(self.pos, stop - 1)
    self.pos = stop
    if self.source:sub(stop, stop) ~= "]" then
      parts[#parts + 1] = "\n"
      self:newline()
    elseif self.source:sub(stop, stop + #close - 1) == close then
      self.pos = stop + #close
      return table.concat(parts)
    else
      parts[#parts + 1] = "]"
      self.pos = stop + 1
    end
  end
end

local simple_escapes <const> = {a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v", ["\\"] = "\\", ['"'] = '"',
                                ["'"] = "'"}

function Lexer:escape()
  -- At the backslash.
  local source, pos = self.source, self.pos + 1
  local c = source:sub(pos, pos)
  local simple = simple_escapes[c]
  if simple then
    self.pos = pos + 1
    return simple
  elseif c == "x" then
    local digits = source:match("^%x%x", pos + 1) or self:error("hexadecimal digit expected")
    self.pos = pos + 3
    return string.char(tonumber(digits, 16))
  elseif c == "z" then
    self.pos = pos + 1
    while true do
      local space = source:match("^[ \t\v\f]+", self.pos)
      if space then
        self.pos = self.pos + #space
      elseif source:find("^[\r\n]", self.pos) then
        self:newline()
      else
        return ""
      end
    end
  elseif c == "u" then
    local digits, after = source:match("^{(%x+)}()", pos + 1)
    if not digits or #digits:gsub("^0+", "") > 8 or tonumber(digits, 16) >= 1 << 31 then
      self:error("bad UTF-8 escape")
    end
    self.pos = after
    return utf8.char(tonumber(digits, 16))
  elseif c == "\n" or c == "\r" then
    self.pos = pos
    self:newline()
    return "\n"
  end
  local digits = source:match("^%d%d?%d?", pos)
  if not digits then
    self:error("invalid escape sequence '\\%s'", c)
  elseif tonumber(digits) > 255 then
    self:error("decimal escape too large near '\\%s'", digits)
  end
  self.pos = pos + #digits
  return string.char(tonumber(digits))
end

function Lexer:quoted(quote)
  self.pos = self.pos + 1
  local stops = '[\\\r\n' .. quote .. ']'
  local parts = {}
  while true do
    local stop = self.source:find(stops, self.pos)
    local c = stop and self.source:sub(stop, stop) or ""
    if c == "" or c == "\n" or c == "\r" then
      self:error("unfinished string")
    end
    parts[#parts + 1] = self.source:sub(self.pos, stop - 1)
    self.pos = stop
    if c == quote then
      self.pos = stop + 1
      return table.concat(parts)
    end
    parts[#parts + 1] = self:escape()
  end
end

function Lexer:number()
  local source, start = self.source, self.pos
  local pos = start
  local exponent = "^[eE]"
  if source:find("^0[xX]", pos) then
    exponent = "^[pP]"
    pos = pos + 2
  end
  while true do
    if source:find(exponent, pos) then
      pos = pos + 1
      if source:find("^[+-]", pos) then pos = pos + 1 end
    elseif source:find("^[%w_.]", pos) then
      pos = pos + 1
    else
      break
    end
  end
  local text = source:sub(start, pos - 1)
  self.pos = pos
  return tonumber(text) or self:error("malformed number near '%s'", text)
end

function Lexer:next_token()
  local source = self.source
  while true do
    local pos = self.pos
    local c = source:sub(pos, pos)
    if c == "" then
      return {"eof", nil, self.line}
    elseif c == "\n" or c == "\r" then
      self:newline()
    elseif c == " " or c == "\t" or c == "\v" or c == "\f" then
      self.pos = source:match("^[ \t\v\f]+()", pos)
    elseif source:find("^%-%-", pos) then
      self.pos = pos + 2
      if source:find("^%[=*%[", self.pos) then
        self:long_bracket("comment")
      else
        self.pos = source:find("[\r\n]", self.pos) or #source + 1
      end
    elseif c:find("[%a_]") then
      local word = source:match("^[%w_]+", pos)
      self.pos = pos + #word
      return keywords[word] and {word, nil, self.line} or {"name", word, self.line}
    elseif c == '"' or c == "'" then
      return {"string", self:quoted(c), self.line}
    elseif source:find("^%[=*%[", pos) then
      return {"string", self:long_bracket("string"), self.line}
    elseif source:find("^%.?%d", pos) then
      return {"number", self:number(), self.line}
    else
      for i, set in ipairs(operators) do
        local text = source:sub(pos, pos + 3 - i)
        if set[text] then
          self.pos = pos + #text
          return {text, nil, self.line}
        end
      end
      self:error("unexpected symbol near '%s'", c)
    end
  end
end

-- Returns a function that gives one token after the other.
function lexer.tokens(source, chunk)
  local self = setmetatable({source = source, pos = 1, line = 1, chunk = chunk or "?"}, Lexer)
  if source:sub(1, 1) == "#" then
    self.pos = source:find("[\r\n]") or #source + 1
  end
  return function() return self:next_token() end, self
end

return lexer
