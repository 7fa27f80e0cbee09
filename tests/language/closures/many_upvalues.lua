-- Functions with many upvalues, up to the limit of 255.

local decl, sum = {}, {}
for i = 1, 150 do
  decl[i] = "local a" .. i .. " = " .. i
  sum[i] = "a" .. i
end
local source = table.concat(decl, "\n") .. [[

local function f() return ]] .. table.concat(sum, "+") .. [[ end
local function g(d) a1, a75, a150 = a1 + d, a75 + d, a150 + d end
return f, g]]
local f, g = assert(load(source))()
assert(f() == 11325)
for i = 1, 300 do
  g(1)
  assert(f() == 11325 + 3 * i)
end

-- upvalues through two levels of functions, 255 in all and then one too many
local function build(n)
  local per, parts, names = 128, {}, {}
  for i = 1, n do names[i] = "u" .. i end
  parts[#parts + 1] = "local " .. table.concat(names, ",", 1, math.min(per, n)) .. " = 1"
  parts[#parts + 1] = "return function()"
  if n > per then parts[#parts + 1] = "local " .. table.concat(names, ",", per + 1, n) .. " = 2" end
  parts[#parts + 1] = "return function() return {" .. table.concat(names, ",") .. "} end end"
  return table.concat(parts, " ")
end
assert(load(build(254)))
local h, e = load(build(256))
assert(h == nil and e:find("too many upvalues (limit is 255)", 1, true), e)
