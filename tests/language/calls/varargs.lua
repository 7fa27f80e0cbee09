-- Variable arguments: counting, selecting, passing on (manual §3.4.11).
local function count(...) return select("#", ...) end

print(count())            -- expect: 0
print(count(nil, nil))    -- expect: 2
print((select(2, "a", "b", "c")))  -- expect: b
print(select(-1, "a", "b", "c"))   -- expect: c

local packed = table.pack(1, nil, 3)
assert(packed.n == 3 and packed[2] == nil)
assert(count(table.unpack(packed, 1, packed.n)) == 3)
