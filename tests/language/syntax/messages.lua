-- Messages of syntax errors, one snippet each.

local function m(s)
  local f, e = load(s, "=s")
  assert(f == nil, s)
  print(e)
end
m("x")                                -- expect: s:1: syntax error near <eof>
m("x =")                              -- expect: s:1: unexpected symbol near <eof>
m("= 1")                              -- expect: s:1: unexpected symbol near '='
m("x = = 1")                          -- expect: s:1: unexpected symbol near '='
m("x = 1 2")                          -- expect: s:1: unexpected symbol near '2'
m("x y = 1")                          -- expect: s:1: syntax error near 'y'
m("1 = x")                            -- expect: s:1: unexpected symbol near '1'
m("'s' = x")                          -- expect: s:1: unexpected symbol near ''s''
m("f() = 1")                          -- expect: s:1: syntax error near '='
m("(x) = 1")                          -- expect: s:1: syntax error near '='
m("a, f() = 1, 2")                    -- expect: s:1: syntax error near '='
m("a, b")                             -- expect: s:1: '=' expected near <eof>
m("a.b")                              -- expect: s:1: syntax error near <eof>
m("a:b = 1")                          -- expect: s:1: function arguments expected near '='
m("a:b")                              -- expect: s:1: function arguments expected near <eof>
m("a.1 = 2")                          -- expect: s:1: syntax error near '.1'
m("a[1 = 2")                          -- expect: s:1: ']' expected near '='
m("a[] = 2")                          -- expect: s:1: unexpected symbol near ']'
m("x = }")                            -- expect: s:1: unexpected symbol near '}'
m("x = {")                            -- expect: s:1: unexpected symbol near <eof>
m("x = {1, 2")                        -- expect: s:1: '}' expected near <eof>
m("x = {\n1,\n2")                     -- expect: s:3: '}' expected (to close '{' at line 1) near <eof>
m("x = {1 2}")                        -- expect: s:1: '}' expected near '2'
m("x = {,}")                          -- expect: s:1: unexpected symbol near ','
m("x = {[1] 2}")                      -- expect: s:1: '=' expected near '2'
m("x = {[1 = 2}")                     -- expect: s:1: ']' expected near '='
m("x = (1")                           -- expect: s:1: ')' expected near <eof>
m("x = (1\n\n+ 2")                    -- expect: s:3: ')' expected (to close '(' at line 1) near <eof>
m("x = ()")                           -- expect: s:1: unexpected symbol near ')'
m("f(")                               -- expect: s:1: unexpected symbol near <eof>
m("f(1, ")                            -- expect: s:1: unexpected symbol near <eof>
m("f(1, )")                           -- expect: s:1: unexpected symbol near ')'
m("f(\n1\n")                          -- expect: s:3: ')' expected (to close '(' at line 1) near <eof>
m("f 1")                              -- expect: s:1: syntax error near '1'
m("x = +")                            -- expect: s:1: unexpected symbol near '+'
m("x = 1 +")                          -- expect: s:1: unexpected symbol near <eof>
m("x = * 2")                          -- expect: s:1: unexpected symbol near '*'
m("x = not")                          -- expect: s:1: unexpected symbol near <eof>
m("x = 1 .. ")                        -- expect: s:1: unexpected symbol near <eof>
m("x = a and")                        -- expect: s:1: unexpected symbol near <eof>
m("x = #")                            -- expect: s:1: unexpected symbol near <eof>
m("if")                               -- expect: s:1: unexpected symbol near <eof>
m("if x")                             -- expect: s:1: 'then' expected near <eof>
m("if x then")                        -- expect: s:1: 'end' expected near <eof>
m("if x then\n\n")                    -- expect: s:3: 'end' expected (to close 'if' at line 1) near <eof>
m("if x then else")                   -- expect: s:1: 'end' expected near <eof>
m("if x then elseif")                 -- expect: s:1: unexpected symbol near <eof>
m("if x then else elseif y then end") -- expect: s:1: 'end' expected near 'elseif'
m("if x = 1 then end")                -- expect: s:1: 'then' expected near '='
m("else")                             -- expect: s:1: <eof> expected near 'else'
m("end")                              -- expect: s:1: <eof> expected near 'end'
m("while")                            -- expect: s:1: unexpected symbol near <eof>
m("while x")                          -- expect: s:1: 'do' expected near <eof>
m("while x do")                       -- expect: s:1: 'end' expected near <eof>
m("while x\ndo\n\n")                  -- expect: s:4: 'end' expected (to close 'while' at line 1) near <eof>
m("repeat")                           -- expect: s:1: 'until' expected near <eof>
m("repeat until")                     -- expect: s:1: unexpected symbol near <eof>
m("repeat\n\nx = 1")                  -- expect: s:3: 'until' expected (to close 'repeat' at line 1) near <eof>
m("until x")                          -- expect: s:1: <eof> expected near 'until'
m("for")                              -- expect: s:1: <name> expected near <eof>
m("for x")                            -- expect: s:1: '=' or 'in' expected near <eof>
m("for x =")                          -- expect: s:1: unexpected symbol near <eof>
m("for x = 1")                        -- expect: s:1: ',' expected near <eof>
m("for x = 1, 2")                     -- expect: s:1: 'do' expected near <eof>
m("for x = 1, 2, 3, 4 do end")        -- expect: s:1: 'do' expected near ','
m("for x = 1 do end")                 -- expect: s:1: ',' expected near 'do'
m("for x, y = 1, 2 do end")           -- expect: s:1: 'in' expected near '='
m("for x in")                         -- expect: s:1: unexpected symbol near <eof>
m("for x in y")                       -- expect: s:1: 'do' expected near <eof>
m("for x in y do")                    -- expect: s:1: 'end' expected near <eof>
m("for 1 = 1, 2 do end")              -- expect: s:1: <name> expected near '1'
m("for x.y = 1, 2 do end")            -- expect: s:1: '=' or 'in' expected near '.'
m("for x, in y do end")               -- expect: s:1: <name> expected near 'in'
m("for\nx = 1, 2 do\n\n")             -- expect: s:4: 'end' expected (to close 'for' at line 1) near <eof>
m("do")                               -- expect: s:1: 'end' expected near <eof>
m("do\nx = 1\n")                      -- expect: s:3: 'end' expected (to close 'do' at line 1) near <eof>
m("do end end")                       -- expect: s:1: <eof> expected near 'end'
