-- Comparing incompatible values.

local function max(list)
  local m = list[1]
  for i = 2, #list do
    if list[i] > m then m = list[i] end -- expect error: attempt to compare number with string
  end
  return m
end
for _ = 1, 300 do assert(max({ 3, 9, 2 }) == 9) end
max({ 3, 9, "2" })
