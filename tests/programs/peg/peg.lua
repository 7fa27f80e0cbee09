-- A matcher of parsing expression grammars with coroutines (Ford 2004).
--
-- Patterns are values with operators: p * q sequence, p + q ordered choice, p ^ n at least n, p ^ -n at most n, -p not, #p and, p / f
-- capture through a function, table or string. A grammar may be written as text, whose own grammar is written with the operators. The
-- input may arrive in pieces: a matcher that runs out of input yields until there is more.

local peg = {}

----------------------------------------------------------------------------------------------------------------------------------
-- Input: text that may still grow. `at` waits for a byte.

local Input = {}
Input.__index = Input

function Input.whole(text)
  return setmetatable({text = text, closed = true, farthest = 1, waits = 0}, Input)
end

function Input.incremental()
  return setmetatable({text = "", closed = false, farthest = 1, waits = 0}, Input)
end

-- Whether there are `count` bytes from `position` on, waiting for them if they may come.
function Input:has(position, count)
  local last = position + count - 1
  while last > #self.text and not self.closed do
    self.waits = self.waits + 1
    local more = coroutine.yield(last - #self.text)
    if more then
      self.text = self.text .. more
    else
      self.closed = true
    end
  end
  if last > #self.text then
    return false
  end
  return true
end

function Input:fail(position)
  if position > self.farthest then
    self.farthest = position
  end
  return nil
end

function Input:line_and_column(position)
  local before = self.text:sub(1, position - 1)
  local _, lines = before:gsub("\n", "")
  return lines + 1, #before:match("[^\n]*$") + 1
end

----------------------------------------------------------------------------------------------------------------------------------
-- Patterns. `match(self, input, position, captures)` answers the position behind the match or nil; captures are appended to `captures`, a
-- list with field n, and dropped again by whoever backs up over them.

local Pattern = {__name = "pattern"}
Pattern.__index = Pattern

local function is_pattern(value)
  return getmetatable(value) == Pattern
end

local function new(kind, match, fields)
  fields = fields or {}
  fields.kind, fields.match = kind, match
  return setmetatable(fields, Pattern)
end

local function push(captures, ...)
  local n = captures.n
  for i = 1, select("#", ...) do
    captures[n + i] = (select(i, ...))
  end
  captures.n = n + select("#", ...)
end

local function cut(captures, n)
  for i = captures.n, n + 1, -1 do
    captures[i] = nil
  end
  captures.n = n
end

local function match_literal(self, input, position)
  local text = self.text
  if input:has(position, #text) and input.text:sub(position, position + #text - 1) == text then
    return position + #text
  end
  return input:fail(position)
end

local function match_any(self, input, position)
  if input:has(position, self.count) then
    return position + self.count
  end
  return input:fail(position)
end

local function match_set(self, input, position)
  if input:has(position, 1) and self.bytes[input.text:byte(position)] then
    return position + 1
  end
  return input:fail(position)
end

local function match_sequence(self, input, position, captures)
  for i = 1, rawlen(self) do
    local part = self[i]
    position = part:match(input, position, captures)
    if not position then
      return nil
    end
  end
  return position
end

local function match_choice(self, input, position, captures)
  local n = captures.n
  for i = 1, rawlen(self) do
    local stop = self[i]:match(input, position, captures)
    if stop then
      return stop
    end
    cut(captures, n)
  end
end

local function match_repeat(self, input, position, captures)
  local pattern, count = self[1], 0
  while count < self.most do
    local n = captures.n
    local stop = pattern:match(input, position, captures)
    if not stop then
      cut(captures, n)
      break
    end
    count = count + 1
    if stop == position and count >= self.least then
      error("loop body may accept the empty string", 0)
    end
    position = stop
  end
  if count >= self.least then
    return position
  end
end

local function match_not(self, input, position, captures)
  local n, farthest = captures.n, input.farthest
  local stop = self[1]:match(input, position, captures)
  cut(captures, n)
  input.farthest = farthest
  if stop then
    return input:fail(position)
  end
  return position
end

local function match_and(self, input, position, captures)
  local n = captures.n
  local stop = self[1]:match(input, position, captures)
  cut(captures, n)
  return stop and position
end

local match_true <const> = function(_, _, position) return position end
local match_false <const> = function(_, input, position) return input:fail(position) end

local function literal(value)
  if is_pattern(value) then
    return value
  elseif value == true then
    return new("true", match_true)
  elseif value == false then
    return new("false", match_false)
  elseif type(value) == "string" then
    return value == "" and new("true", match_true) or new("literal", match_literal, {text = value})
  elseif math.type(value) == "integer" then
    if value >= 0 then
      return value == 0 and new("true", match_true) or new("any", match_any, {count = value})
    end
    return -literal(-value)
  elseif type(value) == "table" then
    return peg.grammar(value)
  elseif type(value) == "function" then
    return new("function", function(_, input, position, captures)
      local results = table.pack(value(input.text, position))
      if not results[1] then return input:fail(position) end
      push(captures, table.unpack(results, 2, results.n))
      return results[1] == true and position or results[1]
    end)
  end
  error("no pattern: " .. type(value), 3)
end
peg.P = literal

function peg.S(characters)
  local bytes = {}
  for c in characters:gmatch(".") do bytes[c:byte()] = true end
  return new("set", match_set, {bytes = bytes})
end

function peg.R(...)
  local bytes = {}
  for _, range in ipairs {...} do
    for c = range:byte(1), range:byte(2) do bytes[c] = true end
  end
  return new("set", match_set, {bytes = bytes})
end

-- Sequences and choices are flat lists.
local function combine(kind, match, a, b)
  local fields = {}
  for _, side in ipairs {literal(a), literal(b)} do
    if side.kind == kind then
      table.move(side, 1, rawlen(side), #fields + 1, fields)
    else
      fields[#fields + 1] = side
    end
  end
  return new(kind, match, fields)
end

-- a b / a c  is  a (b / c): a matches once. Only for parts that are the same object, which come from a grammar's names and literals.
local function left_factor(a, b)
  if a.kind ~= "sequence" or b.kind ~= "sequence" or a[1] ~= b[1] then
    return nil
  end
  local function rest(sequence)
    return rawlen(sequence) == 2 and sequence[2] or new("sequence", match_sequence, table.move(sequence, 2, rawlen(sequence), 1, {}))
  end
  peg.factored = peg.factored + 1
  return a[1] * (rest(a) + rest(b))
end
peg.factored = 0

function Pattern.__mul(a, b) return combine("sequence", match_sequence, a, b) end

function Pattern.__add(a, b)
  a, b = literal(a), literal(b)
  if a.kind == "set" and b.kind == "set" then
    local bytes = {}
    for c in pairs(a.bytes) do bytes[c] = true end
    for c in pairs(b.bytes) do bytes[c] = true end
    return new("set", match_set, {bytes = bytes})
  end
  local last = a.kind == "choice" and a[rawlen(a)] or a
  local factored = left_factor(last, b)
  if factored then
    if a.kind ~= "choice" then return factored end
    local fields = table.move(a, 1, rawlen(a) - 1, 1, {})
    fields[#fields + 1] = factored
    return new("choice", match_choice, fields)
  end
  return combine("choice", match_choice, a, b)
end

function Pattern.__sub(a, b) return -literal(b) * literal(a) end

function Pattern.__unm(a) return new("not", match_not, {a}) end

function Pattern.__len(a) return new("and", match_and, {a}) end

function Pattern.__pow(a, n)
  if n >= 0 then
    return new("repeat", match_repeat, {a, least = n, most = math.huge})
  end
  return new("repeat", match_repeat, {a, least = 0, most = -n})
end

-- The text that matched, before the captures inside.
function peg.C(pattern)
  pattern = literal(pattern)
  return new("capture", function(_, input, position, captures)
    local n = captures.n
    push(captures, false)
    local stop = pattern:match(input, position, captures)
    if stop then
      captures[n + 1] = input.text:sub(position, stop - 1)
    end
    return stop
  end)
end

function peg.Cc(...)
  local values = table.pack(...)
  return new("constant", function(_, _, position, captures)
    push(captures, table.unpack(values, 1, values.n))
    return position
  end)
end

function peg.Cp()
  return new("position", function(_, _, position, captures)
    push(captures, position)
    return position
  end)
end

-- Replaces the captures inside by what `action` makes of them.
local function captured(pattern, action)
  pattern = literal(pattern)
  return new("action", function(_, input, position, captures)
    local n = captures.n
    local stop = pattern:match(input, position, captures)
    if not stop then return nil end
    local values = table.pack(table.unpack(captures, n + 1, captures.n))
    if values.n == 0 then
      values = {input.text:sub(position, stop - 1), n = 1}
    end
    cut(captures, n)
    push(captures, action(position, table.unpack(values, 1, values.n)))
    return stop
  end)
end

function Pattern.__div(pattern, action)
  if type(action) == "function" then
    return captured(pattern, function(_, ...) return action(...) end)
  elseif type(action) == "table" then
    return captured(pattern, function(_, key) return action[key] end)
  elseif math.type(action) == "integer" then
    return captured(pattern, function(_, ...) return (select(action, ...)) end)
  end
  return captured(pattern, function(_, ...)
    local values = table.pack(...)
    return (action:gsub("%%(%d)", function(digit) return tostring(values[tonumber(digit)]) end))
  end)
end

function peg.Ct(pattern)
  pattern = literal(pattern)
  return new("table", function(_, input, position, captures)
    local inner = {n = 0}
    local stop = pattern:match(input, position, inner)
    if stop then
      inner.n = nil
      push(captures, inner)
    end
    return stop
  end)
end

-- Folds the captures from the left: ((a f b) f c) f d.
function peg.Cf(pattern, f)
  return captured(pattern, function(_, first, ...)
    for i = 1, select("#", ...) do first = f(first, (select(i, ...))) end
    return first
  end)
end

-- A reference to a rule of the grammar around it. Rules are memoised per input and position (packrat), if the grammar wants it.
function peg.V(name)
  return new("rule", nil, {name = name})
end

local function resolve(pattern, rules, seen)
  if seen[pattern] then return end
  seen[pattern] = true
  if pattern.kind == "rule" and not pattern.match then
    local name = pattern.name
    local target = rules[name] or error("rule '" .. tostring(name) .. "' undefined", 0)
    pattern.match = function(_, input, position, captures)
      local depth = (input.depth or 0) + 1
      input.depth = depth
      if depth > 150 then error("grammar recurses too deep at rule '" .. tostring(name) .. "'", 0) end
      local stop = target:match(input, position, captures)
      input.depth = depth - 1
      return stop
    end
  end
  for _, part in ipairs(pattern) do resolve(part, rules, seen) end
  -- Patterns inside captures are upvalues; they were registered.
  for _, part in ipairs(pattern.parts or {}) do resolve(part, rules, seen) end
end

-- Captures keep what is inside them as a part, so that grammars can resolve it.
for _, name in ipairs {"C", "Ct"} do
  local make = peg[name]
  peg[name] = function(pattern)
    pattern = literal(pattern)
    local result = make(pattern)
    result.parts = {pattern}
    return result
  end
end
do
  local make = captured
  captured = function(pattern, action)
    pattern = literal(pattern)
    local result = make(pattern, action)
    result.parts = {pattern}
    return result
  end
end

-- {start name, name = pattern, ...}
function peg.grammar(rules)
  local patterns = {}
  for name, rule in pairs(rules) do
    if name ~= 1 then patterns[name] = literal(rule) end
  end
  local start = patterns[rules[1]] or error("no start rule '" .. tostring(rules[1]) .. "'", 0)
  local seen = {}
  for _, pattern in pairs(patterns) do resolve(pattern, patterns, seen) end
  return new("grammar", function(_, input, position, captures)
    return start:match(input, position, captures)
  end)
end

local function finish(input, stop, captures)
  if not stop then
    return nil, input.farthest
  elseif captures.n == 0 then
    return stop
  end
  return table.unpack(captures, 1, captures.n)
end

-- The captures of a match at `position`, or the position behind it; nil and the farthest position reached if there is none.
function peg.match(pattern, text, position)
  local input, captures = Input.whole(text), {n = 0}
  return finish(input, literal(pattern):match(input, position or 1, captures), captures)
end
Pattern.test = peg.match

-- A function to be fed with pieces of text and then nil; it answers "more" and how many bytes are needed at least, "done" and the
-- results, or "failed" and a position.
function peg.incremental(pattern)
  local input, captures = Input.incremental(), {n = 0}
  local co = coroutine.create(function()
    return "stop", pattern:match(input, 1, captures)
  end)
  return function(piece)
    local ok, state, stop
    if coroutine.status(co) == "dead" then error("the match is over", 2) end
    if not input.started then
      input.started = true
      input.text = piece or ""
      input.closed = piece == nil
      ok, state, stop = coroutine.resume(co)
    else
      ok, state, stop = coroutine.resume(co, piece)
    end
    if not ok then error(state, 0) end
    if state ~= "stop" then return "more", state end
    if not stop then return "failed", input.farthest end
    return "done", finish(input, stop, captures)
  end, input
end

----------------------------------------------------------------------------------------------------------------------------------
-- Grammars as text, in the notation of Ford and of LPeg's re: "a" 'a' [a-z] . ( ) {cap} {| table |} {} ? * + & ! / <- => name -> 'string'

local P, S, R, V, C, Ct, Cc, Cf, Cp = peg.P, peg.S, peg.R, peg.V, peg.C, peg.Ct, peg.Cc, peg.Cf, peg.Cp

local text_grammar
do
  local space = (S(" \t\r\n") + P("--") * (P(1) - S("\n")) ^ 0) ^ 0
  local function token(p) return literal(p) * space end
  local name = C(R("az", "AZ", "__") * R("az", "AZ", "09", "__") ^ 0) * space
  local arrow = token("<-")
  local shared = {} -- equal literals are one object, so that choices can be factored
  local function share(kind, key, make)
    key = kind .. key
    shared[key] = shared[key] or make()
    return shared[key]
  end
  local function string_pattern(text) return share("literal", text, function() return literal(text) end) end
  local function range(first, last) return R(first .. (last or first)) end
  local function class(negated, first, ...)
    local result = first
    for i = 1, select("#", ...) do result = result + select(i, ...) end
    return negated == "^" and P(1) - result or result
  end
  local function suffix(pattern, operator)
    if operator == "?" then return pattern ^ -1 end
    return pattern ^ (operator == "*" and 0 or 1)
  end
  local function prefix(operator, pattern)
    if operator == "" then return pattern end
    return operator == "&" and #pattern or -pattern
  end
  text_grammar = P {
    "grammar",
    grammar = space * Ct(Ct(name * arrow * V("choice")) ^ 1) * -P(1),
    choice = Cf(V("sequence") * (token("/") * V("sequence")) ^ 0, function(a, b) return a + b end),
    sequence = Cf(V("prefixed") * V("prefixed") ^ 0, function(a, b) return a * b end) + token("%e") * Cc(P(true)),
    prefixed = C(S("&!") ^ -1) * space * V("suffixed") / prefix,
    suffixed = Cf(V("primary") * (C(S("?*+")) * space + (token("->") * V("action"))) ^ 0, function(a, b)
      if type(b) == "string" then return suffix(a, b) end
      return b(a)
    end),
    action = (token("{}") * Cc(function(p) return Ct(p) end)) + V("quoted") / function(text) return function(p) return p / text end end
        + name / function(action) return function(p) return p / assert(peg.actions[action], action) end end,
    quoted = (P("'") * C((P(1) - P("'")) ^ 0) * P("'") + P('"') * C((P(1) - P('"')) ^ 0) * P('"')) * space,
    primary = V("quoted") / string_pattern + V("class") + token(".") * Cc(P(1)) + token("(") * V("choice") * token(")")
        + token("{|") * V("choice") * token("|}") / Ct + token("{}") * Cc(Cp()) + token("{") * V("choice") * token("}") / C
        + (name * -arrow) / function(n) return share("rule", n .. peg.unique, function() return V(n) end) end,
    class = P("[") * C(P("^") ^ -1) * ((C(P(1) - P("]")) * P("-") * C(P(1) - P("]")) + C(P(1) - P("]"))) / range) ^ 1 * token("]") / class,
  }
end

local compiled = 0
-- Returns the pattern of a grammar's text; `actions` are what `-> name` refers to.
function peg.compile(text, actions)
  peg.actions = actions or {}
  compiled = compiled + 1
  peg.unique = "#" .. compiled
  local input, captures = Input.whole(text), {n = 0}
  if not text_grammar:match(input, 1, captures) then
    error(string.format("grammar: syntax error at %d:%d", input:line_and_column(input.farthest)), 2)
  end
  local rules = {captures[1][1][1]}
  for _, rule in ipairs(captures[1]) do
    if rules[rule[1]] then error("grammar: rule '" .. rule[1] .. "' twice", 2) end
    rules[rule[1]] = rule[2]
  end
  return peg.grammar(rules)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Tests

local function show(value)
  if type(value) ~= "table" then return type(value) == "string" and string.format("%q", value) or tostring(value) end
  local parts, keys = {}, {}
  for i, item in ipairs(value) do parts[i] = show(item) end
  for key in pairs(value) do
    if type(key) == "string" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do parts[#parts + 1] = key .. "=" .. show(value[key]) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function report(...)
  local values = table.pack(...)
  for i = 1, values.n do values[i] = show(values[i]) end
  print(table.concat(values, " "))
end

print("== combinators")
local digit, letter = R("09"), R("az", "AZ")
report(peg.match(P("abc"), "abcd"))
report(peg.match(P("abd"), "abcd"))
report(peg.match(P(2), "ab"), peg.match(P(3), "ab"), peg.match(P(-1), ""), peg.match(P(-1), "a"))
report(peg.match(C(digit ^ 1), "123abc"), (peg.match(C(digit ^ 1), "abc")))
report(peg.match(C(digit ^ -2) * C(1), "123"))
report(peg.match((letter - S("aeiou")) ^ 0, "xyzabc"))
report(peg.match(#P("a") * C(2), "ab"), (peg.match(#P("b") * C(2), "ab")))
report(peg.match(Ct((C(letter ^ 1) * P(",") ^ -1) ^ 0), "one,two,three"))
report(peg.match(Cf((C(digit ^ 1) / tonumber) * (P("+") * (C(digit ^ 1) / tonumber)) ^ 0, function(a, b) return a + b end), "1+22+333"))
report(peg.match(C(letter ^ 1) * Cp() * P("=") * C(P(1) ^ 0) / "%2 is %1", "key=value"))
report(peg.match(C(P(1)) / {a = "first", b = 2}, "b"), (peg.match(C(P(1)) / {a = 1}, "x")))
report(peg.match(C(1) * C(1) * C(1) / 2, "xyz"))
report(peg.match(Cc(1, nil, "x") / function(...) return select("#", ...), ... end, ""))
report(pcall(peg.match, P("") ^ 0, "x"))
report(pcall(peg.match, (P("a") ^ 0) ^ 0, "aaa"))
report(pcall(function() return P {"S", S = V("T")} end))
report(pcall(function() return P {"S", T = P("x")} end))
report(pcall(function() return P(1.5) end))
report(pcall(peg.match, P {"S", S = V("S") * P("x") + P("x")}, "xx"))
report(peg.match(P(function(text, position) return text:sub(position, position) == "!" and position + 1, "bang" end), "!"))
local balanced = P {"B", B = P("(") * (V("B") + (P(1) - S("()"))) ^ 0 * P(")")}
report(peg.match(balanced, "(a(b)((c)))d"), (peg.match(balanced, "((a)")))

print("== arithmetic")
local function fold(left, operator, right)
  return {operator, left, right}
end
local function fold_list(first, ...)
  for i = 1, select("#", ...), 2 do
    local operator, right = select(i, ...)
    first = fold(first, operator, right)
  end
  return first
end
local arithmetic = peg.compile([[
  top     <- space expr !.
  expr    <- (term ({[+-]} space term)*) -> left
  term    <- (factor ({[*/%]} space factor)*) -> left
  factor  <- (unary '^' space factor) -> power / unary
  unary   <- ('-' space unary) -> negate / primary
  primary <- number / '(' space expr ')' space / call
  call    <- ({name} space '(' space (expr (',' space expr)*)? ')' space) -> call / ({name} space) -> variable
  number  <- {[0-9]+ ('.' [0-9]+)?} -> number space  -- comments are allowed
  name    <- [a-zA-Z_] [a-zA-Z_0-9]*
  space   <- [ ]*
]], {
  left = fold_list,
  power = function(base, exponent) return {"^", base, exponent} end,
  negate = function(operand) return {"neg", operand} end,
  call = function(name, ...) return {"call", name, ...} end,
  variable = function(name) return {"var", name} end,
  number = function(text) return math.tointeger(tonumber(text)) or tonumber(text) end,
})
local variables = {x = 5, y = 2.5, pi = math.pi}
local operators = {
  ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end,
  ["/"] = function(a, b) return a / b end, ["%"] = function(a, b) return a % b end, ["^"] = function(a, b) return a ^ b end,
  neg = function(a) return -a end,
}
local function evaluate(tree)
  if type(tree) ~= "table" then return tree end
  if tree[1] == "var" then return variables[tree[2]] or error({undefined = tree[2]}) end
  local args = {}
  if tree[1] == "call" then
    for i = 3, #tree do args[#args + 1] = evaluate(tree[i]) end
    return math[tree[2]](table.unpack(args))
  end
  for i = 2, #tree do args[i - 1] = evaluate(tree[i]) end
  return operators[tree[1]](table.unpack(args))
end
for _, text in ipairs {"1", "1+2*3", "(1+2)*3", "2^3^2", "-2^2", "10-4-3", "7 % 4 * 2", "x*y - 1", "max(1, x, 3) + floor(2.7)", "sqrt(16)/0.5", "1 + (2",
                       "1 +", "2 3", "", "z + 1", "((((((((((1))))))))))", "--3", "abs(-4)^0.5"} do
  local tree, where = peg.match(arithmetic, text)
  if tree == nil then
    report(text, "syntax error at", where)
  else
    local ok, value = pcall(evaluate, tree)
    report(text, tree, ok and value or value)
  end
end

print("== left factoring")
do
  local before = peg.factored
  local factored = peg.compile("s <- a 'x' / a 'y' / a 'z' / 'b' 'c' / 'b' 'd' a <- '(' a ')' / 'q'")
  print(peg.factored - before)
  for _, text in ipairs {"((q))x", "((q))z", "qy", "qw", "bc", "bd", "be"} do report(text, peg.match(factored, text)) end
end

print("== json")
local json = peg.compile([[
  json   <- ws value !.
  value  <- (object / array / string / number / 'true' -> yes / 'false' -> no / 'null' -> null) ws
  object <- ('{' ws (pair (',' ws pair)*)? '}') -> object
  pair   <- {| string ws ':' ws value |}
  array  <- {| '[' ws (value (',' ws value)*)? ']' |}
  string <- '"' { [^"]* } '"'
  number <- { '-'? [0-9]+ ('.' [0-9]+)? ([eE] [+-]? [0-9]+)? } -> number
  ws     <- [ 
]*
]], {
  yes = function() return true end, no = function() return false end, null = function() return "null" end, number = tonumber,
  object = function(...)
    local result = {}
    for _, pair in ipairs {...} do
      if type(pair) == "table" then result[pair[1]] = pair[2] end
    end
    return result
  end,
})
local document = '{"name": "peg", "list": [1, 2.5, -3e2, true, false, null, [], {}],\n "nested": {"a": {"b": ["c"]}}}'
report(peg.match(json, document))
report(peg.match(json, document:sub(1, -2)))
report(peg.match(json, "[1, 2"))

print("== incremental")
for _, size in ipairs {1, 3, 7, 1000} do
  local feed, input = peg.incremental(json)
  local pieces, state, result = 0, nil, nil
  for first = 1, #document, size do
    pieces = pieces + 1
    state, result = feed(document:sub(first, first + size - 1))
    if state ~= "more" then break end
  end
  assert(state == "more")
  state, result = feed(nil)
  print(size, pieces, input.waits, state, show(result) == show(peg.match(json, document)))
end
do
  local feed = peg.incremental(json)
  report(feed('{"a": '))
  report(feed("[1, x"))
  report(pcall(feed, "more"))
  -- Many matchers at once, fed in turns.
  local feeds, results = {}, {}
  for i = 1, 20 do feeds[i] = peg.incremental(arithmetic) end
  local texts = {}
  for i = 1, 20 do texts[i] = string.rep("(1+" .. i .. ")*2-", i % 4 + 1) .. i end
  for at = 1, 60 do
    for i = 1, 20 do
      if at <= #texts[i] then
        assert(feeds[i](texts[i]:sub(at, at)) == "more")
      elseif not results[i] then
        local state, tree = feeds[i](nil)
        results[i] = state == "done" and evaluate(tree) or state
      end
    end
  end
  for i = 1, 20 do assert(results[i] == load("return " .. texts[i])(), texts[i]) end
  print(table.concat(results, " "))
end

print("== the notation of grammars, in itself")
do
  local self_grammar = [==[
    grammar  <- space rule+ !.
    rule     <- name arrow choice
    choice   <- sequence ('/' space sequence)*
    sequence <- prefixed+ / '%e' space
    prefixed <- [&!]? space suffixed
    suffixed <- primary ([?*+] space / '->' space action)*
    action   <- '{}' space / quoted / name
    quoted   <- ("'" [^']* "'" / '"' [^"]* '"') space
    primary  <- quoted / class / '.' space / '(' space choice ')' space / '{|' space choice '|}' space / '{}' space
              / '{' space choice '}' space / name !arrow
    class    <- '[' '^'? (!']' . '-' !']' . / !']' .)+ ']' space
    name     <- [a-zA-Z_] [a-zA-Z_0-9]* space
    arrow    <- '<-' space
    space    <- ([ 	
] / '--' [^
]*)*
  ]==]
  local matcher = peg.compile(self_grammar)
  print(peg.match(matcher, self_grammar) == #self_grammar + 1)
  print(peg.match(matcher, "a <- 'b' / [c-d]* !. -> {}"), peg.match(matcher, "a <- "), peg.match(matcher, "a <- (b"))
  report(pcall(peg.compile, "a <- 'b'\nb <- )"))
  report(pcall(peg.compile, "a <- 'b' a <- 'c'"))
  report(pcall(peg.compile, "a <- b"))
end

print("== random texts")
do
  local seed = 11
  local function random(n)
    seed = (seed * 1664525 + 1013904223) % 4294967296
    return (seed // 65536) % n
  end
  local function make(depth)
    local choice = depth == 0 and 0 or random(5)
    if choice == 0 then return tostring(random(100))
    elseif choice == 1 then return "(" .. make(depth - 1) .. ")"
    elseif choice == 2 then return "-" .. make(0)
    end
    return make(depth - 1) .. " " .. ({"+", "-", "*", "/"})[random(4) + 1] .. " " .. make(depth - 1)
  end
  local sum, waits = 0.0, 0
  for _ = 1, 120 do
    local text = make(4)
    local tree = peg.match(arithmetic, text)
    local value, expected = evaluate(tree), load("return " .. text)()
    assert(value == expected or value ~= value and expected ~= expected, text)
    local feed, input = peg.incremental(arithmetic)
    for piece in text:gmatch("..?.?.?.?") do assert(feed(piece) == "more") end
    local state, again = feed(nil)
    assert(state == "done" and show(again) == show(tree))
    waits = waits + input.waits
    if value == value and math.abs(value) < 1e6 then sum = sum + value end
  end
  print(string.format("%.6f %d", sum, waits))
end
print("ok")
