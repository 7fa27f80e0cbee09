-- Messages of syntax errors in functions, locals, returns and calls.

local function m(s)
  local f, e = load(s, "=s")
  assert(f == nil, s)
  print(e)
end
m("function")                         -- expect: s:1: <name> expected near <eof>
m("function f")                       -- expect: s:1: '(' expected near <eof>
m("function f(")                      -- expect: s:1: <name> or '...' expected near <eof>
m("function f()")                     -- expect: s:1: 'end' expected near <eof>
m("function f()\n\n\n")               -- expect: s:4: 'end' expected (to close 'function' at line 1) near <eof>
m("function f(a")                     -- expect: s:1: ')' expected near <eof>
m("function f(a,")                    -- expect: s:1: <name> or '...' expected near <eof>
m("function f(a,)")                   -- expect: s:1: <name> or '...' expected near ')'
m("function f(a b) end")              -- expect: s:1: ')' expected near 'b'
m("function f(1) end")                -- expect: s:1: <name> or '...' expected near '1'
m("function f(...,a) end")            -- expect: s:1: ')' expected near ','
m("function f.() end")                -- expect: s:1: <name> expected near '('
m("function f.a:b.c() end")           -- expect: s:1: '(' expected near '.'
m("function f:a:b() end")             -- expect: s:1: '(' expected near ':'
m("function f[1]() end")              -- expect: s:1: '(' expected near '['
m("function 5() end")                 -- expect: s:1: <name> expected near '5'
m("function () end")                  -- expect: s:1: <name> expected near '('
m("x = function f() end")             -- expect: s:1: '(' expected near 'f'
m("x = function")                     -- expect: s:1: '(' expected near <eof>
m("x = function()\nreturn 1")         -- expect: s:2: 'end' expected (to close 'function' at line 1) near <eof>
m("local")                            -- expect: s:1: <name> expected near <eof>
m("local 1")                          -- expect: s:1: <name> expected near '1'
m("local x y")                        -- expect: s:1: syntax error near <eof>
m("local x,")                         -- expect: s:1: <name> expected near <eof>
m("local x =")                        -- expect: s:1: unexpected symbol near <eof>
m("local x.y = 1")                    -- expect: s:1: unexpected symbol near '.'
m("local function")                   -- expect: s:1: <name> expected near <eof>
m("local function f.g() end")         -- expect: s:1: '(' expected near '.'
m("local function f:g() end")         -- expect: s:1: '(' expected near ':'
m("local x <foo> = 1")                -- expect: s:1: unknown attribute 'foo'
m("local x <> = 1")                   -- expect: s:1: <name> expected near '>'
m("local x < const > = 1; x = 1")     -- expect: s:1: attempt to assign to const variable 'x'
m("local and = 1")                    -- expect: s:1: <name> expected near 'and'
m("return return")                    -- expect: s:1: unexpected symbol near 'return'
m("return 1,")                        -- expect: s:1: unexpected symbol near <eof>
m("return 1 x = 2")                   -- expect: s:1: <eof> expected near 'x'
m("do return 1; x = 2 end")           -- expect: s:1: 'end' expected near 'x'
m("return;;")                         -- expect: s:1: <eof> expected near ';'
m("f(x")                              -- expect: s:1: ')' expected near <eof>
m("f)")                               -- expect: s:1: syntax error near ')'
m("f{")                               -- expect: s:1: unexpected symbol near <eof>
m("a:(1)")                            -- expect: s:1: <name> expected near '('
m("a.b:c.d()")                        -- expect: s:1: function arguments expected near '.'
m("a..b()")                           -- expect: s:1: syntax error near '..'
m("x = a.b.")                         -- expect: s:1: <name> expected near <eof>
m("x = 5:f()")                        -- expect: s:1: unexpected symbol near ':'
m("x = 'a':f()")                      -- expect: s:1: unexpected symbol near ':'
m("{}.x = 1")                         -- expect: s:1: unexpected symbol near '{'
m("nil = 1")                          -- expect: s:1: unexpected symbol near 'nil'
m("x = and 1")                        -- expect: s:1: unexpected symbol near 'and'
