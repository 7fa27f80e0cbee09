-- string.rep: counts, separators, limits.

local function check()
  for n = 0, 45 do  -- around the longest interned string
    assert(#("a"):rep(n) == n and ("a"):rep(n) == ("a"):rep(n, "") and #("ab"):rep(n, ", ") == math.max(0, 4 * n - 2))
  end
  assert(("ab"):rep(3) == "ababab" and ("ab"):rep(3, ",") == "ab,ab,ab" and ("ab"):rep(1, ",") == "ab" and ("ab"):rep(0, ",") == "")
  assert(("ab"):rep(-1) == "" and ("x"):rep(math.mininteger) == "" and (""):rep(100) == "" and (""):rep(5, ".") == "....")
  assert(("\0\1"):rep(2, "\0") == "\0\1\0\0\1" and string.rep(12, 2) == "1212" and string.rep("x", "3") == "xxx" and string.rep("x", 2.0, 0) == "x0x")
end
for _ = 1, 100 do check() end
assert(("a"):rep(1000000) == (""):rep(1000001, "a"))

local function e(...)
  local ok, message = pcall(string.rep, ...)
  assert(not ok)
  print(message)
end
e("aa", 1 << 30)  -- expect: resulting string too large
e("a", 1 << 30, ",")  -- expect: resulting string too large
e("x", math.maxinteger)  -- expect: resulting string too large
e("aa", math.maxinteger // 2 + 10)  -- expect: resulting string too large
e("", math.maxinteger // 2 + 10, "aa")  -- expect: resulting string too large
e()  -- expect: bad argument #1 to 'string.rep' (string expected, got no value)
e("x")  -- expect: bad argument #2 to 'string.rep' (number expected, got no value)
e("x", 1.5)  -- expect: bad argument #2 to 'string.rep' (number has no integer representation)
e("x", "y")  -- expect: bad argument #2 to 'string.rep' (number expected, got string)
e("x", 1, {})  -- expect: bad argument #3 to 'string.rep' (string expected, got table)
e({}, 1)  -- expect: bad argument #1 to 'string.rep' (string expected, got table)
