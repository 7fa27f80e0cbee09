-- Walks a syntax tree and does what it says. Values, functions and coroutines are those of the runtime below, so that evaluated code and
-- other code can call each other.
--
-- A scope is a table from names to cells ({value}), whose metatable leads to the scope around it; each `local` makes a new scope, so that
-- closures see what they should. A statement answers nil, or a signal: "break", "return" with its values, "goto" with its label.

local evaluator = {}

local evaluate, evaluate_list, call

local function inner(scope)
  return setmetatable({}, {__index = scope})
end

local function bind(scope, name, value)
  local result = inner(scope)
  rawset(result, name, {value})
  return result
end

local binary = {
  ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end,
  ["/"] = function(a, b) return a / b end, ["//"] = function(a, b) return a // b end, ["%"] = function(a, b) return a % b end,
  ["^"] = function(a, b) return a ^ b end, [".."] = function(a, b) return a .. b end, ["&"] = function(a, b) return a & b end,
  ["|"] = function(a, b) return a | b end, ["~"] = function(a, b) return a ~ b end, ["<<"] = function(a, b) return a << b end,
  [">>"] = function(a, b) return a >> b end, ["=="] = function(a, b) return a == b end, ["~="] = function(a, b) return a ~= b end,
  ["<"] = function(a, b) return a < b end, ["<="] = function(a, b) return a <= b end, [">"] = function(a, b) return a > b end,
  [">="] = function(a, b) return a >= b end,
}
local unary = {
  ["-"] = function(a) return -a end, ["not"] = function(a) return not a end, ["#"] = function(a) return #a end,
  ["~"] = function(a) return ~a end,
}

local expressions = {}

expressions["nil"] = function() return nil end
expressions["true"] = function() return true end
expressions["false"] = function() return false end
function expressions.number(tree) return tree[1] end
function expressions.string(tree) return tree[1] end

function expressions.name(tree, scope)
  local cell = scope[tree[1]]
  if cell then
    return cell[1]
  end
  return scope._ENV[1][tree[1]]
end

function expressions.vararg(_, scope)
  local cell = scope["..."]
  return table.unpack(cell, 1, cell.n)
end

function expressions.paren(tree, scope)
  return (evaluate(tree[1], scope))
end

function expressions.index(tree, scope)
  return (evaluate(tree[1], scope))[(evaluate(tree[2], scope))]
end

function expressions.unary(tree, scope)
  return unary[tree[1]]((evaluate(tree[2], scope)))
end

function expressions.binary(tree, scope)
  local operator = tree[1]
  local left = (evaluate(tree[2], scope))
  if operator == "and" then
    return left and (evaluate(tree[3], scope))
  elseif operator == "or" then
    return left or (evaluate(tree[3], scope))
  end
  return binary[operator](left, (evaluate(tree[3], scope)))
end

function expressions.call(tree, scope)
  local f = evaluate(tree[1], scope)
  return call(f, evaluate_list(tree.args, scope))
end

function expressions.method(tree, scope)
  local object = evaluate(tree[1], scope)
  local args = evaluate_list(tree.args, scope, object)
  return call(object[tree[2]], args)
end

function expressions.table(tree, scope)
  local result, n = {}, 0
  for i, item in ipairs(tree) do
    if item.tag == "named" then
      result[item[1]] = (evaluate(item[2], scope))
    elseif item.tag == "keyed" then
      local key = (evaluate(item[1], scope))
      result[key] = (evaluate(item[2], scope))
    elseif i == #tree then
      local values = table.pack(evaluate(item[1], scope))
      table.move(values, 1, values.n, n + 1, result)
    else
      n = n + 1
      result[n] = (evaluate(item[1], scope))
    end
  end
  return result
end

local run_block

