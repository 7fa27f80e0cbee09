-- string.sub, len, upper, lower, reverse, rep.

local function check(s)
  assert(s:sub(1) == s and s:sub(1, -1) == s and s:sub(2, 4) == "ell" and s:sub(-3) == "llo" and s:sub(-3, -2) == "ll")
  assert(s:sub(3, 3) == "l" and s:sub(4, 2) == "" and s:sub(6) == "" and s:sub(100) == "" and s:sub(0) == s)
  assert(s:sub(-100) == s and s:sub(-100, 2) == "he" and s:sub(2, 100) == "ello" and s:sub(1, 0) == "" and s:sub(1, -6) == "")
  assert(s:sub(0, 0) == "" and s:sub(-1, -1) == "o" and s:sub(2.0, "3") == "el")
  assert(s:sub(math.mininteger, math.maxinteger) == s and s:sub(math.maxinteger) == "" and s:sub(math.mininteger, -1) == s)
  assert(s:sub(1, math.mininteger) == "" and s:sub(math.maxinteger, math.mininteger) == "")
  assert(s:len() == 5 and #s == 5 and (""):len() == 0 and ("\0\0"):len() == 2)
  assert(s:upper() == "HELLO" and ("HeLLo 1_é"):lower() == "hello 1_é" and (""):upper() == "")
  assert(s:reverse() == "olleh" and (""):reverse() == "" and ("a\0b"):reverse() == "b\0a")
  assert(s:rep(0) == "" and s:rep(-1) == "" and s:rep(1) == s and s:rep(3) == "hellohellohello" and s:rep(2, ", ") == "hello, hello")
  assert(s:rep(1, "sep") == s and s:rep(0, "sep") == "" and (""):rep(100) == "" and (""):rep(3, "x") == "xx" and ("ab"):rep(3, "") == "ababab")
  assert(("\0"):rep(3) == "\0\0\0")
  assert(string.len("abc") == 3 and string.upper("abc") == "ABC" and string.sub("abc", 2) == "bc")
  assert(("x"):rep(1000):len() == 1000 and ("ab"):rep(500, "c"):len() == 1499)
end
for _ = 1, 300 do check("hello") end
for i = 1, 100 do
  local s = ("abcdefghij"):rep(10)
  for j = i, 100, 7 do
    local t = s:sub(i, j)
    assert(#t == j - i + 1 and t:byte(1) == s:byte(i) and t:byte(-1) == s:byte(j))
  end
end
assert(string.len(123) == 3 and string.rep(12, 2) == "1212" and (5 .. ""):rep(2) == "55")
print(pcall(string.rep, "xx", math.maxinteger)) -- expect: false	resulting string too large
print(pcall(string.rep, "", math.maxinteger, "ab")) -- expect: false	resulting string too large
print(pcall(string.sub))                        -- expect: false	bad argument #1 to 'string.sub' (string expected, got no value)
print(pcall(string.sub, "x"))                   -- expect: false	bad argument #2 to 'string.sub' (number expected, got no value)
print(pcall(string.sub, "x", {}))               -- expect: false	bad argument #2 to 'string.sub' (number expected, got table)
print(pcall(string.len))                        -- expect: false	bad argument #1 to 'string.len' (string expected, got no value)
print(pcall(string.upper, nil))                 -- expect: false	bad argument #1 to 'string.upper' (string expected, got nil)
print(pcall(string.reverse, {}))                -- expect: false	bad argument #1 to 'string.reverse' (string expected, got table)
