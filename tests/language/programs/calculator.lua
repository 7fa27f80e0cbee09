-- A recursive descent parser and evaluator of expressions, with errors.

local function calculator(env)
  local src, pos, tok, val
  local function fail(m) error(("%s near %s"):format(m, tok or "end"), 0) end
  local function advance()
    pos = src:match("^%s*()", pos)
    local n, stop = src:match("^(%d+%.?%d*)()", pos)
    if n then tok, val, pos = "number", tonumber(n), stop return end
    n, stop = src:match("^(%a%w*)()", pos)
    if n then tok, val, pos = "name", n, stop return end
    tok, pos = src:sub(pos, pos), pos + 1
    if tok == "" then tok = nil end
  end
  local expr
  local function primary()
    local t, v = tok, val
    advance()
    if t == "number" then return v
    elseif t == "name" then
      if tok == "(" then
        local args = {}
        repeat
          advance()
          args[#args + 1] = expr(1)
        until tok ~= ","
        if tok ~= ")" then fail("expected )") end
        advance()
        local f = env[v]
        if type(f) ~= "function" then error("unknown function " .. v, 0) end
        return f(table.unpack(args))
      end
      if env[v] == nil then error("undefined " .. v, 0) end
      return env[v]
    elseif t == "(" then
      v = expr(1)
      if tok ~= ")" then fail("expected )") end
      advance()
      return v
    elseif t == "-" then return -expr(4)
    end
    tok = t
    fail("unexpected symbol")
  end
  local binary = {
    ["+"] = { 1, 2, function(a, b) return a + b end }, ["-"] = { 1, 2, function(a, b) return a - b end },
    ["*"] = { 2, 3, function(a, b) return a * b end }, ["/"] = { 2, 3, function(a, b) return a / b end },
    ["%"] = { 2, 3, function(a, b) return a % b end }, ["^"] = { 5, 5, function(a, b) return a ^ b end },
  }
  function expr(limit)
    local left = primary()
    while binary[tok] and binary[tok][1] >= limit do
      local op = binary[tok]
      advance()
      left = op[3](left, expr(op[2]))
    end
    return left
  end
  return function(s)
    src, pos = s, 1
    advance()
    local name = src:match("^%s*(%a%w*)%s*=")
    if name then
      advance()
      advance()
      env[name] = expr(1)
      if tok then fail("unexpected symbol") end
      return env[name]
    end
    local v = expr(1)
    if tok then fail("unexpected symbol") end
    return v
  end
end
local calc = calculator({ max = math.max, sqrt = math.sqrt, pi = 3 })
for _ = 1, 100 do
  assert(calc("1 + 2 * 3") == 7 and calc("(1 + 2) * 3") == 9 and calc("2 ^ 3 ^ 2") == 512 and calc("-2 ^ 2") == -4)
  assert(calc("10 - 4 - 3") == 3 and calc("7 % 4 * 2") == 6 and calc("max(1, 5, 3) + sqrt(16)") == 9 and calc("x = pi * 2") == 6 and calc("x + 1") == 7)
end
print(calc("8 / 2 / 2"), calc("1.5 * 4"))       -- expect: 2.0	6.0
print(pcall(calc, "1 +"))                       -- expect: false	unexpected symbol near end
print(pcall(calc, "(1 + 2"))                    -- expect: false	expected ) near end
print(pcall(calc, "1 2"))                       -- expect: false	unexpected symbol near number
print(pcall(calc, "nothing + 1"))               -- expect: false	undefined nothing
print(pcall(calc, "foo(1)"))                    -- expect: false	unknown function foo
print(pcall(calc, "1 % 0"))                     -- expect: false	tests/language/programs/calculator.lua:48: attempt to perform 'n%0'
print(pcall(calc, "* 2"))                       -- expect: false	unexpected symbol near *
