-- Random statements. Like expressions, they raise no error but in what `wild` is for.

local Statements = {}

function Statements.install(G)
  -- ---- Simple ones.

  local simple, compound = {}, {}

  -- A value for a variable of the kind, not ever longer.
  local function value(g, kind, depth)
    local text = g:expr(kind, depth)
    return kind == "str" and "cut(" .. text .. ")" or text
  end

  local kKinds = {"int", "int", "flt", "str", "bool", "seq", "obj", "any", "num"}

  function simple.declare(g)
    local kind = g.random:pick(kKinds)
    local text = value(g, kind, 3)
    if g.random:once_in(6) and kind ~= "seq" then
      g:emit("local " .. g:declare(kind, nil, {constant = true}) .. " <const> = " .. text)
    else
      g:emit("local " .. g:declare(kind) .. " = " .. text)
    end
  end

  function simple.declare_many(g)
    local a, b = g.random:pick(kKinds), g.random:pick(kKinds)
    local values = value(g, a, 2) .. ", " .. value(g, b, 2)
    local names = g:declare(a) .. ", " .. g:declare(b)
    if g.random:once_in(3) then names = names .. ", " .. g:declare("any") end
    g:emit("local " .. names .. " = " .. values)
  end

  function simple.assign(g)
    local kind = g.random:pick {"int", "int", "int", "flt", "str", "bool", "any", "num", "obj"}
    local names = g:assignable(kind)
    if #names == 0 then return simple.declare(g) end
    g:emit(g.random:pick(names) .. " = " .. value(g, kind, 3))
  end

  function simple.swap(g)
    local names = g:assignable(g.random:pick {"int", "flt", "str", "any", "obj"})
    if #names < 2 then return simple.assign(g) end
    local a, b = g.random:pick(names), g.random:pick(names)
    if a == b then return simple.assign(g) end
    g:emit(a .. ", " .. b .. " = " .. b .. ", " .. a)
  end

  function simple.element(g)
    local names = g:visible("seq")
    if #names == 0 then return simple.declare(g) end
    local s = g.random:pick(names)
    g:emit(g.random:pick {
      s .. "[#" .. s .. " + 1] = " .. g:expr("int", 2), s .. "[#" .. s .. "] = #" .. s .. " > 0 and " .. g:expr("int", 2) .. " or nil",
      "table.insert(" .. s .. ", " .. g:expr("int", 2) .. ")", "table.insert(" .. s .. ", 1, " .. g:expr("int", 2) .. ")", "table.remove(" .. s .. ")",
      "table.remove(" .. s .. ", #" .. s .. " > 0 and 1 or nil)", "if " .. s .. "[1] then " .. s .. "[1] = " .. s .. "[1] + " .. g:expr("int", 1) .. " end",
      s .. ".x = " .. g:expr("int", 2), s .. "[" .. g.random:pick {"0", "-1", "0.5", "true", "'k'", "2^60", "-0.0"} .. "] = " .. g:expr("any", 1),
      "if #" .. s .. " > 20 then " .. s .. " = {" .. s .. "[1]} end", "for k = 1, #" .. s .. " do " .. s .. "[k] = " .. s .. "[k] " .. g.random:pick {"+ 1", "* 2", "~ k", "// 3"} .. " end",
    })
  end
  -- A constant or shadowed sequence cannot be replaced.
  local replace = simple.element
  function simple.element(g)
    local line = #g.lines
    replace(g)
    local name = g.lines[line + 1] and g.lines[line + 1]:match("> 20 then (%w+) = ")
    if name then
      for _, other in ipairs(g:assignable("seq")) do
        if other == name then return end
      end
      g.lines[line + 1] = nil
      simple.declare(g)
    end
  end

  function simple.field(g)
    local names = g:visible("obj")
    if #names == 0 then return simple.declare(g) end
    local o = g.random:pick(names)
    local key = g.random:pick {".v", ".w", ".x", ".count", "['a b']", "[1]", "[2]", "[0]", "[-3]"}
    g:emit(g.random:pick {
      o .. ".v = " .. g:expr("int", 2), o .. key .. " = " .. g:expr("int", 2), o .. ".v = " .. o .. ".v + " .. g:expr("int", 1),
      o .. ":set(" .. g:expr("int", 2) .. ")", "rawset(" .. o .. ", 'raw', " .. g:expr("any", 1) .. ")",
    })
  end

  function simple.global(g)
    local name = "G" .. g.random:between(1, 3)
    g:emit(g.random:pick {name .. " = " .. g:expr("int", 2), name .. " = (" .. name .. " or 0) + 1", "P(" .. name .. ")", name .. " = val(" .. name .. ") ~ " .. g:expr("int", 1)})
  end

  -- Traces values, but not in long loops.
  function simple.trace(g)
    if g.rounds > 12 or g.in_function and g.rounds > 1 then return simple.assign(g) end
    g:emit("P(" .. g:list(g.random:pick {"int", "flt", "str", "any", "bool", "num"}, g.random:between(1, 4), 3) .. ")")
  end

  function simple.trace_all(g)
    if g.rounds > 6 or g.in_function then return simple.assign(g) end
    local names = {}
    for _, kind in ipairs {"int", "str", "seq", "any"} do
      local some = g:visible(kind)
      for i = 1, math.min(#some, 3) do names[#names + 1] = some[i] end
    end
    if #names > 0 then g:emit("P(" .. table.concat(names, ", ") .. ")") end
  end

  -- What may raise an error, told.
  function simple.wild(g)
    if g.rounds > 12 then return simple.assign(g) end
    local depth = g.random:between(1, 4)
    g:emit(g.random:pick {
      "P(pcall(function() return " .. g:wild(depth) .. " end))", "P(pcall(function() local x = " .. g:wild(depth) .. " return x end))",
      "P(pcall(function() local x <const> = " .. g:wild(1) .. " return " .. g:wild(depth) .. " end))",
      "P(xpcall(function() return " .. g:wild(depth) .. " end, function(m) return 'handled', m end))",
      "P(pcall(function() if " .. g:wild(depth) .. " then return 'yes' end return 'no' end))",
      "P(select(2, pcall(function() return (" .. g:wild(depth) .. ").x.y end)))",
    })
  end

  function simple.wild_assign(g)
    if g.rounds > 12 then return simple.assign(g) end
    local t = g.random:pick {"t", "t.a", "t[1]"}
    local key = g.random:pick {".x", "[1]", "[" .. g:wild(1) .. "]", ".x.y", "['a b']"}
    g:emit("P(pcall(function() local t = {a = {}, 5} " .. t .. key .. " = " .. g:wild(2) .. " return t end))")
  end

  function simple.raise(g)
    if g.rounds > 12 then return simple.assign(g) end
    local what = g.random:pick {"'message'", "'message', 2", "'message', 0", "{1, 2}", "nil", "42", "2.5", "true", "cut(" .. g:expr("str", 1) .. ")"}
    g:emit(g.random:pick {
      "P(pcall(error, " .. what .. "))", "P(pcall(function() error(" .. what .. ") end))", "P(pcall(function() local function f() error(" .. what .. ") end f() end))",
      "P(pcall(function() local ok, e = pcall(function() error(" .. what .. ") end) error(e, 0) end))",
      "P(xpcall(function() error(" .. what .. ") end, function(m) return type(m) end))", "P(pcall(assert, " .. g:expr("bool", 1) .. ", 'asserted'))",
      "P(pcall(function() assert(" .. g:expr("any", 1) .. ") end))",
    })
  end

  function simple.division(g)
    if g.rounds > 12 then return simple.assign(g) end
    g:emit("P(pcall(function() return " .. g:expr("int", 2) .. g.random:pick {" // ", " % "} .. g:expr("int", 2) .. " end))")
  end

  function simple.call_wildly(g)
    local functions = g:select(function(v) return v.kind == "function" end)
    if #functions == 0 or g.rounds > 12 then return simple.assign(g) end
    local f = g.random:pick(functions)
    if f.recursive or not g:afford(f.cost) then return simple.assign(g) end
    local arguments = {}
    for i = 1, g.random:between(0, #f.parameters + 1) do arguments[i] = "N(" .. g:wild(1) .. ")" end
    g:emit("P(pcall(function() return " .. f.name .. "(" .. table.concat(arguments, ", ") .. ") end))")
  end

  function simple.varargs(g)
    if g.rounds > 12 then return simple.assign(g) end
    local inner = g.random:pick {"...", "(...)", "..., 1", "1, ...", "select(2, ...)", "select('#', ...)", "table.unpack({...})", "#{...}", "{...}", "select(-1, 0, ...)"}
    g:emit("P((function(" .. g.random:pick {"...", "a, ...", "a, b, ..."} .. ") return " .. inner .. " end)(" .. g:list("any", g.random:between(0, 4), 1) .. "))")
  end

  function simple.sort(g)
    local names = g:visible("seq")
    if #names == 0 or not g:afford(40) then return simple.declare(g) end
    local s = g.random:pick(names)
    g:emit(g.random:pick {"table.sort(" .. s .. ")", "table.sort(" .. s .. ", function(a, b) return a > b end)", "table.sort(" .. s .. ", function(a, b) return (a & 255) < (b & 255) end)"})
  end

  function simple.load(g)
    if g.rounds > 3 then return simple.assign(g) end
    g:emit("P(load(\"local a, b = ... return a " .. g.random:pick {"+", "-", "*", "//", "&", "..", "==", "<"} .. " b, a\")(" .. g:expr("int", 1) .. ", 3))")
  end

  function simple.collect(g)
    if g.rounds > 12 then return simple.assign(g) end
    g:emit(g.random:pick {"collectgarbage()", "collectgarbage('step')"})
  end

  function simple.tail_calls(g)
    if not g:afford(200) then return simple.assign(g) end
    local initial = g:expr("int", 1)
    local name = g:declare("int")
    g:emit("local " .. name .. " = " .. initial .. " do local function go(n, a) if n == 0 then return a end return go(n - 1, " ..
           g.random:pick {"a + n", "a ~ n", "a * 3 + 1", "n % 2 == 0 and a or a - n", "val(a) | n"} .. ") end " .. name .. " = go(" ..
           g.random:pick {"5", "50", "200"} .. ", " .. name .. ") end")
  end

  -- ---- Those with blocks.

  -- Rounds of a loop here.
  local function rounds(g) return g.random:between(0, g.rounds > 5 and 3 or 7) end

  -- break and goto continue, at the ends of blocks in loops.
  local function leave(g)
    if not g.loop or g.loop.closes or not g.random:once_in(3) then return end
    g:emit("if " .. g:expr("bool", 2) .. " then " .. (g.random:once_in(2) and "break" or "goto " .. g.loop.label) .. " end")
    g.loop.used = true
  end

  -- A loop's block between two lines; `declare` is called in it before anything else.
  local function loop(g, head, tail, count, declare)
    g:emit(head)
    g:block(function()
      g.names = g.names + 1
      g.loop.label = "l" .. g.names
      if declare then declare() end
      g:emit("do")
      g:block(function()
        g:statements(g.random:between(1, 3), 1)
        leave(g)
        g:statements(1, 0)
      end)
      g:emit("end")
      if g.loop.used then g:emit("::" .. g.loop.label .. "::") end
    end, count)
    g:emit(tail)
  end

  local function declare_loop_variable(g, name, kind) g.variables[#g.variables + 1] = {name = name, kind = kind} end

  local function fresh(g, prefix)
    g.names = g.names + 1
    return prefix .. g.names
  end

  function compound.branch(g)
    g:emit("if " .. g:expr("bool", 3) .. " then")
    g:block(function() g:statements(g.random:between(1, 3), 1) end)
    if g.random:once_in(3) then
      g:emit("elseif " .. g:expr("any", 2) .. " then")
      g:block(function() g:statements(g.random:between(1, 2), 1) end)
    end
    if g.random:once_in(2) then
      g:emit("else")
      g:block(function() g:statements(g.random:between(1, 2), 1) end)
    end
    g:emit("end")
  end

  function compound.numeric_for(g)
    local name, n = fresh(g, "k"), rounds(g)
    local low = g.random:between(-3, 5)
    loop(g, ("for %s = %d, %d do"):format(name, low, low + n - 1), "end", n, function() declare_loop_variable(g, name, "int") end)
  end

  local kOddLoops = {
    {"math.maxinteger - 2, math.maxinteger", 3, "int"}, {"math.mininteger, math.mininteger + 2", 3, "int"}, {"math.mininteger + 2, math.mininteger, -1", 3, "int"},
    {"1, 3.9", 3, "int"}, {"3, 0.5, -1", 3, "int"}, {"1.0, 3", 3, "flt"}, {"1, 2, 0.25", 5, "flt"}, {"0.1, 0.35, 0.1", 3, "flt"}, {"1, 0", 0, "int"},
    {"3, 1", 0, "int"}, {"1, math.huge, 1 << 61", 4, "int"}, {"-1, -math.huge, -(1 << 61)", 5, "int"}, {"1, -math.huge", 0, "int"},
    {"10, 1, -4", 3, "int"}, {"math.maxinteger, math.maxinteger + 1.0", 1, "int"}, {"1.5, -1.5, -1", 4, "flt"},
    {"math.mininteger, math.maxinteger, math.maxinteger", 3, "int"}, {"-0.0, 0", 1, "flt"}, {"1, 0/0", 0, "int"}, {"math.huge, 1", 0, "flt"},
  }

  function compound.odd_for(g)
    local name, odd = fresh(g, "k"), g.random:pick(kOddLoops)
    loop(g, "for " .. name .. " = " .. odd[1] .. " do", "end", odd[2], function() declare_loop_variable(g, name, odd[3]) end)
  end

  function compound.computed_for(g)
    local name = fresh(g, "k")
    loop(g, "for " .. name .. " = 1, " .. g:expr("int", 2) .. " & 3 do", "end", 3, function() declare_loop_variable(g, name, "int") end)
  end

  function compound.while_loop(g)
    local name, n = fresh(g, "w"), rounds(g)
    g:emit("local " .. name .. " = 0")
    loop(g, "while " .. name .. " < " .. n .. g.random:pick {"", " and true", " and not false"} .. " do", "end", n, function() g:emit(name .. " = " .. name .. " + 1") end)
  end

  function compound.repeat_loop(g)
    local name, n = fresh(g, "w"), rounds(g) + 1
    g:emit("local " .. name .. " = " .. n)
    loop(g, "repeat", "until " .. name .. " <= 0", n, function() g:emit(name .. " = " .. name .. " - 1") end)
  end

  function compound.goto_loop(g)
    local name, label, n = fresh(g, "w"), fresh(g, "l"), rounds(g) + 1
    g:emit("do")
    g:block(function()
      g:emit("local " .. name .. " = 0")
      g:emit("::" .. label .. "::")
      g:emit("do")
      g:block(function() g:statements(g.random:between(1, 2), 1) end, n)
      g:emit("end")
      g:emit(name .. " = " .. name .. " + 1")
      g:emit("if " .. name .. " < " .. n .. " then goto " .. label .. " end")
    end)
    g:emit("end")
  end

  function compound.ipairs_loop(g)
    local k, v = fresh(g, "k"), fresh(g, "v")
    loop(g, "for " .. k .. ", " .. v .. " in ipairs({" .. g:list("int", g.random:between(0, 4), 2) .. "}) do", "end", 4, function()
      declare_loop_variable(g, k, "int")
      declare_loop_variable(g, v, "int")
    end)
  end

  -- The order of other keys is nobody's business.
  function simple.pairs_loop(g)
    local names = g:visible("seq")
    if #names == 0 or not g:afford(20) then return simple.declare(g) end
    local sequence = g.random:pick(names)
    local sum = g:declare("int")
    if sum == sequence then sequence = "{" .. sum .. "}" end
    g:emit("local " .. sum .. " = 0")
    g:emit("for k, v in " .. g.random:pick {"pairs(X)", "next, X", "pairs({a = 1, b = 2, 3, 4, [2.5] = 6})"}:gsub("X", sequence) .. " do " .. sum .. " = " .. sum ..
           " + val(v) * #tostring(type(k)) end")
  end

  function compound.iterator_loop(g)
    local k, n = fresh(g, "k"), rounds(g)
    local kind, text = "int", nil
    local choice = g.random:upto(6)
    if choice == 1 then
      text = "(function() local c = 0 return function() c = c + 1 if c <= " .. n .. " then return c end end end)()"
    elseif choice == 2 then
      text = "function(s, c) if c < s then return c + 1 end end, " .. n .. ", 0"
    elseif choice == 3 then
      text = "coroutine.wrap(function() for c = 1, " .. n .. " do coroutine.yield(c * " .. g:expr("int", 1) .. ") end end)"
    elseif choice == 4 then
      kind, text = "str", "string.gmatch(cut(" .. g:expr("str", 2) .. "), '%w+')"
      n = 20
    elseif choice == 5 then
      text = "pairs(setmetatable({}, {__pairs = function() return function(_, c) c = (c or 0) + 1 if c <= " .. n .. " then return c end end end}))"
    else
      text = "setmetatable({}, {__call = function(_, s, c) if c < " .. n .. " then return c + 1 end end}), nil, 0, " .. g:new_object(1)
    end
    loop(g, "for " .. k .. " in " .. text .. " do", "end", n, function()
      declare_loop_variable(g, k, kind)
      -- lua5.4.4 may forget to close a loop's value after a break out of a scope with captured variables.
      g.loop.closes = choice == 6
    end)
  end

  function compound.protected(g)
    g:emit("P(pcall(function()")
    local before, in_function, loops = g.vararg, g.in_function, g.loop
    g.vararg, g.loop, g.in_function = false, nil, true
    g:block(function()
      g:statements(g.random:between(1, 3), 1)
      g:emit("return " .. g:wild(g.random:between(1, 3)))
    end)
    g.vararg, g.loop, g.in_function = before, loops, in_function
    g:emit("end))")
  end

  function compound.close(g)
    g:emit(g.random:pick {"do", "P(pcall(function()"})
    local head = g.lines[#g.lines]
    local loops, in_function, vararg = g.loop, g.in_function, g.vararg
    g.loop = nil
    g:block(function()
      local object = head:find("pcall") and g:new_object(1) or "C1.new(4)"
      g:emit("local " .. g:declare("obj", "c", {constant = true}) .. " <close> = " .. object)
      g:statements(g.random:between(1, 2), 1)
      if head:find("pcall") then g:emit(g.random:pick {"error('body')", "return 'done', " .. g:expr("int", 1), "return " .. g:wild(2)}) end
    end)
    g.loop, g.in_function, g.vararg = loops, in_function, vararg
    g:emit(head:find("pcall") and "end))" or "end")
  end

  -- Closures over a loop's variable, called afterwards.
  function compound.closures(g)
    local fs, k, up = fresh(g, "t"), fresh(g, "k"), fresh(g, "u")
    g:emit("local " .. fs .. ", " .. up .. " = {}, " .. g:expr("int", 1))
    g:emit("for " .. k .. " = 1, " .. g.random:between(1, 4) .. " do")
    g:block(function()
      declare_loop_variable(g, k, "int")
      local initial = g:expr("int", 2)
      local own = g:declare("int")
      g:emit("local " .. own .. " = " .. initial)
      g:emit(fs .. "[" .. k .. "] = function(d) " .. own .. " = " .. own .. " + d " .. up .. " = " .. up .. " ~ " .. own .. " return " ..
             g.random:pick {own, up, k, own .. " - " .. k, own .. " + " .. up} .. " end")
    end, 4)
    g:emit("end")
    g:emit("for r = 1, 2 do for _, f in ipairs(" .. fs .. ") do P(f(r), " .. up .. ") end end")
  end

  -- A coroutine, resumed to its end and beyond.
  function compound.coroutine(g)
    local co = fresh(g, "co")
    local ending = g.random:pick {"return 'end', ...", "error('in coroutine')", "return coroutine.yield('last')", "error({})", "return"}
    local vararg, loops, in_function = g.vararg, g.loop, g.in_function
    g.loop = nil
    g:emit("local " .. co .. " = coroutine.create(function(...)")
    g:block(function()
      g:emit(g.random:pick {"local a = coroutine.yield(...)", "local a = pcall(coroutine.yield, 1)", "local ok, a = pcall(function() return coroutine.yield(1) + 1 end)",
                            "local a <close> = C1.new(8)", "local a = select(2, xpcall(function(...) return coroutine.yield(...) end, print, 5))"})
      g:statements(g.random:between(0, 2), 1)
      g:emit("for i = 1, " .. g.random:between(0, 3) .. " do coroutine.yield(i, a) end")
      if ending:find("^return") then g:emit(ending) else g:emit("if true then " .. ending .. " end") end
    end)
    g:emit("end)")
    g.vararg, g.loop, g.in_function = vararg, loops, in_function
    g:emit("for r = 1, " .. g.random:between(1, 6) .. " do P(coroutine.resume(" .. co .. ", r, 'x')) end")
    g:emit("P(coroutine.status(" .. co .. "), coroutine.close(" .. co .. "))")
  end

  function compound.scope(g)
    g:emit("do")
    g:block(function() g:statements(g.random:between(1, 3), 1) end)
    g:emit("end")
  end

  local function names_of(set)
    local names = {}
    for name in pairs(set) do names[#names + 1] = name end
    table.sort(names)
    return names
  end
  local kSimple, kCompound = names_of(simple), names_of(compound)
  -- Those that trace nothing of their own, for long loops.
  local kQuiet = {"branch", "numeric_for", "odd_for", "computed_for", "while_loop", "repeat_loop", "goto_loop", "ipairs_loop", "iterator_loop", "scope"}

  function G:statements(count, depth)
    for _ = 1, count do
      if self:afford(1) then
        if depth > 0 and self.random:once_in(3) then
          local d = self.depth or 0
          if d < 3 then
            self.depth = d + 1
            compound[self.random:pick(self.rounds <= 60 and kCompound or kQuiet)](self)
            self.depth = d
          end
        else
          simple[self.random:pick(kSimple)](self)
        end
      end
    end
  end

  -- ---- Loops and functions that become hot.

  -- Loops of several hundred rounds; what they compute is traced at the end.
  local kChanges = {"k + 0.5", "'7'", "tostring(k)", "-k", "math.maxinteger", "k << 60", "1e300", "0.0", "nil", "{}", "true", "C1.new(k)", "2^53", "'x'"}

  -- The head of a loop over k from 1 to n, in some order, and its end.
  local function over(random, n, kinds)
    local form = random:upto(kinds)
    if form == 1 then return "local k = 0 while k < " .. n .. " do k = k + 1", "end" end
    if form == 2 then return "for k = " .. n .. ", 1, -1 do", "end" end
    if form == 3 then return "local k = 0 repeat k = k + 1", "until k >= " .. n end
    if form == 4 then return "for _, k in ipairs(table.pack(string.byte(('\\1\\2\\3\\200'):rep(" .. n // 4 .. "), 1, -1))) do", "end" end
    if form == 9 then return "for k = 1.0, " .. n .. " do", "end" end
    return "for k = 1, " .. n .. " do", "end"
  end

  function G:hot_loop()
    local random = self.random
    -- Most end before the code that another thread compiles is there.
    local n = random:once_in(4) and random:between(2000, 6000) or random:between(150, 900)
    local choice = random:upto(6)
    local sum = self:declare("any")
    self:emit("local " .. sum .. " = " .. random:pick {"0", "1", "0.0", "1.5", "{}", "C1.new(1)"})
    if choice <= 2 then
      -- A value of another kind comes late.
      local change = random:between(n // 2, n)
      self:emit("P(pcall(function()")
      self:block(function()
        local head, tail = over(random, n, 9)
        self:emit(head)
        self:emit("  local v = k")
        self:emit("  if k " .. random:pick {"==", ">="} .. " " .. change .. " then v = " .. random:pick(kChanges) .. " end")
        for _ = 1, random:between(1, 3) do
          self:emit("  " .. sum .. " = " .. random:pick {
            "S + v", "v + S", "S - v", "S * v", "S ~ v", "S // (v + 1)", "S % (v + 3)", "v < S and v or S", "S == v and 1 or v", "-v", "(S & 255) + v", "v .. ''", "v > 10 and v or 10",
            "S + #(v .. '')", "(v <= 100) and S or v", "v / 2", "v | S", "v >> 1", "(v + v) * 2", "val(S) + val(v)",
          }:gsub("S", "val(" .. sum .. ")"))
        end
        self:emit(tail)
      end)
      self:emit("end))")
    elseif choice == 3 then
      -- A loop over whatever statements there are.
      n = math.min(n, 1200)
      local head, tail = over(random, n, 8)
      self:emit("do")
      self:emit(head)
      self:block(function()
        self.variables[#self.variables + 1] = {name = "k", kind = "int", constant = true, fixed = true}
        self:emit("do")
        self:block(function()
          self:statements(random:between(1, 3), 1)
          self:emit(sum .. " = val(" .. sum .. ") ~ val(" .. self:expr("int", 2) .. ")")
        end)
        self:emit("end")
      end, n)
      self:emit(tail)
      self:emit("end")
    elseif choice == 4 then
      -- Fields, elements and methods of changing objects.
      local shapes = random:pick {"{x = k, y = 1}", "k % 7 == 0 and {y = 1, x = k} or {x = k, y = 2}", "C1.new(k)", "k < " .. n // 2 .. " and {x = k} or setmetatable({}, {__index = {x = 3}})",
                                  "k < " .. n - 9 .. " and {x = k} or C1.new(k)", "{x = k, k}"}
      self:emit("P(pcall(function()")
      self:block(function()
        self:emit("local t, u = {}, {n = 0}")
        local head, tail = over(random, n, 8)
        self:emit(head)
        self:emit("  local o = " .. shapes)
        self:emit("  " .. random:pick {"o.x = (o.x or 0) + 1", "o.z = k", "o[k] = k", "o.y = o.x", "o.x = nil", "o[1] = k"})
        self:emit("  u.n = u.n + " .. random:pick {"val(o.x)", "val(o.y)", "#o", "val(o[1])", "val(o.missing)", "(o.x or 1)", "(o.v or 2)"})
        self:emit("  " .. random:pick {"t[#t + 1] = k", "t[k] = u.n", "t[k % 10] = o", "t['k' .. k % 5] = k", "u.last = k", "t[k] = o t[k - 5] = nil", "u[k & 3] = k"})
        if random:once_in(3) then self:emit("  if k == " .. random:between(n // 2, n + 1) .. " then u = " .. random:pick {"setmetatable({n = 1}, {__newindex = rawset})", "{n = 0.5}", "nil", "5", "C1.new(1)"} .. " end") end
        self:emit(tail)
        self:emit("return u.n, " .. random:pick {"#t", "val(t[3])", "u.last", "u"})
      end)
      self:emit("end))")
    elseif choice == 5 then
      -- What may raise an error, often; the length of the message tells whether it is the same each time.
      local head, tail = over(random, random:between(100, 400), 9)
      self:emit("do")
      self:emit(head)
      self:block(function()
        self.variables[#self.variables + 1] = {name = "k", kind = "any", constant = true, fixed = true}
        self:emit("local ok, e = pcall(function() return " .. self:wild(random:between(1, 4)) .. " end)")
        self:emit(sum .. " = val(" .. sum .. ") * 3 + (ok and val(e) or type(e) == 'string' and #e or 1)")
      end)
      self:emit(tail)
      self:emit("end")
    else
      -- A function that is called often.
      local f = fresh(self, "h")
      self:emit("local function " .. f .. "(a, b, ...)")
      self:emit("  " .. random:pick {"if a == b then return b end", "local c = a + b", "local c <const> = 3", "local t = {a, b}", "local c = select('#', ...)", "b = b or 2"})
      self:emit("  return " .. random:pick {"a + b", "a * 2 - b", "(a or 1) + (b or 1)", "a < b and a or b", "val(a) + val(b) + select('#', ...)", "a // 1, b", "a & b", "a .. b", "#{a, b, ...}", "...", "a.x", "a[b]"})
      self:emit("end")
      self:emit("for k = 1, " .. n .. " do " .. random:pick {"", "local r = k % 3 "} .. sum .. " = (" .. f .. "(k, " .. random:pick {"k", "3", "k * 0.5", "-k"} .. ", k)) end" )
      -- Which arguments its body likes is not known, so the loop may be one for pcall.
      local last = self.lines[#self.lines]
      self.lines[#self.lines] = last:gsub("%(" .. f .. "%(", "select(2, pcall(" .. f .. ", ")
      self:emit("P(pcall(function() return " .. f .. "(" .. self:wild(1) .. ", " .. self:wild(1) .. ") end))")
    end
    self:emit("P('hot', " .. sum .. ")")
  end
end

return Statements