expressions["function"] = function(tree, scope)
  local params, body = tree.params, tree.body
  return function(...)
    local own = inner(scope)
    for i, name in ipairs(params) do
      rawset(own, name, {(select(i, ...))})
    end
    if tree.vararg then
      rawset(own, "...", table.pack(select(#params + 1, ...)))
    end
    local signal, values = run_block(body, own)
    if signal == "return" then
      return table.unpack(values, 1, values.n)
    end
  end
end

function evaluate(tree, scope)
  return expressions[tree.tag](tree, scope)
end

-- The values of a list of expressions, the last one with all of its values; `first` comes before them if given.
function evaluate_list(trees, scope, first)
  local values, n = {first}, first ~= nil and 1 or 0
  for i = 1, #trees - 1 do
    n = n + 1
    values[n] = (evaluate(trees[i], scope))
  end
  if #trees > 0 then
    local last = table.pack(evaluate(trees[#trees], scope))
    table.move(last, 1, last.n, n + 1, values)
    n = n + last.n
  end
  values.n = n
  return values
end

function call(f, values)
  return f(table.unpack(values, 1, values.n))
end

local function assign(target, scope, value)
  if target.tag == "name" then
    local cell = scope[target[1]]
    if cell then
      cell[1] = value
    else
      scope._ENV[1][target[1]] = value
    end
  else
    (evaluate(target[1], scope))[(evaluate(target[2], scope))] = value
  end
end

local statements = {}

function statements.do_call(tree, scope)
  evaluate(tree[1], scope)
end

function statements.assign(tree, scope)
  local targets = tree.targets
  if #targets == 1 then
    return assign(targets[1], scope, (evaluate(tree.values[1], scope)))
  end
  local values = evaluate_list(tree.values, scope)
  for i = #targets, 1, -1 do
    assign(targets[i], scope, values[i])
  end
end

statements["if"] = function(tree, scope)
  for _, branch in ipairs(tree) do
    if evaluate(branch[1], scope) then
      return run_block(branch[2], scope)
    end
  end
  if tree.otherwise then
    return run_block(tree.otherwise, scope)
  end
end

statements["while"] = function(tree, scope)
  while evaluate(tree[1], scope) do
    local signal, values = run_block(tree[2], scope)
    if signal == "break" then
      break
    elseif signal then
      return signal, values
    end
  end
end

statements["repeat"] = function(tree, scope)
  repeat
    local done = false
    local signal, values = run_block(tree[1], scope, function(inside)
      done = evaluate(tree[2], inside)
    end)
    if signal == "break" then
      break
    elseif signal then
      return signal, values
    end
  until done
end

statements["do"] = function(tree, scope)
  return run_block(tree[1], scope)
end

function statements.numeric_for(tree, scope)
  local range = evaluate_list(tree.range, scope)
  for i = range[1], range[2], range.n > 2 and range[3] or 1 do
    local signal, values = run_block(tree.body, bind(scope, tree[1], i))
    if signal == "break" then
      break
    elseif signal then
      return signal, values
    end
  end
end

function statements.generic_for(tree, scope)
  local init = evaluate_list(tree.values, scope)
  local f, state, control = init[1], init[2], init[3]
  local _ <close> = init[4]
  while true do
    local values = table.pack(f(state, control))
    control = values[1]
    if control == nil then
      break
    end
    local own = inner(scope)
    for i, name in ipairs(tree.names) do
      rawset(own, name, {values[i]})
    end
    local signal, results = run_block(tree.body, own)
    if signal == "break" then
      break
    elseif signal then
      return signal, results
    end
  end
end

statements["return"] = function(tree, scope)
  return "return", evaluate_list(tree, scope)
end
statements["break"] = function() return "break" end
statements["goto"] = function(tree) return "goto", tree[1] end

-- Runs a block's statements from `first` on; `at_end` is called with the innermost scope when it runs to its end.
function run_block(block, scope, at_end, first)
  local i = first or 1
  local label_scopes = {}
  while i <= #block do
    local tree = block[i]
    local tag = tree.tag
    local signal, values
    if tag == "label" then
      label_scopes[tree[1]] = scope
    elseif tag == "local_function" then
      scope = bind(scope, tree[1])
      scope[tree[1]][1] = evaluate(tree[2], scope)
    elseif tag == "local" then
      local list = evaluate_list(tree.values, scope)
      local own = inner(scope)
      local closing
      for k, name in ipairs(tree.names) do
        rawset(own, name, {list[k]})
        closing = closing or tree.attributes[k] == "close" and k
      end
      scope = own
      if closing then
        -- The rest of the block runs inside the life of the variable.
        local _ <close> = list[closing]
        signal, values = run_block(block, scope, at_end, i + 1)
        at_end = nil
        i = #block
      end
    else
      signal, values = statements[tag](tree, scope)
    end
    i = i + 1
    if signal == "goto" then
      for k = first or 1, #block do
        if block[k].tag == "label" and block[k][1] == values then
          i, signal = k, nil
          scope = label_scopes[values] or scope
          break
        end
      end
    end
    if signal then
      return signal, values
    end
  end
  if at_end then
    at_end(scope)
  end
end

-- Returns a function that runs a tree as a chunk with the globals given.
function evaluator.chunk(tree, env)
  return function(...)
    local scope = {_ENV = {env}, ["..."] = table.pack(...)}
    local signal, values = run_block(tree, scope)
    if signal == "return" then
      return table.unpack(values, 1, values.n)
    end
  end
end

return evaluator
