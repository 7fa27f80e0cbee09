-- Hot string work: concatenation, comparison, methods, keys made at run time.

local function join(a, b, c) return a .. "-" .. b .. "-" .. c end
for i = 1, 1000 do
  assert(join(i, i + 0.5, "x") == i .. "-" .. i .. ".5-x")
  assert(#join("", "", "") == 2)
end
local function hash(s)
  local h = 0
  for i = 1, #s do h = (h * 31 + s:byte(i)) & 0xffffffff end
  return h
end
print(hash("hello"), hash(("abc"):rep(300)))      -- expect: 99162322	2867234944
local function reverse(s)
  local r = ""
  for i = #s, 1, -1 do r = r .. s:sub(i, i) end
  return r
end
for _ = 1, 20 do assert(reverse("abcdefghij") == "jihgfedcba" and reverse(("xy"):rep(50)) == ("yx"):rep(50)) end
local function palindrome(s)
  local i, j = 1, #s
  while i < j do
    if s:byte(i) ~= s:byte(j) then return false end
    i, j = i + 1, j - 1
  end
  return true
end
for _ = 1, 100 do assert(palindrome("racecar") and palindrome("") and palindrome("abba") and not palindrome("abca")) end
local function compare(list)
  local least = list[1]
  for i = 2, #list do if list[i] < least then least = list[i] end end
  return least
end
local words = {}
for i = 1, 300 do words[i] = string.char(97 + i % 26, 97 + i * 7 % 26, 97 + i * 11 % 26) end
for _ = 1, 20 do assert(compare(words) == "aaa") end
-- the same strings made again are equal and the same key
local seen, dup = {}, 0
for i = 1, 2000 do
  local k = "key" .. i % 100
  if seen[k] then dup = dup + 1 end
  seen[k] = true
end
assert(dup == 1900)
-- a small tokenizer
local function tokens(s)
  local out, i = {}, 1
  while i <= #s do
    local c = s:sub(i, i)
    if c:find("%s") then i = i + 1
    elseif c:find("%d") then
      local d = s:match("^%d+", i)
      out[#out + 1] = "n" .. d
      i = i + #d
    elseif c:find("%a") then
      local w = s:match("^%a+", i)
      out[#out + 1] = "w" .. w
      i = i + #w
    else
      out[#out + 1] = c
      i = i + 1
    end
  end
  return table.concat(out, " ")
end
for _ = 1, 100 do assert(tokens("x1 = (42+y)*7") == "wx n1 = ( n42 + wy ) * n7") end
-- numbers to text and back
for i = -500, 500 do
  assert(tonumber(tostring(i)) == i and tonumber(i .. "") == i and tostring(i + 0.25) == i .. ".25" or i < 0)
end
