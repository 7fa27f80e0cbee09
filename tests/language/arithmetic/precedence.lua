-- Operator precedence and associativity.

local function check(a, b, c)
  assert(a + b * c == 7 and (a + b) * c == 9)
  assert(2 - 3 - 4 == -5 and 2 - (3 - 4) == 3 and 100 / 10 / 2 == 5)
  assert(2 ^ 3 ^ 2 == 512 and -3 ^ 2 == -9 and not nil == true)
  assert(not 1 == false and not (1 == 2) and not 1 == (not 1))
  assert(1 .. 2 .. 3 == "123" and "a" .. 1 + 2 == "a3" and 2 ^ 2 .. "" == "4.0")
  assert(1 + 1 == 2 and 1 < 2 == true and 1 .. "" == "1")
  assert("a" .. "b" == "ab" and "b" .. "c" > "ab")
  assert(not pcall(load("return 1 << 1 .. 2"))) -- .. binds tighter than <<
  assert(1 | 6 & 3 == 3 and 1 ~ 3 | 4 == 6 and 1 << 1 & 3 == 2)
  assert(5 - -3 == 8 and - - 3 == 3 and -(-3) == 3 and not not 3 == true)
  assert(#"abc" + 1 == 4 and -#"abc" == -3 and #"ab" .. "c" == "2c")
  assert(-"2" + 1 == -1 and -2 ^ -2 == -0.25)
  assert(~1 + 1 == -1 and ~(1 + 1) == -3 and -~1 == 2)
  assert((1 or 2) and 3 == 3 and (nil or 2) == 2)
  assert((false and 1 or 2) == 2 and (1 and nil or 3) == 3)
  assert(1 == 1 and 2 == 2 or error("not reached"))
  assert(2 * 3 % 4 == 2 and 2 * (3 % 4) == 6 and 7 // 2 * 2 == 6)
  assert((2 < 3) == true and (2 + 3 < 3 + 3) == true)
  assert(a < b == (a < b) and b ~= c == true)
  assert(1 + 2 < 4 and "x" .. "y" == "xy" and not (1 > 2))
  assert(2 + 3 .. 4 + 5 == "59")
end

for _ = 1, 300 do check(1, 2, 3) end
