-- word_count: measures reading a file by lines, string.gmatch, string.lower and
-- counting in a table with string keys.
-- Source: the classic word count over the text in data/text.txt.
-- arg[1]: how many times the file is read (default 80, quick 15)

local n = tonumber(arg and arg[1]) or 80

local folder = arg and arg[0] and arg[0]:match("^(.*[/\\])") or ""
local path = folder .. "data/text.txt"

local counts, total, lines, letters
for _ = 1, n do
  counts, total, lines, letters = {}, 0, 0, 0
  for line in io.lines(path) do
    lines = lines + 1
    for word in string.gmatch(line, "%a+") do
      word = word:lower()
      counts[word] = (counts[word] or 0) + 1
      total = total + 1
      letters = letters + #word
    end
  end
end

local words = {}
for word in pairs(counts) do
  words[#words + 1] = word
end
table.sort(words, function(a, b)
  local ca, cb = counts[a], counts[b]
  if ca ~= cb then return ca > cb end
  return a < b
end)

print("lines", lines)
print("words", total)
print("letters", letters)
print("different", #words)
for i = 1, 20 do
  print(string.format("%6d  %s", counts[words[i]], words[i]))
end
