-- perilune-only
-- re.compile: flags and options.
local re = require "re"
local function m(pattern, options, subject) return re.compile(pattern, options):match(subject) end

assert(m("HELLO", "i", "hello") == "hello" and m("HELLO", "", "hello") == nil and m("HELLO", nil, "hello") == nil)
assert(m("É", "i", "é") == "é" and m("straße", "i", "STRAßE") == "STRAßE")
assert(m("^b$", "m", "a\nb\nc") == "b" and m("^b$", "", "a\nb\nc") == nil and m("^b$", "i", "a\nb\nc") == nil)
assert(m("a.b", "s", "a\nb") == "a\nb" and m("a.b", "", "a\nb") == nil)
assert(m("a+", "U", "aaa") == "a" and m("a+?", "U", "aaa") == "aaa" and m("a+", "", "aaa") == "aaa")
assert(m("^A.+$", "imsU", "x\na\nb") == "a\nb" and m("^A.+?$", "ims", "x\na\nb\nc") == "a\nb")
assert(m("^a", "iii", "A") == "A")

assert(m("HELLO", { case_insensitive = true }, "hello") == "hello" and m("HELLO", { case_insensitive = false }, "hello") == nil)
assert(m("^b$", { multi_line = true }, "a\nb\nc") == "b" and m("a.b", { dot_nl = true }, "a\nb") == "a\nb")
assert(m("a+", { ungreedy = true }, "aaa") == "a" and m("^a+$", { ungreedy = true, multi_line = true }, "b\naa") == "aa" and m("a", {}, "a") == "a")
assert(m("a.(b", { literal = true }, "xa.(b") == "a.(b" and m("^a$", { literal = true, multi_line = true, ungreedy = true }, "^a$") == "^a$")
assert(m("a|ab|abc", { longest_match = true }, "abcd") == "abc" and m("a|ab|abc", nil, "abcd") == "a")
assert(m("(a)(b)", { never_capture = true }, "ab") == "ab" and re.compile("(a)(b)", { never_capture = true }):groups() == 0)
assert(m("a\nb", { never_nl = true }, "a\nb") == nil and m("a[^b]", { never_nl = true }, "a\n") == nil)
assert(m("a{2}", { max_mem = 100000 }, "aa") == "aa")

-- POSIX syntax
local posix = { posix_syntax = true }
assert(m("a|ab", posix, "ab") == "a" and m("[[:digit:]]+", posix, "a12") == "12")
assert(not pcall(re.compile, [[\d]], posix) and not pcall(re.compile, [[\b]], posix) and not pcall(re.compile, "a+?b(?i)", posix))
assert(m([[\d]], { posix_syntax = true, perl_classes = true }, "a1") == "1")
assert(m([[\bc]], { posix_syntax = true, word_boundary = true }, "bc c") == "c")
assert(m("^b$", posix, "a\nb\nc") == nil and m("^b$", { posix_syntax = true, multi_line = true }, "a\nb\nc") == "b")

-- Latin-1
local bytes = { latin1 = true }
assert(#m(".", nil, "é") == 2 and #m(".", bytes, "é") == 1 and m("\xE9", bytes, "caf\xE9") == "\xE9" and m("\xE9A", { latin1 = true, case_insensitive = true }, "\xE9a") == "\xE9a")
assert(#m(".*", bytes, "\xff\0\xfe") == 3)

-- Options do not leak into the library's own cache.
assert(re.match("ABC", "abc") == nil and re.compile("abc", "i"):test("ABC") and re.match("ABC", "abc") == nil)
