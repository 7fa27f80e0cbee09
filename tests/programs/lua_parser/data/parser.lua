-- Lua 5.4 tokens to a syntax tree.
--
-- A node is a table with a `tag`; its children stand at 1, 2, ... or in named fields. Lines stand in `line` and do not take part in
-- comparisons. A block is a node {tag = "block", statements...}.

local lexer = require("lexer")

local parser = {}

local Parser = {}
Parser.__index = Parser

-- Left and right priority of each binary operator.
local priority <const> = {
  ["or"] = {1, 1}, ["and"] = {2, 2},
  ["<"] = {3, 3}, [">"] = {3, 3}, ["<="] = {3, 3}, [">="] = {3, 3}, ["~="] = {3, 3}, ["=="] = {3, 3},
  ["|"] = {4, 4}, ["~"] = {5, 5}, ["&"] = {6, 6}, ["<<"] = {7, 7}, [">>"] = {7, 7},
  [".."] = {9, 8}, ["+"] = {10, 10}, ["-"] = {10, 10},
  ["*"] = {11, 11}, ["/"] = {11, 11}, ["//"] = {11, 11}, ["%"] = {11, 11},
  ["^"] = {14, 13},
}
local unary_priority <const> = 12
local unary <const> = {["not"] = true, ["-"] = true, ["#"] = true, ["~"] = true}
parser.priority, parser.unary_priority = priority, unary_priority

local block_ends <const> = {eof = true, ["end"] = true, ["else"] = true, ["elseif"] = true, ["until"] = true}

local function node(tag, line, fields)
  fields.tag, fields.line = tag, line
  return fields
end

function Parser:advance()
  local token = self.token
  self.token, self.ahead = self.ahead or self.next(), nil
  return token
end

function Parser:peek()
  self.ahead = self.ahead or self.next()
  return self.ahead[1]
end

function Parser:check(kind)
  return self.token[1] == kind
end

function Parser:accept(kind)
  if self.token[1] == kind then
    return self:advance()
  end
end

local function show(token)
  return token[2] and tostring(token[2]) or token[1] == "eof" and "<eof>" or token[1]
end

function Parser:fail(message, ...)
  self.lexer.line = self.token[3]
  self.lexer:error("%s near '%s'", message:format(...), show(self.token))
end

function Parser:expect(kind, open, line)
  local token = self:accept(kind)
  if not token then
    if open and line ~= self.token[3] then
      self:fail("'%s' expected (to close '%s' at line %d)", kind, open, line)
    end
    self:fail("%s expected", kind == "name" and "<name>" or "'" .. kind .. "'")
  end
  return token
end

function Parser:name()
  return self:expect("name")[2]
end

--------------------------------------------------------------------------------------------------------------------- Expressions

