-- Arithmetic on a missing field.

local item = { price = 5 }
local function total(n)
  return n * item.price + item.tax -- expect error: attempt to perform arithmetic on a nil value (field 'tax')
end
item.tax = 1
for i = 1, 300 do assert(total(i) == 5 * i + 1) end
item.tax = nil
total(1)
