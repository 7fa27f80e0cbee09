-- perilune-only
-- re: hostile patterns and subjects, limits, the cache, escape, collection.
local re = require "re"
local function fails(...)
  local ok, message = pcall(...)
  assert(not ok)
  return message
end

-- Backtracking would not end here.
local as = ("a"):rep(20000)
for _, pattern in ipairs { "(a*)*b", "(a+)+$b", "(a|a)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)(.*)b", ("a?"):rep(500) .. ("a"):rep(500) .. "b" } do
  assert(re.match(as, pattern) == nil and not re.test(as, pattern) and re.find(as, pattern) == nil and re.fullmatch(as, pattern) == nil)
end
assert(re.match(as, "(a*)*") == as)
assert(re.fullmatch(as, "(?:a*)*") == as and #re.match(as .. "b", "((a|aa)+)b") == 20000)
assert(re.match(("x"):rep(50000), "(x+x+)+y") == nil)

-- Nesting.
assert(re.compile(("(?:"):rep(500) .. "a" .. (")"):rep(500)):test("a"))
assert(re.compile(("("):rep(100000) .. (")"):rep(100000)):groups() == 100000)

-- Memory: ten thousand alternatives.
local words = {}
for i = 1, 10000 do words[i] = ("%x"):format(i * 7919) .. "z" .. i end
local alternatives = table.concat(words, "|")
assert(fails(re.compile, alternatives, { max_mem = 1 << 17 }) == "bad pattern: too large for max_mem = 131072 bytes")
assert(fails(re.compile, "((a{100}){100}){10}") == "bad pattern at offset 9: invalid repetition size: {100}")
assert(fails(re.compile, "[[:word:]\\pL]{1000}") == "bad pattern: too large for max_mem = 8388608 bytes")
assert(fails(re.compile, "a", { max_mem = 1 }) == "bad pattern: too large for max_mem = 1 bytes")
assert(fails(re.compile, ("a"):rep(262145)) == "bad pattern: longer than 262144 bytes")
assert(fails(re.match, "a", ("a"):rep(262145)) == "bad pattern: longer than 262144 bytes")
assert(re.compile(("a"):rep(2000)):test(("a"):rep(2000)))
assert(fails(re.set, { ("a"):rep(200000), ("b"):rep(62145) }) == "bad patterns: together longer than 262144 bytes")
-- automata that do not fit: slower, but right
local tight = re.compile("[ab]*a[ab]{12}c", { max_mem = 20000 })
local ab = {}
for i = 1, 3000 do ab[i] = i * i % 7 < 3 and "a" or "b" end
ab = table.concat(ab)
assert(tight:test(ab) == false and tight:match(ab .. "abbbbbbbbbbbbc") == ab .. "abbbbbbbbbbbbc")

-- The cache.
assert(re.cache_size() == 64 and re.cache_size(2) == 64 and re.cache_size() == 2)
for _ = 1, 3 do
  for i = 1, 10 do assert(re.match("a" .. i, "a(" .. i .. ")") == tostring(i)) end
end
assert(re.cache_size(0) == 2 and re.match("abc", "b") == "b" and re.match("abc", "b") == "b" and re.cache_size(1024) == 0)
for i = 1, 2000 do assert(re.find("x" .. i .. "y", i .. "y") == 2) end
assert(re.cache_size(nil) == 1024 and re.cache_size(64) == 1024)
-- a pattern dropped from the cache while it is at work
re.cache_size(1)
assert(re.gsub("abc", "[a-c]", function(c) return re.match(c .. c, c .. "+") .. re.match("!", "!") end) == "aa!bb!cc!")
local n = 0
for word in re.gmatch("a b c", [[\w]]) do
  assert(re.test(word, word))
  n = n + 1
end
assert(n == 3)
re.cache_size(64)

-- escape
for _, text in ipairs { "", "a.b*c", "1+1=2?", "[x](y){z}^$|\\", "é€", "a\0b", "a\nb\t", "_-/ " } do
  local escaped = re.escape(text)
  assert(re.fullmatch(text, escaped) == text and not re.test("\1", escaped .. "\1$") or text == "")
end
assert(re.escape("a.b") == "a\\.b" and re.escape("a\0") == "a\\x00" and re.escape(12) == "12")
local bytes = {}
for i = 0, 255 do bytes[i + 1] = string.char(i) end
bytes = table.concat(bytes)
assert(re.compile(re.escape(bytes), { latin1 = true }):fullmatch(bytes) == bytes)

-- Patterns are collected, and memory with them: this would take gigabytes otherwise.
for i = 1, 3000 do re.compile("[a-z]{" .. i % 400 .. "}" .. i) end
local weak = setmetatable({}, { __mode = "k" })
for _ = 1, 10 do weak[re.compile("abc")] = true end
collectgarbage()
collectgarbage()
local left = 0
for _ in pairs(weak) do left = left + 1 end
assert(left <= 2)

-- Long subjects.
local big = ("line of text\n"):rep(50000)
local _, lines = re.gsub(big, "(?m)^line", "LINE")
assert(lines == 50000 and re.find(big .. "needle", "needle") == #big + 1 and #re.split(big, "\n") == 50001)
