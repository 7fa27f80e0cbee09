-- deltablue: measures method calls on many small objects, inheritance, and
-- arrays that grow and shrink: an incremental solver of one-way constraints.
-- Source: the algorithm of Freeman-Benson, Maloney and Borning (CACM 33(1), 1990),
-- with the two problems of its well-known benchmark; written anew for this suite.
-- arg[1]: length of the chains (default 12000, quick 2500)

local n = tonumber(arg and arg[1]) or 12000

local function class(parent)
  local c = {}
  c.__index = c
  return parent and setmetatable(c, parent) or c
end

-- ---- strengths: the smaller, the stronger

local REQUIRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = 0, 2, 3, 4, 5, 6

-- ---- variables

local Variable = class()
function Variable.new(value)
  return setmetatable({ value = value, constraints = {}, determined_by = nil, mark = 0, strength = WEAKEST, stay = true }, Variable)
end
function Variable:add(constraint) self.constraints[#self.constraints + 1] = constraint end
function Variable:remove(constraint)
  local list = self.constraints
  for i = 1, #list do
    if list[i] == constraint then
      table.remove(list, i)
      break
    end
  end
  if self.determined_by == constraint then self.determined_by = nil end
end

-- ---- constraints: what all have in common

local planner

local Constraint = class()
function Constraint:install()
  self:add_to_graph()
  planner:incremental_add(self)
end
function Constraint:uninstall()
  if self:satisfied() then
    planner:incremental_remove(self)
  else
    self:remove_from_graph()
  end
end
function Constraint:is_input() return false end
-- Enforces it if a way is found; answers the constraint that it overrides, if any.
function Constraint:satisfy(mark)
  self:choose(mark)
  if not self:satisfied() then
    assert(self.strength ~= REQUIRED, "a required constraint fails")
    return nil
  end
  self:mark_inputs(mark)
  local out = self:output()
  local overridden = out.determined_by
  if overridden then overridden:unsatisfy() end
  out.determined_by = self
  assert(planner:propagate(self, mark), "a cycle")
  out.mark = mark
  return overridden
end

-- ---- on one variable

local Unary = class(Constraint)
function Unary.new(kind, variable, strength)
  local self = setmetatable({ variable = variable, strength = strength, enforced = false }, kind)
  self:install()
  return self
end
function Unary:add_to_graph()
  self.variable:add(self)
  self.enforced = false
end
function Unary:remove_from_graph()
  self.variable:remove(self)
  self.enforced = false
end
function Unary:choose(mark) self.enforced = self.variable.mark ~= mark and self.strength < self.variable.strength end
function Unary:satisfied() return self.enforced end
function Unary:unsatisfy() self.enforced = false end
function Unary:output() return self.variable end
function Unary:mark_inputs() end
function Unary:inputs_known() return true end
function Unary:recalculate()
  local out = self.variable
  out.strength = self.strength
  out.stay = not self:is_input()
  if out.stay then self:execute() end
end

local Stay = class(Unary)
function Stay:execute() end

local Edit = class(Unary)
function Edit:is_input() return true end
function Edit:execute() end

-- ---- between two: which way it is enforced is chosen anew each time

local Binary = class(Constraint)
function Binary:start(v1, v2, strength)
  self.v1, self.v2, self.strength, self.way = v1, v2, strength, nil
  self:install()
  return self
end
function Binary:add_to_graph()
  self.v1:add(self)
  self.v2:add(self)
  self.way = nil
end
function Binary:remove_from_graph()
  self.v1:remove(self)
  self.v2:remove(self)
  self.way = nil
end
function Binary:choose(mark)
  local v1, v2, strength = self.v1, self.v2, self.strength
  if v1.mark == mark then
    self.way = v2.mark ~= mark and strength < v2.strength and "forward" or nil
  elseif v2.mark == mark then
    self.way = strength < v1.strength and "backward" or nil
  elseif v1.strength > v2.strength then
    self.way = strength < v1.strength and "backward" or nil
  else
    self.way = strength < v2.strength and "forward" or nil
  end
end
function Binary:satisfied() return self.way ~= nil end
function Binary:unsatisfy() self.way = nil end
function Binary:input() return self.way == "forward" and self.v1 or self.v2 end
function Binary:output() return self.way == "forward" and self.v2 or self.v1 end
function Binary:mark_inputs(mark) self:input().mark = mark end
function Binary:inputs_known(mark)
  local i = self:input()
  return i.mark == mark or i.stay or i.determined_by == nil
end
function Binary:recalculate()
  local i, out = self:input(), self:output()
  out.strength = math.max(self.strength, i.strength)
  out.stay = i.stay
  if out.stay then self:execute() end
end

local Equal = class(Binary)
function Equal.new(v1, v2, strength) return setmetatable({}, Equal):start(v1, v2, strength) end
function Equal:execute() self:output().value = self:input().value end

-- v2 = v1 * scale + offset
local Scale = class(Binary)
function Scale.new(v1, scale, offset, v2, strength)
  return setmetatable({ scale = scale, offset = offset }, Scale):start(v1, v2, strength)
end
function Scale:add_to_graph()
  Binary.add_to_graph(self)
  self.scale:add(self)
  self.offset:add(self)
end
function Scale:remove_from_graph()
  Binary.remove_from_graph(self)
  self.scale:remove(self)
  self.offset:remove(self)
end
function Scale:mark_inputs(mark)
  Binary.mark_inputs(self, mark)
  self.scale.mark, self.offset.mark = mark, mark
end
function Scale:execute()
  if self.way == "forward" then
    self.v2.value = self.v1.value * self.scale.value + self.offset.value
  else
    self.v1.value = (self.v2.value - self.offset.value) / self.scale.value
  end
end
function Scale:recalculate()
  local i, out = self:input(), self:output()
  out.strength = math.max(self.strength, i.strength)
  out.stay = i.stay and self.scale.stay and self.offset.stay
  if out.stay then self:execute() end
end

-- ---- the planner

local Planner = class()
function Planner.new() return setmetatable({ mark = 0 }, Planner) end
function Planner:next_mark()
  self.mark = self.mark + 1
  return self.mark
end
function Planner:incremental_add(constraint)
  local mark = self:next_mark()
  local overridden = constraint:satisfy(mark)
  while overridden do overridden = overridden:satisfy(mark) end
end
function Planner:incremental_remove(constraint)
  local out = constraint:output()
  constraint:unsatisfy()
  constraint:remove_from_graph()
  local unsatisfied = self:remove_propagate_from(out)
  for strength = REQUIRED, WEAKEST do
    for _, u in ipairs(unsatisfied) do
      if u.strength == strength then self:incremental_add(u) end
    end
  end
end
local function consumers(variable, list)
  for _, c in ipairs(variable.constraints) do
    if c ~= variable.determined_by and c:satisfied() then list[#list + 1] = c end
  end
end
function Planner:propagate(constraint, mark)
  local todo = { constraint }
  while #todo > 0 do
    local c = table.remove(todo)
    local out = c:output()
    if out.mark == mark and c ~= constraint then
      self:incremental_remove(constraint)
      return false
    end
    c:recalculate()
    consumers(out, todo)
  end
  return true
end
function Planner:remove_propagate_from(out)
  out.determined_by, out.strength, out.stay = nil, WEAKEST, true
  local unsatisfied, todo = {}, { out }
  while #todo > 0 do
    local v = table.remove(todo)
    for _, c in ipairs(v.constraints) do
      if not c:satisfied() then unsatisfied[#unsatisfied + 1] = c end
    end
    local next_ones = {}
    consumers(v, next_ones)
    for _, c in ipairs(next_ones) do
      c:recalculate()
      todo[#todo + 1] = c:output()
    end
  end
  return unsatisfied
end
-- What to execute, in order, when the inputs of `constraints` change.
function Planner:plan(constraints)
  local mark = self:next_mark()
  local plan, todo = {}, {}
  for _, c in ipairs(constraints) do
    if c:is_input() and c:satisfied() then todo[#todo + 1] = c end
  end
  while #todo > 0 do
    local c = table.remove(todo)
    local out = c:output()
    if out.mark ~= mark and c:inputs_known(mark) then
      plan[#plan + 1] = c
      out.mark = mark
      consumers(out, todo)
    end
  end
  return plan
end
local function execute(plan)
  for i = 1, #plan do plan[i]:execute() end
end

-- ---- the problems

-- A chain of equalities: the value at one end must arrive at the other.
local function chain(length)
  planner = Planner.new()
  local first = Variable.new(0)
  local last = first
  for _ = 1, length do
    local v = Variable.new(0)
    Equal.new(last, v, REQUIRED)
    last = v
  end
  Unary.new(Stay, last, STRONG_DEFAULT)
  local edit = Unary.new(Edit, first, PREFERRED)
  local plan = planner:plan({ edit })
  local sum = 0
  for i = 1, 20 do
    first.value = i
    execute(plan)
    assert(last.value == i)
    sum = sum + last.value
  end
  edit:uninstall()
  return #plan, sum
end

local function change(variable, value)
  local edit = Unary.new(Edit, variable, PREFERRED)
  local plan = planner:plan({ edit })
  for _ = 1, 5 do
    variable.value = value
    execute(plan)
  end
  edit:uninstall()
end

-- Many pairs tied by one scale and offset: a change of these moves all, a change of one pair moves back through them.
local function projection(count)
  planner = Planner.new()
  local scale, offset = Variable.new(10), Variable.new(1000)
  local sources, targets = {}, {}
  for i = 1, count do
    sources[i], targets[i] = Variable.new(i), Variable.new(i)
    Unary.new(Stay, sources[i], NORMAL)
    Scale.new(sources[i], scale, offset, targets[i], REQUIRED)
  end
  change(sources[count], 17)
  assert(targets[count].value == 1170)
  change(targets[count], 1050)
  assert(sources[count].value == 5)
  change(scale, 5)
  for i = 1, count - 1 do assert(targets[i].value == sources[i].value * 5 + 1000) end
  change(offset, 2000)
  local sum = 0
  for i = 1, count do
    assert(i == count or targets[i].value == sources[i].value * 5 + 2000)
    sum = sum + targets[i].value
  end
  return sum
end

local plan_size, sum = chain(n)
print(plan_size, sum)
print(string.format("%.1f", projection(n)))
