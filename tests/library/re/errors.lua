-- perilune-only
-- re: messages of bad patterns and bad arguments.
local re = require "re"
local function fails(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return message
end
local function pattern(text, expected, options)
  local message = fails(re.compile, text, options)
  if message ~= "bad pattern " .. expected then error("for " .. text .. ": " .. message, 2) end
end

-- Every kind of error, with its place.
pattern("(ab", "at offset 3: missing ): (ab")
pattern("a(b(c)", "at offset 6: missing ): a(b(c)")
pattern("ab)c", "at offset 2: unexpected ): ab)c")
pattern("(a))b)", "at offset 3: unexpected ): (a))b)")
pattern("a[bc", "at offset 1: missing ]: [bc")
pattern("[a][", "at offset 3: missing ]: [")
pattern("*a", "at offset 0: no argument for repetition operator: *")
pattern("a|*", "at offset 2: no argument for repetition operator: *")
pattern("(+)", "at offset 1: no argument for repetition operator: +")
pattern("a**", "at offset 1: bad repetition operator: **")
pattern([[\**a**]], "at offset 4: bad repetition operator: **")
pattern("a**b**", "at offset 1: bad repetition operator: **")
pattern("a{2}{3}", "at offset 1: bad repetition operator: {2}{3}")
pattern("xa{1001}", "at offset 2: invalid repetition size: {1001}")
pattern("a{5,2}", "at offset 1: invalid repetition size: {5,2}")
pattern("[z-a]", "at offset 1: invalid character class range: z-a")
pattern("[a-c][z-a]", "at offset 6: invalid character class range: z-a")
pattern("[[:word:]x[:foo:]]", "at offset 10: invalid character class range: [:foo:]")
pattern([[a\]], [[at offset 1: trailing \]])
pattern([[a\qb\q]], [[at offset 1: invalid escape sequence: \q]])
pattern([[\1]], [[at offset 0: invalid escape sequence: \1]])
pattern([[ab\x{110000}]], [[at offset 2: invalid escape sequence: \x{110000]])
pattern([[\pX]], [[at offset 0: invalid character class range: \pX]])
pattern("a(?=b)", "at offset 1: invalid perl operator: (?=")
pattern("a(?<!b)", "at offset 1: invalid perl operator: (?<!")
pattern("x(?z)", "at offset 1: invalid perl operator: (?z")
pattern("(?P<n>x)(?P<n", "at offset 8: invalid named capture group: (?P<n")
pattern("(?P<a-b>x)", "at offset 0: invalid named capture group: (?P<a-b>")
pattern("a\xff", "at offset 1: invalid UTF-8")
pattern("é\xc3(", "at offset 2: invalid UTF-8")
-- what options put in front does not show
pattern("(ab", "at offset 3: missing ): (ab", "imsU")
pattern("ab)", "at offset 2: unexpected ): ab)", "m")
pattern("*", "at offset 0: no argument for repetition operator: *", { multi_line = true })
pattern("\xe9**", "at offset 1: bad repetition operator: **", { latin1 = true })
pattern("\xe9[\xe9", "at offset 1: missing ]: [\xe9", { latin1 = true })
pattern("\xe9)", "at offset 1: unexpected ): \xe9)", { latin1 = true })
-- long ones are cut
pattern("(" .. ("a"):rep(200), "at offset 201: missing ): (" .. ("a"):rep(99) .. "...")
pattern(("ab**"):rep(5000), "at offset 2: bad repetition operator: **")
pattern(("(a*)*"):rep(20000) .. "b**", "at offset 100001: bad repetition operator: **", { max_mem = 8 << 20 })

-- The same from all functions, with a position.
local ok, message = pcall(function() return re.match("a", "(") end)
assert(not ok and message:find("^[^\n]*errors.lua:%d+: bad pattern at offset 1: missing %): %($"))
for _, name in ipairs { "match", "find", "test", "exec", "fullmatch", "gmatch", "gfind", "gexec", "split" } do
  assert(fails(re[name], "a", "(") == "bad pattern at offset 1: missing ): (")
  assert(fails(re[name]) == "bad argument #1 to 're." .. name .. "' (string expected, got no value)")
  assert(fails(re[name], "a") == "bad argument #2 to 're." .. name .. "' (string/re.pattern expected, got no value)")
  assert(fails(re[name], "a", {}) == "bad argument #2 to 're." .. name .. "' (string/re.pattern expected, got table)")
  assert(fails(re[name], {}, "a") == "bad argument #1 to 're." .. name .. "' (string expected, got table)")
  assert(fails(re[name], "a", "a", "x") == "bad argument #3 to 're." .. name .. "' (number expected, got string)")
  assert(fails(re[name], "a", "a", 1.5) == "bad argument #3 to 're." .. name .. "' (number has no integer representation)")
  local p = re.compile("a")
  assert(fails(p[name]) == "bad argument #1 to '?' (re.pattern expected, got no value)")
  assert(fails(p[name], p) == "bad argument #2 to '?' (string expected, got no value)")
  assert(fails(p[name], re.set {}, "a") == "bad argument #1 to '?' (re.pattern expected, got re.set)")
  assert(fails(p[name], io.stdout, "a") == "bad argument #1 to '?' (re.pattern expected, got FILE*)")
end
assert(fails(re.gsub, "a", "(", "") == "bad pattern at offset 1: missing ): (" and fails(re.gsub, "a", "a") == "bad argument #3 to 're.gsub' (string/function/table expected, got no value)")
assert(fails(re.gsub, "a", "a", true) == "bad argument #3 to 're.gsub' (string/function/table expected, got boolean)")
assert(fails(re.gsub, "a", "a", "a", "x") == "bad argument #4 to 're.gsub' (number expected, got string)")
local p = re.compile("a")
assert(fails(function() return p:match() end):find("bad argument #1 to 'match' (string expected, got no value)", 1, true))
assert(fails(function() return p.match("x", "y") end):find("bad argument #1 to 'match' (re.pattern expected, got string)", 1, true))
assert(fails(function() return ("x").match(p) end):find("got re.pattern", 1, true))

assert(fails(re.compile) == "bad argument #1 to 're.compile' (string expected, got no value)" and fails(re.compile, nil) == "bad argument #1 to 're.compile' (string expected, got nil)")
assert(fails(re.compile, p) == "bad argument #1 to 're.compile' (string expected, got re.pattern)")
assert(fails(re.compile, "a", 1) == "bad argument #2 to 're.compile' (string/table expected, got number)")
assert(fails(re.compile, "a", "ix") == "bad argument #2 to 're.compile' (unknown flag 'x')" and fails(re.compile, "a", "\0") == "bad argument #2 to 're.compile' (unknown flag '\0')")
assert(fails(re.compile, "a", { dotall = true }) == "bad argument #2 to 're.compile' (unknown option 'dotall')")
assert(fails(re.compile, "a", { anchor = "start" }) == "bad argument #2 to 're.compile' (unknown option 'anchor')")
assert(fails(re.compile, "a", { literal = 1 }) == "bad argument #2 to 're.compile' (option 'literal' must be a boolean)")
assert(fails(re.compile, "a", { "i" }) == "bad argument #2 to 're.compile' (names of options must be strings)")
for _, bad in ipairs { 0, -1, 1.5, "1", true } do
  assert(fails(re.compile, "a", { max_mem = bad }) == "bad argument #2 to 're.compile' (option 'max_mem' must be a positive integer)")
end
assert(fails(re.compile, "a", { max_mem = 1 << 40 }) == "bad argument #2 to 're.compile' (option 'max_mem' is beyond the limit of 8388608 bytes)")
assert(fails(re.compile, "a", { perl_classes = true }) == "bad argument #2 to 're.compile' (option 'perl_classes' goes with 'posix_syntax' only)")
assert(fails(re.compile, "a", { posix_syntax = true, ungreedy = true }) == "bad argument #2 to 're.compile' (option 'ungreedy' does not go with 'posix_syntax')")
assert(fails(re.escape) == "bad argument #1 to 're.escape' (string expected, got no value)")
assert(fails(re.cache_size, -1) == "bad argument #1 to 're.cache_size' (must be from 0 to 1024)" and fails(re.cache_size, "x") == "bad argument #1 to 're.cache_size' (number expected, got string)")

re.compile("x(")  -- expect error: bad pattern at offset 2: missing ): x(
