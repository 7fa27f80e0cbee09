-- perilune-only
-- re: gmatch, gfind, gexec.
local re = require "re"
local function collect(...)
  local out = {}
  for a, b, c in ... do out[#out + 1] = tostring(a) .. (b ~= nil and "," .. tostring(b) or "") .. (c ~= nil and "," .. tostring(c) or "") end
  return table.concat(out, " ")
end

local function check()
  assert(collect(re.gmatch("one two  three", [[\w+]])) == "one two three")
  assert(collect(re.gmatch("a=1, b=2", [[(\w+)=(\w+)]])) == "a,1 b,2")
  assert(collect(re.gmatch("abc", "x")) == "" and collect(re.gmatch("", "x")) == "" and collect(re.gmatch("", "")) == "")
  assert(collect(re.gfind("abab", "(a)b")) == "1,2,a 3,4,a" and collect(re.gfind("abab", "b")) == "2,2 4,4")
  -- groups that took no part do not end the loop
  assert(collect(re.gmatch("ab", "(a)|(b)")) == "a,false false,b")
  -- empty matches, as string.gmatch has them
  for _, case in ipairs { { "abc", "" }, { "abc", "x*" }, { "abxxc", "x*" }, { "xxabc", "x*" }, { "abcxx", "x*" }, { "aXbXc", "X*" }, { "  a  ", " *" } } do
    local lua = {}
    for first, last in case[1]:gmatch("()" .. case[2] .. "()") do lua[#lua + 1] = first .. "," .. last - 1 end
    assert(collect(re.gfind(case[1], case[2])) == table.concat(lua, " "), case[1])
  end
  -- init
  assert(collect(re.gfind("abcabc", "b", 3)) == "5,5" and collect(re.gfind("abcabc", "b", -1)) == "" and collect(re.gfind("abc", "", 4)) == "4,3")
  assert(collect(re.gfind("abc", "", 5)) == "" and collect(re.gfind("abcabc", "b", -100)) == "2,2 5,5")
  -- ^ is the subject's beginning, not a match's
  assert(collect(re.gfind("aaa", "^a")) == "1,1" and collect(re.gfind("a\na", "(?m)^a")) == "1,1 3,3")
  assert(collect(re.compile("[a-c]"):gmatch("abcd")) == "a b c")
  -- zeros
  assert(collect(re.gfind("\0a\0", "\\x00")) == "1,1 3,3")
end
for _ = 1, 60 do check() end

local names = {}
for m, first, last in re.gexec("k1=v1;k2=v2", [[(?P<key>\w+)=(?P<value>\w+)]]) do
  names[#names + 1] = m.key .. first.key .. "-" .. m.value .. last.value
end
assert(table.concat(names, " ") == "k11-v15 k27-v211")

-- Nothing is left behind the end.
local next_match = re.gmatch("a", "a")
assert(next_match() == "a" and next_match() == nil and next_match() == nil)

-- UTF-8: empty matches are between characters.
assert(collect(re.gfind("né€𝄞", "")) == "1,0 2,1 4,3 7,6 11,10")
assert(collect(re.gfind("né€", "x*", 3)) == "4,3 7,6")    -- init within a character: on to the next
assert(collect(re.gfind("aéb", [[\B]])) == "" and collect(re.gfind("éé", [[\B]])) == "1,0 3,2 5,4")
for first in re.gfind("éé€éa", [[\B]]) do assert(utf8.codepoint("éé€éa", first)) end
assert(collect(re.compile("", { latin1 = true }):gfind("é")) == "1,0 2,1 3,2")
-- what is not UTF-8 goes byte by byte
assert(collect(re.gfind("\xff\xc3\xe2\x82", "")) == "1,0 2,1 3,2 4,3 5,4")
assert(collect(re.gfind("\xed\xa0", "")) == "1,0 2,1 3,2" and collect(re.gfind("\x80\x80", "")) == "1,0 2,1 3,2")
assert(collect(re.gfind("a\xffb", ".")) == "1,1 3,3" and collect(re.gfind("a\xffb", [[\C]])) == "1,1 2,2 3,3")
assert(collect(re.gfind("\xe0\x80\xaf", "")) == "1,0 2,1 3,2 4,3")

-- The iterator keeps what it needs.
local iterator = re.gmatch(("word "):rep(20), [[\w+]])
local count = 0
for word in iterator do
  assert(word == "word")
  count = count + 1
  collectgarbage()
end
assert(count == 20)
