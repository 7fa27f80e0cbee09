-- Errors of goto, labels and break found by the compiler.

local function message(s)
  local f, e = load(s, "=s")
  assert(f == nil, s)
  return e
end
print(message("goto nowhere"))                               -- expect: s:1: no visible label 'nowhere' for <goto> at line 1
print(message("do ::l:: end goto l"))                        -- expect: s:1: no visible label 'l' for <goto> at line 1
print(message("goto l; do ::l:: end"))                       -- expect: s:1: no visible label 'l' for <goto> at line 1
print(message("goto l; local x; ::l:: print(x)"))            -- expect: s:1: <goto l> at line 1 jumps into the scope of local 'x'
print(message("goto l; local x; ::l:: return"))              -- expect: s:1: <goto l> at line 1 jumps into the scope of local 'x'
print(message("do goto l end; local x, y; ::l:: x = 1"))     -- expect: s:1: <goto l> at line 1 jumps into the scope of local 'x'
print(message("::l:: ::l::"))                                -- expect: s:1: label 'l' already defined on line 1
print(message("::l:: local x\n\n ::l::"))                            -- expect: s:3: label 'l' already defined on line 1
print(message("::l:: do ::l:: end"))                         -- expect: s:1: label 'l' already defined on line 1
print(message("::l:: function f() goto l end"))              -- expect: s:1: no visible label 'l' for <goto> at line 1
print(message("repeat if x then goto cont end; local y; ::cont:: until y")) -- expect: s:1: <goto cont> at line 1 jumps into the scope of local 'y'
print(message("break"))                                      -- expect: s:1: break outside loop at line 1
print(message("\n\nif x then break end"))                    -- expect: s:3: break outside loop at line 3
print(message("for i = 1, 2 do function f() break end end")) -- expect: s:1: break outside loop at line 1
print(message("goto 1"))                                     -- expect: s:1: <name> expected near '1'
print(message("::x"))                                        -- expect: s:1: '::' expected near <eof>
print(message("goto end"))                                   -- expect: s:1: <name> expected near 'end'
-- allowed: a label at the very end, void statements after it, the same name in functions
assert(load("goto l; local x; ::l::"))
assert(load("goto l; local x; ::l:: ; ::m::"))
assert(load("do goto l; local x; ::l:: end"))
assert(load("::l:: local f = function() ::l:: end"))
assert(load("goto = 1") == nil)
