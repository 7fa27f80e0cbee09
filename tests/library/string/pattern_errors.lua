-- Malformed patterns and replacements.

local function e(f, ...)
  local ok, msg = pcall(f, ...)
  assert(not ok)
  print(msg)
end
local match, gsub, find, gmatch = string.match, string.gsub, string.find, string.gmatch
e(match, "x", "[")               -- expect: malformed pattern (missing ']')
e(match, "x", "[a")              -- expect: malformed pattern (missing ']')
e(match, "x", "[^")              -- expect: malformed pattern (missing ']')
e(match, "x", "[]")              -- expect: malformed pattern (missing ']')
e(match, "x", "[^]")             -- expect: malformed pattern (missing ']')
e(match, "x", "[a%")             -- expect: malformed pattern (missing ']')
e(match, "x", "[a-")             -- expect: malformed pattern (missing ']')
e(match, "x", "%")               -- expect: malformed pattern (ends with '%')
e(match, "x", "x%")              -- expect: malformed pattern (ends with '%')
e(match, "x", "(")               -- expect: unfinished capture
e(match, "x", "(x")              -- expect: unfinished capture
e(match, "x", ")")               -- expect: invalid pattern capture
e(match, "x", "x)")              -- expect: invalid pattern capture
e(match, "x", "(x))")            -- expect: invalid pattern capture
e(match, "x", "%1")              -- expect: invalid capture index %1
e(match, "x", "(x)%2")           -- expect: invalid capture index %2
e(match, "x", "(x%1)")           -- expect: invalid capture index %1
e(match, "x", "%0")              -- expect: invalid capture index %0
e(match, "x", "%b")              -- expect: malformed pattern (missing arguments to '%b')
e(match, "x", "%bx")             -- expect: malformed pattern (missing arguments to '%b')
e(match, "x", "%f")              -- expect: missing '[' after '%f' in pattern
e(match, "x", "%fx")             -- expect: missing '[' after '%f' in pattern
e(match, "x", "%f[")             -- expect: malformed pattern (missing ']')
e(find, "x", "[a")               -- expect: malformed pattern (missing ']')
e(function() for _ in gmatch("x", "(") do end end)        -- expect: tests/library/string/pattern_errors.lua:33: unfinished capture
e(gsub, "x", "(", "%1")          -- expect: unfinished capture
e(gsub, "x", "x", "%2")          -- expect: invalid capture index %2
e(gsub, "x", "(x)", "%2")        -- expect: invalid capture index %2
e(gsub, "x", "x", "%")           -- expect: invalid use of '%' in replacement string
e(gsub, "x", "x", "%a")          -- expect: invalid use of '%' in replacement string
e(gsub, "x", "x")                -- expect: bad argument #3 to 'string.gsub' (string/function/table expected, got no value)
e(gsub, "x", "x", true)          -- expect: bad argument #3 to 'string.gsub' (string/function/table expected, got boolean)
e(gsub, "x", "x", nil)           -- expect: bad argument #3 to 'string.gsub' (string/function/table expected, got nil)
e(gsub, "x", "x", "y", "z")      -- expect: bad argument #4 to 'string.gsub' (number expected, got string)
e(gsub, "x", "x", function() return {} end)     -- expect: invalid replacement value (a table)
e(gsub, "x", "x", function() return true end)   -- expect: invalid replacement value (a boolean)
e(gsub, "x", "x", { x = print and {} })         -- expect: invalid replacement value (a table)
e(gsub, "x", "()", { [1] = function() end })    -- expect: invalid replacement value (a function)
e(match, "x")                    -- expect: bad argument #2 to 'string.match' (string expected, got no value)
e(gmatch, "x")                   -- expect: bad argument #2 to 'string.gmatch' (string expected, got no value)
-- never reached parts are not checked
assert(("x"):match("y[") == nil)
-- too deep
print(pcall(match, ("x"):rep(300000), ("x?"):rep(300000)))   -- expect: false	pattern too complex
assert(#match(("x"):rep(100000), "x*") == 100000 and #match(("x"):rep(100000), ".-$") == 100000)
