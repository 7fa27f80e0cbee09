-- Messages of the scanner: strings, escapes, numerals, comments, symbols.

local function m(s)
  local f, e = load(s, "=s")
  assert(f == nil, s)
  print(e)
end
m("x = 'abc")                         -- expect: s:1: unfinished string near <eof>
m("x = \"abc")                        -- expect: s:1: unfinished string near <eof>
m("x = 'abc\n'")                      -- expect: s:1: unfinished string near ''abc'
m("x = 'abc\\")                       -- expect: s:1: unfinished string near <eof>
m("x = 'abc\\\n")                     -- expect: s:2: unfinished string near <eof>
m("x = 'a\\z  \n")                    -- expect: s:2: unfinished string near <eof>
m("x = [[abc")                        -- expect: s:1: unfinished long string (starting at line 1) near <eof>
m("x = [[abc\n\n")                    -- expect: s:3: unfinished long string (starting at line 1) near <eof>
m("x = [==[abc]=]")                   -- expect: s:1: unfinished long string (starting at line 1) near <eof>
m("x = [=")                           -- expect: s:1: invalid long string delimiter near '[='
m("x = [=x")                          -- expect: s:1: invalid long string delimiter near '[='
m("--[[ comment")                     -- expect: s:1: unfinished long comment (starting at line 1) near <eof>
m("--[==[\n\n]]")                     -- expect: s:3: unfinished long comment (starting at line 1) near <eof>
m("x = '\\q'")                        -- expect: s:1: invalid escape sequence near ''\q'
m("x = 'abc\\qdef'")                  -- expect: s:1: invalid escape sequence near ''abc\q'
m("x = '\\xg0'")                      -- expect: s:1: hexadecimal digit expected near ''\xg'
m("x = '\\x1'")                       -- expect: s:1: hexadecimal digit expected near ''\x1''
m("x = '\\x1g'")                      -- expect: s:1: hexadecimal digit expected near ''\x1g'
m("x = '\\256'")                      -- expect: s:1: decimal escape too large near ''\256''
m("x = '\\300abc'")                   -- expect: s:1: decimal escape too large near ''\300a'
m("x = '\\u41'")                      -- expect: s:1: missing '{' near ''\u4'
m("x = '\\u{'")                       -- expect: s:1: hexadecimal digit expected near ''\u{''
m("x = '\\u{}'")                      -- expect: s:1: hexadecimal digit expected near ''\u{}'
m("x = '\\u{41'")                     -- expect: s:1: missing '}' near ''\u{41''
m("x = '\\u{xyz}'")                   -- expect: s:1: hexadecimal digit expected near ''\u{x'
m("x = '\\u{80000000}'")              -- expect: s:1: UTF-8 value too large near ''\u{80000000'
m("x = '\\u{110000000}'")             -- expect: s:1: UTF-8 value too large near ''\u{110000000'
m("x = 0x")                           -- expect: s:1: malformed number near '0x'
m("x = 0xg")                          -- expect: s:1: malformed number near '0xg'
m("x = 1e")                           -- expect: s:1: malformed number near '1e'
m("x = 1e+")                          -- expect: s:1: malformed number near '1e+'
m("x = 1..2")                         -- expect: s:1: malformed number near '1..2'
m("x = 1.2.3")                        -- expect: s:1: malformed number near '1.2.3'
m("x = 12abc")                        -- expect: s:1: malformed number near '12abc'
m("x = 0x1p")                         -- expect: s:1: malformed number near '0x1p'
m("x = 3in")                          -- expect: s:1: malformed number near '3i'
m("x = 1__2")                         -- expect: s:1: malformed number near '1_'
m("x = @")                            -- expect: s:1: unexpected symbol near '@'
m("x = $y")                           -- expect: s:1: unexpected symbol near '$'
m("x = a ! b")                        -- expect: s:1: unexpected symbol near '!'
m("x = a != b")                       -- expect: s:1: unexpected symbol near '!'
m("x = a ? b")                        -- expect: s:1: unexpected symbol near '?'
m("x = `a`")                          -- expect: s:1: unexpected symbol near '`'
m("x = a \\ b")                       -- expect: s:1: unexpected symbol near '\'
m("x += 1")                           -- expect: s:1: syntax error near '+'
m("x++")                              -- expect: s:1: syntax error near '+'
m("x = a && b")                       -- expect: s:1: unexpected symbol near '&'
m("x = a || b")                       -- expect: s:1: unexpected symbol near '|'
m("x = \1")                           -- expect: s:1: unexpected symbol near '<\1>'
m("x = \127y")                        -- expect: s:1: unexpected symbol near '<\127>'
m("x = a\0b")                         -- expect: s:1: unexpected symbol
m("x = 'long string here' y")         -- expect: s:1: syntax error near <eof>
m("x = [[long\nstring]] y")           -- expect: s:2: syntax error near <eof>
m("x = 0x7f.8p1 y")                   -- expect: s:1: syntax error near <eof>
m("x == 1")                           -- expect: s:1: syntax error near '=='
m("x ~= 1")                           -- expect: s:1: syntax error near '~='
m("x = a ~ = b")                      -- expect: s:1: unexpected symbol near '='
m("x = y ... z")                      -- expect: s:1: unexpected symbol near '...'
m("::")                               -- expect: s:1: <name> expected near <eof>
m("x = ::")                           -- expect: s:1: unexpected symbol near '::'
