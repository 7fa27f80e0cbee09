-- loops: measures the numeric for loop and integer addition, with nothing else.
-- Source: written for this suite.
-- arg[1]: how many iterations (default 10000000, quick 8000000)

local n = math.tointeger(tonumber(arg and arg[1])) or 10000000

local s = 0
for i = 1, n do
  s = s + i
end
print(s)
