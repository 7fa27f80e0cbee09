-- A random program: scopes, functions and the order of things. What stands in it comes from classes, expressions and statements.
--
-- Programs end: loops have bounded numbers of rounds, functions call only those before them, and `rounds`, the product of the
-- enclosing loops' rounds, keeps expensive things out of long loops.

local Classes = require "classes"
local Random = require "random"

local G = {}
G.__index = G
require("expressions").install(G)
require("statements").install(G)

local kFunctionCost = 400   -- units that one call of a generated function may take, roughly statements run
local kProgramCost = 20000

function G:emit(line) self.lines[#self.lines + 1] = ("  "):rep(self.indent) .. line end

-- A new name; now and then one that is in use already and so is hidden from here on.
function G:declare(kind, prefix, attributes)
  local name
  if self.random:once_in(25) and #self.variables > 0 then
    local other = self.random:pick(self.variables)
    if not other.fixed then name = other.name end
  end
  if not name then
    self.names = self.names + 1
    name = (prefix or kind:sub(1, 1)) .. self.names
  end
  local variable = {name = name, kind = kind}
  for key, value in pairs(attributes or {}) do variable[key] = value end
  self.variables[#self.variables + 1] = variable
  return name
end

-- The innermost variables of those names, that pass the test.
function G:select(test)
  local seen, found = {}, {}
  for i = #self.variables, 1, -1 do
    local variable = self.variables[i]
    if not seen[variable.name] then
      seen[variable.name] = true
      if test(variable) then found[#found + 1] = variable end
    end
  end
  return found
end

-- Names of variables that can stand for an expression of the kind.
function G:visible(kind)
  local names = {}
  for _, variable in ipairs(self:select(function(v) return v.kind == kind or (kind == "num" and (v.kind == "int" or v.kind == "flt")) end)) do
    names[#names + 1] = variable.name
  end
  return names
end

-- Names of variables that can be assigned to.
function G:assignable(kind)
  local names = {}
  for _, variable in ipairs(self:select(function(v) return v.kind == kind and not v.constant end)) do names[#names + 1] = variable.name end
  return names
end

-- Accounts for something that costs so much each time; false if that is too much here.
function G:afford(cost)
  if self.cost + cost * self.rounds > self.limit then return false end
  self.cost = self.cost + cost * self.rounds
  return true
end

-- Runs `body` with indented lines and a scope of their own, repeated `rounds` times.
function G:block(body, rounds)
  local level, before, loop = #self.variables, self.rounds, self.loop
  self.indent = self.indent + 1
  if rounds then
    self.rounds = self.rounds * math.max(rounds, 1)
    self.loop = {}
  end
  body()
  self.indent = self.indent - 1
  self.rounds, self.loop = before, loop
  for i = #self.variables, level + 1, -1 do self.variables[i] = nil end
end

-- The same for a function's body; `fixed` parts of the state are those of the function.
function G:body(text, parameters, ending, body)
  self:emit(text)
  local rounds, loop, in_function = self.rounds, self.loop, self.in_function
  self.loop, self.in_function = nil, true
  self:block(function()
    for _, parameter in ipairs(parameters) do
      self.variables[#self.variables + 1] = parameter
    end
    body()
  end)
  self.rounds, self.loop, self.in_function = rounds, loop, in_function
  self:emit(ending)
end

-- Calls a function that yields this kind, if there is one and it may be called here.
function G:call(kind, depth)
  local functions = self:select(function(v) return v.kind == "function" and v.result == kind end)
  if #functions > 0 then
    local f = self.random:pick(functions)
    if self:afford(f.cost) then
      local arguments = {}
      for i, parameter in ipairs(f.parameters) do arguments[i] = self:expr(parameter, depth - 1) end
      if f.recursive then arguments[1] = tostring(self.random:between(0, 9)) end
      if f.vararg then arguments[#arguments + 1] = self:list("int", self.random:between(1, 3), depth - 1) end
      return f.name .. "(" .. table.concat(arguments, ", ") .. ")"
    end
  end
  return self:expr(kind, depth - 1)
end

function G:new_object(depth) return self.random:pick(self.classes) .. ".new(" .. self:expr("int", depth) .. ")" end

function G:object_expr(kind, depth)
  local objects = self:visible("obj")
  local o = #objects > 0 and self.random:pick(objects) or self:new_object(depth - 1)
  local forms = {
    int = {"val(O + I)", "val(I - O)", "val(O * O)", "O:get(I)", "#O", "val(-O)", "val(~O)", "O.v", "val(O.missing)", "val(O & I)", "val(I << O)",
           "val(O(I, I))", "val(O // I)", "val(O % I)", "O:set(I).v", "val(O[I])", "val(I | O)", "val(O ~ O)", "val(O / I)", "val(O ^ I)"},
    bool = {"(O < O)", "(O <= I)", "(O == O)", "(I < O)", "(O ~= O)", "(not O)", "(O >= O)"},
    -- No metamethod within a longer concatenation: lua5.4.4 may then read a stack that has moved.
    str = {"cut(O .. T)", "cut(T .. O)", "tostring(O)", "O.name", "('%s'):format(O)"},
  }
  local text = self.random:pick(forms[kind]):gsub("[OIT]", function(letter)
    return letter == "O" and o or self:expr(letter == "I" and "int" or "str", depth - 1)
  end)
  return text
end

-- A function before the main part: returns `result`, may call those before it.
function G:define_function(result)
  local random = self.random
  local f = {kind = "function", result = result, parameters = {}, fixed = true, constant = true}
  local parameters = {}
  local kinds = {"int", "int", "int", "flt", "str", "any", "num"}
  f.recursive = random:once_in(4)
  f.vararg = random:once_in(4)
  for i = 1, random:between(f.recursive and 1 or 0, 4) do
    local kind = f.recursive and i == 1 and "int" or random:pick(kinds)
    f.parameters[i] = kind
    self.names = self.names + 1
    parameters[i] = {name = "p" .. self.names, kind = kind, constant = f.recursive and i == 1, fixed = f.recursive and i == 1}
  end
  self.names = self.names + 1
  f.name = "f" .. self.names
  local names = {}
  for i, parameter in ipairs(parameters) do names[i] = parameter.name end
  if f.vararg then names[#names + 1] = "..." end
  self.cost, self.rounds, self.limit = 1, 1, kFunctionCost
  self:body(random:pick {"local function NAME(", "local NAME = function("}:gsub("NAME", f.name) .. table.concat(names, ", ") .. ")", parameters, "end", function()
    self.vararg = f.vararg
    self:statements(random:between(1, 4), 2)
    local value = self:expr(result, 3)
    if f.recursive then
      local arguments = {parameters[1].name .. " - 1"}
      for i = 2, #parameters do arguments[i] = self:expr(f.parameters[i], 1) end
      if f.vararg then arguments[#arguments + 1] = random:pick {"...", "1", "select('#', ...), ..."} end
      local call = f.name .. "(" .. table.concat(arguments, ", ") .. ")"
      local deeper = ({
        int = {call, "1 + " .. call, "(" .. call .. " ~ " .. parameters[1].name .. ")"}, flt = {call, "0.5 * " .. call}, str = {call, "cut('+' .. " .. call .. ")"},
      })[result]
      -- Only one declared with `local function` can name itself.
      if self.lines[self.first_line]:find("local function", 1, true) then
        self:emit("if " .. parameters[1].name .. " > 0 then return " .. random:pick(deeper) .. " end")
      end
    end
    if f.vararg and result == "int" then value = random:pick {value, "select('#', ...) + " .. value, "val((...)) + " .. value} end
    self:emit("return " .. value)
    self.vararg = false
  end)
  f.cost = self.cost * (f.recursive and 10 or 1)
  self.variables[#self.variables + 1] = f
end

function G:program()
  local random = self.random
  for i = 1, random:between(1, 3) do
    local name = "C" .. i
    for _, line in ipairs(Classes.text(random, name, i > 1 and random:once_in(2) and "C" .. random:between(1, i - 1) or nil)) do self:emit(line) end
    self.classes[i] = name
  end
  for _ = 1, random:between(2, 5) do
    self.first_line = #self.lines + 1
    self:define_function(random:pick {"int", "int", "flt", "str"})
  end
  self.cost, self.rounds, self.limit = 0, 1, kProgramCost
  self.vararg = true
  for _, kind in ipairs {"int", "flt", "str", "seq", "obj", "any"} do
    local value = self:expr(kind, 1)
    self:emit("local " .. self:declare(kind) .. " = " .. value)
  end
  for _ = 1, random:between(1, 3) do
    self:statements(random:between(2, 6), 3)
    self:hot_loop()
  end
  self:statements(random:between(1, 4), 3)
  for _, kind in ipairs {"int", "flt", "str", "bool", "seq", "any"} do
    local names = self:visible(kind)
    if #names > 0 then self:emit("P('end', " .. table.concat(names, ", ", 1, math.min(#names, 8)) .. ")") end
  end
  if random:once_in(4) then
    self:emit(random:pick {"error('last')", "error({})", "error(C1.new(3))", "error('last', 2)", "error()", "error(5)", "return P(" .. self:wild(4) .. ")",
                           "local x = " .. self:wild(3), "return " .. self:wild(4)})
  end
end

local M = {}

-- The text of the program with this seed.
function M.generate(seed)
  local self = setmetatable({random = Random.new(seed), lines = {}, indent = 0, names = 0, variables = {}, classes = {}, rounds = 1, cost = 0}, G)
  self:program()
  return table.concat(self.lines, "\n")
end

return M
