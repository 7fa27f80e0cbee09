-- Searching skips places at which a match cannot begin, and repetitions those at which what follows cannot. The results are those of trying each place.

local find, sub = string.find, string.sub

local patterns = { "%a+", "(%a+)", "%S+", "[^,]*", "[^,]+,", "%f[%a]%a+", "%f[%z]", "%f[%w]%d*", "%f[^%w]", "a?b", "a-b", "%s*$", "(.-)%s*$", ".-,", "(.-),(.-)$",
  "%d*%.?%d+", "[%w_]+%s*=", "=%s*()", "()$", "", "x*", "x*y?$", ".*,", ".+%d", "%b()", "a*%b()", "(a)%1", "a?(b?)%1c", "[a%]]+", "%z+", "[%z,]", "\0", "[^%z]+$", "%-?%d+",
  "%w+@%w+", "(%w+)=(%w+)", ".", ".$", ".-$", "b*a-c?d+", "[]]", "[^]]+]", "%%" }
local subjects = { "", "a", " ", "abc", "  abc def  ", "a,b,,c", "key = value", "x=1,yy=22", "aab(c(d))e", "xxy", "3.14 and .5", "me@home", "a\0b\0", "\0", "]]a]", "100%",
  "aaaaaaab", "abababac", " - -12 ", ("word "):rep(30), ("ab,"):rep(20) .. "z" }

local function first(subject, pattern)
  for at = 1, #subject + 1 do
    local result = table.pack(find(subject, "^" .. pattern, at))
    if result[1] then return result end
  end
  return { n = 1 }
end

for _, pattern in ipairs(patterns) do
  for _, subject in ipairs(subjects) do
    local expected, got = first(subject, pattern), table.pack(find(subject, pattern))
    assert(got.n == expected.n, pattern)
    for i = 1, got.n do assert(got[i] == expected[i], pattern) end
    -- What gmatch and gsub find is what find finds from one match to the next.
    local matches, at, last = {}, 1, nil
    while at <= #subject + 1 do
      local from, to = find(subject, pattern, at)
      if not from then break end
      if to == last then  -- an empty match where the one before ended: the next place
        at = at + 1
      else
        matches[#matches + 1] = sub(subject, from, to)
        at, last = to + 1, to
      end
      if to < from and at <= from then at = from end
    end
    local count = select(2, subject:gsub(pattern, function() end))
    local gmatch_count = 0
    for _ in subject:gmatch(pattern) do gmatch_count = gmatch_count + 1 end
    assert(count == gmatch_count and select(2, subject:gsub(pattern, "%0")) == count and subject:gsub(pattern, "%0") == subject, pattern)
    if not find(pattern, "%f", 1, true) then assert(count == #matches, pattern) end
  end
end

-- Errors are raised when matching gets there, and only then.
assert(not find("xyz", "a%"))
assert(not pcall(find, "xaz", "a%"))
assert(not pcall(find, "", "a*%"))
assert(not pcall(find, "xyz", "b?[a"))
assert(not find("xyz", "b[a"))

-- Subjects longer than the parts that are worked on at once.
local long = ("a"):rep(3 << 20)
assert(find(long, "%a+") == 1 and select(2, find(long, "%a+")) == #long)
assert(find(long .. " b", "%s") == #long + 1 and find(long .. "\0b", "[%z]b") == #long + 1)
assert(find(long .. ",", "%f[^%a]") == #long + 1 and find(long .. "!", "a!", 5) == #long)
assert(select(2, find(long .. "bc", "^a*b")) == #long + 1)
