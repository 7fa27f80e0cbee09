-- collectgarbage: options, their results, and memory that does not grow.

assert(collectgarbage() == 0 and collectgarbage("collect") == 0)
local count = collectgarbage("count")
assert(math.type(count) == "float" and count > 0)
assert(collectgarbage("isrunning") == true)
assert(collectgarbage("stop") == 0 and collectgarbage("isrunning") == false)
assert(collectgarbage("restart") == 0 and collectgarbage("isrunning") == true)
assert(type(collectgarbage("step")) == "boolean")
assert(type(collectgarbage("step", 100)) == "boolean")
for i = 1, 300 do assert(type(collectgarbage("step", i % 3)) == "boolean") end
local mode = collectgarbage("incremental")
assert(mode == "incremental" or mode == "generational")
assert(collectgarbage("generational") == "incremental")
assert(collectgarbage("incremental") == "generational")
print(pcall(collectgarbage, "unknown"))        -- expect: false	bad argument #1 to 'collectgarbage' (invalid option 'unknown')
print(pcall(collectgarbage, {}))               -- expect: false	bad argument #1 to 'collectgarbage' (string expected, got table)

-- garbage is freed without asking
collectgarbage()
local before = collectgarbage("count")
local function garbage(n)
  local t
  for i = 1, n do
    t = { i, { i }, tostring(i) .. "x", function() return t end }
  end
  return t
end
for _ = 1, 20 do garbage(10000) end
collectgarbage()
collectgarbage()
local after = collectgarbage("count")
assert(after < before + 200, after - before)
-- a large live structure survives and is freed when dropped
local live = {}
for i = 1, 20000 do live[i] = { value = i, text = "t" .. i } end
collectgarbage()
assert(collectgarbage("count") > before + 500)
for i = 1, 20000 do assert(live[i].value == i and live[i].text == "t" .. i) end
live = nil
collectgarbage()
assert(collectgarbage("count") < before + 400)