function Parser:expressions()
  local list = {self:expression()}
  while self:accept(",") do
    list[#list + 1] = self:expression()
  end
  return list
end

function Parser:table_constructor()
  local line = self:expect("{")[3]
  local items = {}
  while not self:check("}") do
    local item
    if self:check("name") and self:peek() == "=" then
      local key = self:name()
      self:advance()
      item = node("named", self.token[3], {key, self:expression()})
    elseif self:accept("[") then
      local key = self:expression()
      self:expect("]")
      self:expect("=")
      item = node("keyed", self.token[3], {key, self:expression()})
    else
      item = node("item", self.token[3], {self:expression()})
    end
    items[#items + 1] = item
    if not self:accept(",") and not self:accept(";") then
      break
    end
  end
  self:expect("}", "{", line)
  return node("table", line, items)
end

function Parser:function_body(line, method)
  local params = method and {"self"} or {}
  local vararg = false
  self:expect("(")
  if not self:check(")") then
    repeat
      if self:accept("...") then
        vararg = true
        break
      end
      params[#params + 1] = self:name()
    until not self:accept(",")
  end
  self:expect(")")
  local outer = self.vararg
  self.vararg = vararg
  local body = self:block()
  self.vararg = outer
  self:expect("end", "function", line)
  return node("function", line, {params = params, vararg = vararg, body = body})
end

function Parser:primary()
  local line = self.token[3]
  if self:accept("(") then
    local inner = self:expression()
    self:expect(")", "(", line)
    -- Parentheses matter only where they cut off values.
    if inner.tag == "call" or inner.tag == "method" or inner.tag == "vararg" then
      return node("paren", line, {inner})
    end
    return inner, true
  elseif self:check("name") then
    return node("name", line, {self:name()})
  end
  self:fail("unexpected symbol")
end

function Parser:arguments()
  local line = self.token[3]
  if self:check("string") then
    return {node("string", line, {self:advance()[2]})}
  elseif self:check("{") then
    return {self:table_constructor()}
  end
  self:expect("(")
  local list = self:check(")") and {} or self:expressions()
  self:expect(")", "(", line)
  return list
end

function Parser:suffixed()
  local left, in_parentheses = self:primary()
  while true do
    local line = self.token[3]
    if self:accept(".") then
      left = node("index", line, {left, node("string", line, {self:name()})})
    elseif self:accept("[") then
      left = node("index", line, {left, self:expression()})
      self:expect("]")
    elseif self:accept(":") then
      local name = self:name()
      left = node("method", line, {left, name, args = self:arguments()})
    elseif self:check("(") or self:check("string") or self:check("{") then
      left = node("call", line, {left, args = self:arguments()})
    else
      return left, in_parentheses
    end
    in_parentheses = false
  end
end

function Parser:simple()
  local token = self.token
  local kind, line = token[1], token[3]
  if kind == "nil" or kind == "true" or kind == "false" then
    self:advance()
    return node(kind, line, {})
  elseif kind == "number" or kind == "string" then
    self:advance()
    return node(kind, line, {token[2]})
  elseif kind == "..." then
    if not self.vararg then
      self:fail("cannot use '...' outside a vararg function")
    end
    self:advance()
    return node("vararg", line, {})
  elseif kind == "{" then
    return self:table_constructor()
  elseif kind == "function" then
    self:advance()
    return self:function_body(line)
  end
  return (self:suffixed())
end

function Parser:expression(limit)
  limit = limit or 0
  self.depth = self.depth + 1
  if self.depth > 190 then
    self:fail("chunk has too many syntax levels")
  end
  local left
  local operator, line = self.token[1], self.token[3]
  if unary[operator] then
    self:advance()
    left = node("unary", line, {operator, self:expression(unary_priority)})
  else
    left = self:simple()
  end
  while true do
    operator, line = self.token[1], self.token[3]
    local p = priority[operator]
    if not p or p[1] <= limit then
      break
    end
    self:advance()
    left = node("binary", line, {operator, left, self:expression(p[2])})
  end
  self.depth = self.depth - 1
  return left
end

---------------------------------------------------------------------------------------------------------------------- Statements

local statements = {}

function Parser:block()
  local result = node("block", self.token[3], {})
  while not block_ends[self.token[1]] do
    if self:check("return") then
      local line = self:advance()[3]
      local list = (block_ends[self.token[1]] or self:check(";")) and {} or self:expressions()
      self:accept(";")
      result[#result + 1] = node("return", line, list)
      break
    end
    if not self:accept(";") then
      result[#result + 1] = self:statement()
    end
  end
  return result
end

function Parser:loop_block()
  self.loops = self.loops + 1
  local body = self:block()
  self.loops = self.loops - 1
  return body
end

function Parser:statement()
  local token = self.token
  local handler = statements[token[1]]
  if handler then
    self:advance()
    return handler(self, token[3])
  end
  local first, in_parentheses = self:suffixed()
  if self:check("=") or self:check(",") then
    local targets = {first}
    while true do
      local tag = targets[#targets].tag
      if tag ~= "name" and tag ~= "index" or in_parentheses then
        self:fail("syntax error")
      end
      if not self:accept(",") then
        break
      end
      targets[#targets + 1], in_parentheses = self:suffixed()
    end
    self:expect("=")
    return node("assign", token[3], {targets = targets, values = self:expressions()})
  elseif first.tag ~= "call" and first.tag ~= "method" then
    self:fail("syntax error")
  end
  return node("do_call", token[3], {first})
end

statements["if"] = function(self, line)
  local result = node("if", line, {})
  repeat
    local condition = self:expression()
    self:expect("then")
    result[#result + 1] = node("branch", line, {condition, self:block()})
  until not self:accept("elseif")
  if self:accept("else") then
    result.otherwise = self:block()
  end
  self:expect("end", "if", line)
  return result
end

statements["while"] = function(self, line)
  local condition = self:expression()
  self:expect("do")
  local body = self:loop_block()
  self:expect("end", "while", line)
  return node("while", line, {condition, body})
end

statements["do"] = function(self, line)
  local body = self:block()
  self:expect("end", "do", line)
  return node("do", line, {body})
end

statements["for"] = function(self, line)
  local names = {self:name()}
  if self:accept("=") then
    local range = self:expressions()
    if #range < 2 or #range > 3 then
      self:fail("two or three values expected")
    end
    self:expect("do")
    local body = self:loop_block()
    self:expect("end", "for", line)
    return node("numeric_for", line, {names[1], range = range, body = body})
  end
  while self:accept(",") do
    names[#names + 1] = self:name()
  end
  self:expect("in")
  local values = self:expressions()
  self:expect("do")
  local body = self:loop_block()
  self:expect("end", "for", line)
  return node("generic_for", line, {names = names, values = values, body = body})
end

statements["repeat"] = function(self, line)
  local body = self:loop_block()
  self:expect("until", "repeat", line)
  return node("repeat", line, {body, self:expression()})
end

statements["function"] = function(self, line)
  local target = node("name", line, {self:name()})
  local method = false
  while self:accept(".") do
    target = node("index", line, {target, node("string", line, {self:name()})})
  end
  if self:accept(":") then
    target = node("index", line, {target, node("string", line, {self:name()})})
    method = true
  end
  return node("assign", line, {targets = {target}, values = {self:function_body(line, method)}})
end

statements["local"] = function(self, line)
  if self:accept("function") then
    local name = self:name()
    return node("local_function", line, {name, self:function_body(line)})
  end
  local names, attributes = {}, {}
  repeat
    names[#names + 1] = self:name()
    local attribute = false
    if self:accept("<") then
      attribute = self:name()
      if attribute ~= "const" and attribute ~= "close" then
        self:fail("unknown attribute '%s'", attribute)
      end
      self:expect(">")
    end
    attributes[#attributes + 1] = attribute
  until not self:accept(",")
  return node("local", line, {names = names, attributes = attributes, values = self:accept("=") and self:expressions() or {}})
end

statements["::"] = function(self, line)
  local name = self:name()
  self:expect("::")
  return node("label", line, {name})
end

statements["goto"] = function(self, line)
  return node("goto", line, {self:name()})
end

statements["break"] = function(self, line)
  if self.loops == 0 then
    self:fail("break outside a loop at line %d", line)
  end
  return node("break", line, {})
end

-- Returns the tree of a chunk; raises a SyntaxError.
function parser.parse(source, chunk)
  local next_token, state = lexer.tokens(source, chunk)
  local self = setmetatable({next = next_token, lexer = state, depth = 0, loops = 0, vararg = true}, Parser)
  self:advance()
  local tree = self:block()
  if not self:check("eof") then
    self:fail("'<eof>' expected")
  end
  return tree
end

-- Whether two trees are the same but for lines. Answers false and a path if not.
function parser.equal(a, b, path)
  path = path or "tree"
  if type(a) ~= "table" or type(b) ~= "table" then
    if a == b and math.type(a) == math.type(b) or a ~= a and b ~= b then
      return true
    end
    return false, string.format("%s: %s is not %s", path, a, b)
  end
  for key, value in pairs(a) do
    if key ~= "line" then
      local ok, where = parser.equal(value, b[key], path .. "." .. tostring(key))
      if not ok then return false, where end
    end
  end
  for key in pairs(b) do
    if a[key] == nil and key ~= "line" then
      return false, path .. "." .. tostring(key) .. " is extra"
    end
  end
  return true
end

-- Calls visit(node, depth) for each node, parents first, children in order.
function parser.walk(tree, visit, depth)
  depth = depth or 0
  if tree.tag then
    visit(tree, depth)
    depth = depth + 1
  end
  for _, child in ipairs(tree) do
    if type(child) == "table" then parser.walk(child, visit, depth) end
  end
  for _, key in ipairs {"targets", "names", "range", "values", "args", "body", "otherwise"} do
    if tree[key] then parser.walk(tree[key], visit, depth) end
  end
end

return parser
