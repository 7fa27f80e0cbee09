-- Comparing what has no order: the messages.

local function fails(f, ...)
  local ok, e = pcall(f, ...)
  assert(not ok)
  return (e:gsub("^[^:]+:%d+: ", ""))
end
local function lt(a, b) return a < b end
local function le(a, b) return a <= b end
local function gt(a, b) return a > b end
local function ge(a, b) return a >= b end
for i = 1, 300 do assert(lt(i, i + 1) and le(i, i) and gt(i + 1, i) and ge(i, i)) end

print(fails(lt, {}, {}))                 -- expect: attempt to compare two table values
print(fails(lt, {}, 1))                  -- expect: attempt to compare table with number
print(fails(lt, 1, {}))                  -- expect: attempt to compare number with table
print(fails(le, 1, nil))                 -- expect: attempt to compare number with nil
print(fails(gt, 1, nil))                 -- expect: attempt to compare nil with number
print(fails(ge, nil, 1))                 -- expect: attempt to compare number with nil
print(fails(lt, nil, nil))               -- expect: attempt to compare two nil values
print(fails(lt, "1", 1))                 -- expect: attempt to compare string with number
print(fails(lt, 1, "1"))                 -- expect: attempt to compare number with string
print(fails(lt, true, false))            -- expect: attempt to compare two boolean values
print(fails(lt, print, print))           -- expect: attempt to compare two function values
print(fails(le, coroutine.create(print), "x")) -- expect: attempt to compare thread with string
print(fails(function(x) return x < 10 end, "5"))   -- expect: attempt to compare string with number
print(fails(function(x) return 10 < x end, "5"))   -- expect: attempt to compare number with string
print(fails(function(x) return x >= 1.5 end, {}))  -- expect: attempt to compare number with table
print(fails(function(x) if x <= 3 then return 1 end end)) -- expect: attempt to compare nil with number
local named = setmetatable({}, { __name = "My type" })
print(fails(lt, named, named))           -- expect: attempt to compare two My type values
print(fails(lt, named, 1))               -- expect: attempt to compare My type with number
print(fails(lt, 1, io.stdout))           -- expect: attempt to compare number with FILE*
