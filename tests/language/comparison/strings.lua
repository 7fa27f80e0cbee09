-- Strings compare byte by byte; a prefix is less; zero bytes count.

local function check()
  assert("a" < "b" and "a" <= "a" and not ("a" < "a") and "b" > "a" and "b" >= "b")
  assert("" < "a" and "" <= "" and not ("" < "") and "a" > "")
  assert("a" < "aa" and "aa" < "ab" and "Z" < "a" and "10" < "9")
  assert("alo" < "alo1" and "alo1" > "alo" and "alo" <= "alo")
  assert("alo\0alo" > "alo" and "alo\0alo" < "alo\0b" and "alo\0" > "alo")
  assert("alo\0alo\0" > "alo\0alo" and "\0" > "" and "\0\0" > "\0" and "\0" < "\1")
  assert("\0\0alo" < "\0\0b" and "\0\0alo\0\0" <= "\0\0alo\0\0\0")
  local long = string.rep("x", 1000)
  assert(long .. "a" < long .. "b" and long < long .. "\0" and not (long .. "b" < long .. "a"))
end
for _ = 1, 300 do check() end

local function less(a, b) return a < b end
local words = {}
for i = 1, 300 do words[i] = string.char(97 + i * 7 % 26) .. i end
table.sort(words, less)
for i = 2, #words do assert(words[i - 1] <= words[i]) end
print(words[1], words[2], words[300])    -- expect: a104	a130	z89
