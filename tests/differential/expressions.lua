-- Random expressions, by the kind of their value.
--
-- Kinds: "int", "flt" (a float, maybe infinite or not a number), "num" (either), "str", "bool", "seq" (a proper sequence of integers),
-- "obj" (a table with a metatable from the program's beginning, see classes.lua), "any" (whatever). What is made of kinds alone raises no
-- error; `wild` is for expressions that may. The text of a float never becomes part of a string but through S, since the sign
-- of "nan" depends on the machine.

local Expressions = {}

local kInts = {
  "0", "1", "2", "3", "5", "7", "10", "16", "31", "63", "64", "100", "127", "128", "255", "256", "1000", "4095", "4096", "65535",
  "-1", "-2", "-3", "-7", "-128", "-129", "-1000", "2147483647", "-2147483648", "4294967296", "9007199254740992", "-9007199254740993",
  "0x7fffffffffffffff", "0xffffffffffffffff", "math.maxinteger", "math.mininteger", "(1 << 62)", "(-1 << 63)", "0x5555555555555555",
}
local kFloats = {
  "0.0", "-0.0", "1.0", "1.5", "-1.5", "0.1", "0.5", "2.5", "3.0", "-3.0", "100.0", "1e15", "1e16", "123456789.125", "1e100", "-1e100", "1e308",
  "5e-324", "2^53", "2^63", "-2^63", "0x1p-4", "math.huge", "-math.huge", "math.pi", "9007199254740993.0", "4294967296.5", "255.0",
}
local kStrings = {
  '""', '"a"', '"b"', '"abc"', '"ABC def"', '"10"', '"0x10"', '"-7"', '"1e2"', '" 5 "', '"x,y,z"', '"hello world"', '"a\\0b"', '"\\n"',
  '"caf\\u{e9}"', '"aaaaaaaaaa"', '"key"', '"%d"', "'q\"uote'", "[[long]]", '"0123456789012345678901234567890123456789"',
}
local kNumerals = {'"10"', '"0x10"', '"-7"', '" 5 "', '"3"', '"255"'}
local kPatterns = {
  '"a"', '"%a+"', '"%d"', '"[a-c]"', '"(%w)(%w)"', '"^%s*"', '"."', '"%w*"', '"l+"', '"[^,]+"', '"()"', '"%f[%w]%w"', '"b?c"', '"a-b"', '".$"',
}
local kWildAtoms = {"nil", "true", "false", "{}", '"abc"', '"10"', "1", "0", "2.5", "-1", "math.huge", "print", "{1, 2}", '""', "2^53", "1 << 63"}

-- Methods for the class of generators. They need what program.lua has.
function Expressions.install(G)
  local function binary(op, kind_a, kind_b)
    kind_b = kind_b or kind_a
    return function(g, d) return "(" .. g:expr(kind_a, d) .. " " .. op .. " " .. g:expr(kind_b, d) .. ")" end
  end
  local function form(text, ...)
    local kinds = {...}
    return function(g, d)
      local i = 0
      return (text:gsub("@", function()
        i = i + 1
        return g:expr(kinds[i], d)
      end))
    end
  end
  -- A divisor that is not zero.
  local function divisor(g, d)
    if g.random:once_in(2) then return g.random:pick {"1", "2", "3", "7", "10", "-1", "-3", "16", "math.mininteger", "math.maxinteger"} end
    return "(" .. g:expr("int", d) .. " | 1)"
  end

  local makers = {}

  makers.int = {
    binary("+", "int"), binary("-", "int"), binary("*", "int"), binary("+", "int"), binary("-", "int"), binary("*", "int"), binary("&", "int"),
    binary("|", "int"), binary("~", "int"), binary("<<", "int"), binary(">>", "int"),
    function(g, d) return "(" .. g:expr("int", d) .. " // " .. divisor(g, d) .. ")" end,
    function(g, d) return "(" .. g:expr("int", d) .. " % " .. divisor(g, d) .. ")" end,
    form("(-@)", "int"), form("(~@)", "int"), form("#@", "str"), form("#@", "seq"), form("(@ and @ or @)", "bool", "int", "int"),
    form("math.max(@, @)", "int", "int"), form("math.min(@, @)", "int", "int"), form("(@ // 1)", "int"),
    form("(math.tointeger(tonumber(@) or 0) or @)", "str", "int"), form("(math.tointeger(@) or @)", "flt", "int"), form("(string.byte(@, @) or @)", "str", "int", "int"),
    form("(@[@] or @)", "seq", "int", "int"), form("(@[#@] or @)", "seq", "str", "int"), form("select('#', @, @)", "any", "any"),
    form("(string.find(@, 'a', 1, true) or @)", "str", "int"), form("math.abs(@)", "int"), form("(@ & 0xff)", "int"), form("(@ << 3)", "int"),
    form("(@ >> 1)", "int"), form("(@ + 1)", "int"), form("(@ - 1)", "int"), form("(@ * 3)", "int"), form("(utf8.len(@) or 0)", "str"),
    function(g, d) return "(" .. g.random:pick(kNumerals) .. " + " .. g:expr("int", d) .. ")" end,
    function(g, d) return g:call("int", d) end, function(g, d) return g:call("int", d) end, function(g, d) return g:call("int", d) end,
    function(g, d) return g:object_expr("int", d) end, function(g, d) return g:object_expr("int", d) end,
    function(g, d) return "(function(...) return select('#', ...) end)(" .. g:list("any", g.random:between(0, 3), d) .. ")" end,
    function(g, d) return "(select(" .. g.random:pick {"1", "2", "-1", "-2"} .. ", " .. g:list("int", 2, d) .. "))" end,
  }
  makers.flt = {
    binary("+", "flt"), binary("-", "flt"), binary("*", "flt"), binary("/", "num"), binary("+", "flt", "int"), binary("*", "int", "flt"),
    binary("-", "int", "flt"), binary("//", "flt"), binary("%", "flt"), binary("//", "flt", "int"), binary("%", "int", "flt"), form("(-@)", "flt"),
    form("(@ and @ or @)", "bool", "flt", "flt"), form("math.sqrt(@)", "flt"), form("math.abs(@)", "flt"), form("(@ + 0.0)", "int"),
    form("(@ / 2)", "int"), form("math.max(@, @)", "flt", "flt"), form("((@ & 15) ^ (@ & 7))", "int", "int"), form("(@ * 0.5)", "flt"),
    function(g, d) return "(" .. g.random:pick(kNumerals) .. " / " .. g:expr("int", d) .. ")" end,
    function(g, d) return g:call("flt", d) end,
  }
  makers.num = {function(g, d) return g:expr("int", d) end, function(g, d) return g:expr("flt", d) end, binary("+", "num"), binary("*", "num"), binary("-", "num")}
  makers.str = {
    binary("..", "str"), binary("..", "str", "int"), binary("..", "int", "str"), form("(@ .. @ .. @)", "str", "int", "str"),
    form("@:sub(@, @)", "str", "int", "int"), form("string.sub(@, 2, -2)", "str"), form("@:upper()", "str"), form("@:lower()", "str"),
    form("@:reverse()", "str"), form("cut(@):rep(@ & 3, @:sub(1, 2))", "str", "int", "str"), form("S(@)", "any"), form("S(@)", "flt"),
    form("tostring(@)", "int"), form("tostring(@)", "bool"), form('("%d"):format(@)', "int"), form('("%5d|%-6d|%x"):format(@, @, @)', "int", "int", "int"),
    form('("%s-%s"):format(@, @)', "str", "int"), form('("%q"):format(@)', "str"), form('string.format("%5s|%-4.2s|%s", "<", ">>>>", @)', "str"),
    form("(@ and @ or @)", "bool", "str", "str"), form("(@ .. @)", "int", "int"), form("table.concat(@, ',')", "seq"), form("type(@)", "any"),
    form("(math.type(@) or 'none')", "num"), form("string.char(@ & 127, @ & 127)", "int", "int"),
    -- Results of gsub are two, and matches of "()" are numbers.
    function(g, d)
      return "(" .. g:expr("str", d) .. ":gsub(" .. g.random:pick(kPatterns) .. ", " .. g.random:pick {'"<%0>"', '""', "string.upper"} .. "))"
    end,
    function(g, d) return "tostring(string.match(" .. g:expr("str", d) .. ", " .. g.random:pick(kPatterns) .. "))" end,
    function(g, d) return g:call("str", d) end, function(g, d) return g:object_expr("str", d) end,
  }
  makers.bool = {
    binary("<", "int"), binary("<=", "int"), binary(">", "int"), binary(">=", "num"), binary("<", "num"), binary("<=", "flt"), binary("<", "flt", "int"),
    binary("==", "int"), binary("~=", "int"), binary("==", "num"), binary("~=", "flt"), binary("==", "any"), binary("~=", "any"), binary("<", "str"),
    binary("<=", "str"), binary(">", "str"), binary("==", "str"), form("(not @)", "any"), form("(@ and @)", "bool", "bool"), form("(@ or @)", "bool", "bool"),
    form("(@ == nil)", "any"), form("rawequal(@, @)", "any", "any"), form("(math.type(@) == 'integer')", "num"), form("math.ult(@, @)", "int", "int"),
    form("(@ == 0)", "int"), form("(@ > 0)", "int"), form("(@ < 100)", "int"), form("(@ <= 0.5)", "flt"), form("(@ == @ // 1)", "num", "flt"),
    function(g, d) return g:object_expr("bool", d) end, function(g, d) return g:object_expr("bool", d) end,
  }
  -- In parentheses, for they may be indexed. None has holes.
  makers.seq = {
    function(g, d) return "({" .. g:list("int", g.random:between(0, 5), d) .. "})" end, form("({@, table.unpack(@)})", "int", "seq"),
    form("({table.unpack(@)})", "seq"), form("({string.byte(cut(@), 1, -1)})", "str"), form("table.pack(@, @)", "int", "int"),
    form("({@; @, @,})", "int", "int", "int"), form("({[1] = @, [2] = @, @})", "int", "int", "int"),
    form("table.move({@, @, @}, 1, 3, 2, {@, @})", "int", "int", "int", "int", "int"),
  }
  makers.obj = {function(g, d) return g:new_object(d) end}
  makers.any = {
    function(g, d) return g:expr("int", d) end, function(g, d) return g:expr("flt", d) end, function(g, d) return g:expr("str", d) end,
    function(g, d) return g:expr("bool", d) end, function() return "nil" end, form("(@ and @)", "any", "any"), form("(@ or @)", "any", "any"),
    form("({@, @, x = @})[@]", "any", "any", "any", "int"), form("({x = @, y = @}).x", "any", "any"), form("rawget({@}, 1)", "any"),
  }
  local leaves = {
    int = kInts, flt = kFloats, str = kStrings, bool = {"true", "false"}, num = {"1", "2.5", "-3", "0.0", "7", "1e10"}, any = {"nil", "true", "1", "'s'", "2.5"},
    seq = {"{}", "{1}", "{3, 1, 2}", "{5, 5, 5, 5}"},
  }

  -- An expression of the kind, at most `depth` operators deep.
  function G:expr(kind, depth)
    local random = self.random
    if depth <= 0 or random:once_in(5) then
      local variables = self:visible(kind)
      if #variables > 0 and not random:once_in(4) then return random:pick(variables) end
      if kind == "obj" then return self:new_object(0) end
      if kind == "int" and random:once_in(2) then return tostring(random:between(0, 12)) end
      local text = random:pick(leaves[kind])
      if kind == "str" or kind == "seq" or text:find("^%-") or text:find("%^") then return "(" .. text .. ")" end
      return text
    end
    return random:pick(makers[kind])(self, depth - 1)
  end

  function G:list(kind, count, depth)
    local parts = {}
    for i = 1, count do parts[i] = self:expr(kind, depth) end
    return table.concat(parts, ", ")
  end

  -- An expression that may well raise an error.
  function G:wild(depth)
    local random = self.random
    if depth <= 0 then
      local variables = self:visible(random:pick {"any", "int", "str", "flt", "bool", "obj", "seq"})
      if #variables > 0 and not random:once_in(3) then return random:pick(variables) end
      local atom = random:pick(kWildAtoms)
      return atom:find("^[%w]+$") and atom or "(" .. atom .. ")"
    end
    local a, b = self:wild(depth - random:upto(2)), self:wild(depth - random:upto(2))
    local choice = random:upto(16)
    if choice <= 5 then return "(" .. a .. " " .. random:pick {"+", "-", "*", "/", "%", "//"} .. " " .. b .. ")" end
    if choice <= 7 then return "(" .. a .. " " .. random:pick {"&", "|", "~", "<<", ">>"} .. " " .. b .. ")" end
    if choice <= 9 then return "(" .. a .. " " .. random:pick {"<", "<=", ">", ">=", "==", "~="} .. " " .. b .. ")" end
    if choice == 10 then return "(" .. a .. " .. " .. b .. ")" end
    if choice == 11 then return "(" .. a .. ")." .. random:pick {"x", "y", "n", "len"} end
    if choice == 12 then return "(" .. a .. ")[" .. b .. "]" end
    if choice == 13 then return "(" .. random:pick {"-", "~", "not "} .. a .. ")" end
    if choice == 14 then return "(" .. a .. "):" .. random:pick {"upper", "get", "nothing", "set"} .. "(" .. b .. ")" end
    if choice == 15 then
      local f = random:pick {"math.floor", "string.rep", "string.sub", "table.concat", "tonumber", "select", "ipairs", "setmetatable", "math.max", "rawlen",
                             "string.format", "table.unpack", "string.byte", "utf8.char", "string.len"}
      if f == "string.rep" then b = self:wild(0) .. " and 2" end
      return f .. "(" .. a .. ", " .. b .. ")"
    end
    return "(" .. a .. random:pick {" and ", " or "} .. b .. ")"
  end
end

return Expressions
