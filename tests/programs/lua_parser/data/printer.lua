-- A syntax tree to Lua source, in one style whatever the source looked like.

local lexer = require("lexer")
local parser = require("parser")

local printer = {}

local Printer = {}
Printer.__index = Printer

-- Adds a line made of the texts given.
function Printer:put(...)
  local n = self.n + 1
  self[n], self.n = string.rep("  ", self.depth) .. table.concat({...}), n
end

local function quote(text)
  return '"' .. text:gsub('[%c"\\\128-\255]', function(c)
    return c == "\n" and "\\n" or (c == '"' or c == "\\") and "\\" .. c or string.format("\\x%02X", c:byte())
  end) .. '"'
end

local function number(value)
  if math.type(value) == "integer" then
    return tostring(value)
  elseif value == math.huge then
    return "1e9999"
  end
  local text = string.format("%.17g", value)
  return text:find("[.e]") and text or text .. ".0"
end

local function is_name(text)
  return text:find("^[%a_][%w_]*$") and not lexer.keywords[text]
end

local expressions = {}

function Printer:expression(tree, limit)
  local text, own = expressions[tree.tag](self, tree)
  if limit and own and own < limit then
    return "(" .. text .. ")"
  end
  return text
end

function Printer:list(trees)
  local texts = {}
  for i, tree in ipairs(trees) do
    texts[i] = self:expression(tree)
  end
  return table.concat(texts, ", ")
end

-- What may stand before `.x`, `[x]`, `(x)` without parentheses.
local prefixes <const> = {name = true, index = true, call = true, method = true, paren = true}

function Printer:prefix(tree)
  local text = self:expression(tree)
  return prefixes[tree.tag] and text or "(" .. text .. ")"
end

for _, word in ipairs {"nil", "true", "false"} do
  expressions[word] = function() return word end
end
function expressions.vararg() return "..." end
function expressions.string(_, tree) return quote(tree[1]) end
function expressions.number(_, tree) return number(tree[1]) end
function expressions.name(_, tree) return tree[1] end
function expressions:paren(tree) return "(" .. self:expression(tree[1]) .. ")" end

function expressions:index(tree)
  local key = tree[2]
  if key.tag == "string" and is_name(key[1]) then
    return self:prefix(tree[1]) .. "." .. key[1]
  end
  return self:prefix(tree[1]) .. "[" .. self:expression(key) .. "]"
end

function expressions:call(tree)
  return self:prefix(tree[1]) .. "(" .. self:list(tree.args) .. ")"
end

function expressions:method(tree)
  return self:prefix(tree[1]) .. ":" .. tree[2] .. "(" .. self:list(tree.args) .. ")"
end

function expressions:unary(tree)
  local operand = self:expression(tree[2], parser.unary_priority)
  local operator = tree[1]
  -- `not x`, `- -x` and `~ ~x` need the space.
  local space = (operator == "not" or operand:sub(1, 1) == operator) and " " or ""
  return operator .. space .. operand, parser.unary_priority
end

function expressions:binary(tree)
  local left, right = table.unpack(parser.priority[tree[1]])
  local a = self:expression(tree[2], left > right and left + 1 or left)
  local b = self:expression(tree[3], left > right and right or right + 1)
  -- A unary operator as a right operand needs no parentheses, whatever its priority.
  if tree[3].tag == "unary" and b:sub(1, 1) == "(" then
    b = self:expression(tree[3])
  end
  return a .. " " .. tree[1] .. " " .. b, math.min(left, right + 1)
end

function expressions:table(tree)
  local texts = {}
  for i, item in ipairs(tree) do
    if item.tag == "item" then
      texts[i] = self:expression(item[1])
    elseif item.tag == "named" then
      texts[i] = item[1] .. " = " .. self:expression(item[2])
    else
      texts[i] = "[" .. self:expression(item[1]) .. "] = " .. self:expression(item[2])
    end
  end
  return "{" .. table.concat(texts, ", ") .. "}"
end

expressions["function"] = function(self, tree)
  local params = table.move(tree.params, 1, #tree.params, 1, {})
  if tree.vararg then
    params[#params + 1] = "..."
  end
  local inner = setmetatable({n = 0, depth = self.depth + 1}, Printer)
  inner:block(tree.body)
  local head = "function(" .. table.concat(params, ", ") .. ")"
  if inner.n == 0 then
    return head .. " end"
  end
  return head .. "\n" .. table.concat(inner, "\n") .. "\n" .. string.rep("  ", self.depth) .. "end"
end

local statements = {}

function Printer:block(tree)
  for _, statement in ipairs(tree) do
    statements[statement.tag](self, statement)
  end
end

function Printer:inner_block(tree)
  self.depth = self.depth + 1
  self:block(tree)
  self.depth = self.depth - 1
end

function statements:do_call(tree)
  local text = self:expression(tree[1])
  self:put(text:sub(1, 1) == "(" and ";" or "", text)
end

function statements:assign(tree)
  local text = self:list(tree.targets)
  self:put(text:sub(1, 1) == "(" and ";" or "", text, " = ", self:list(tree.values))
end

statements["local"] = function(self, tree)
  local names = {}
  for i, name in ipairs(tree.names) do
    names[i] = tree.attributes[i] and name .. " <" .. tree.attributes[i] .. ">" or name
  end
  self:put("local ", table.concat(names, ", "), #tree.values > 0 and " = " or "", self:list(tree.values))
end

function statements:local_function(tree)
  self:put("local function ", tree[1], (self:expression(tree[2]):sub(#"function" + 1)))
end

statements["if"] = function(self, tree)
  for i, branch in ipairs(tree) do
    self:put(i == 1 and "if " or "elseif ", self:expression(branch[1]), " then")
    self:inner_block(branch[2])
  end
  if tree.otherwise then
    self:put("else")
    self:inner_block(tree.otherwise)
  end
  self:put("end")
end

statements["while"] = function(self, tree)
  self:put("while ", self:expression(tree[1]), " do")
  self:inner_block(tree[2])
  self:put("end")
end

statements["repeat"] = function(self, tree)
  self:put("repeat")
  self:inner_block(tree[1])
  self:put("until ", self:expression(tree[2]))
end

statements["do"] = function(self, tree)
  self:put("do")
  self:inner_block(tree[1])
  self:put("end")
end

function statements:numeric_for(tree)
  self:put("for ", tree[1], " = ", self:list(tree.range), " do")
  self:inner_block(tree.body)
  self:put("end")
end

function statements:generic_for(tree)
  self:put("for ", table.concat(tree.names, ", "), " in ", self:list(tree.values), " do")
  self:inner_block(tree.body)
  self:put("end")
end

statements["return"] = function(self, tree)
  self:put("return", #tree > 0 and " " or "", self:list(tree))
end
statements["break"] = function(self) self:put("break") end
statements["goto"] = function(self, tree) self:put("goto ", tree[1]) end
function statements:label(tree) self:put("::", tree[1], "::") end

-- Returns the source of a tree.
function printer.print(tree)
  local self = setmetatable({n = 0, depth = 0}, Printer)
  self:block(tree)
  self[self.n + 1] = ""
  return table.concat(self, "\n")
end

return printer
