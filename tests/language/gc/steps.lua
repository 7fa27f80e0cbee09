-- Collection in small steps between changes: old objects that come to hold new ones.

local function check(mode)
  collectgarbage(mode)
  local old = {}
  for i = 1, 200 do old[i] = { n = i } end
  collectgarbage()
  for round = 1, 20 do
    for i = 1, 200 do
      old[i].child = { round, i }             -- an old table is given a new one
      old[i]["r" .. round % 3] = "s" .. round .. "." .. i
      if i % 20 == 0 then collectgarbage("step", 1) end
    end
    for i = 1, 200 do
      assert(old[i].n == i and old[i].child[1] == round and old[i].child[2] == i)
      assert(old[i]["r" .. round % 3] == "s" .. round .. "." .. i)
    end
  end
  -- upvalues, metatables and coroutines changed between steps
  local up = {}
  local function get() return up end
  local co = coroutine.wrap(function() local x while true do x = { coroutine.yield(x and x[1]) } end end)
  co()
  for i = 1, 300 do
    up = { i }
    setmetatable(up, { __index = { inherited = i } })
    co(i)
    collectgarbage("step", 1)
    local _ = { {}, {}, "garbage" .. i }
    assert(get()[1] == i and get().inherited == i)
  end
  -- tables that grow while being collected
  local t = {}
  for i = 1, 2000 do
    t[i] = { i }
    t["k" .. i] = t[i]
    if i % 50 == 0 then collectgarbage("step", 1) end
  end
  for i = 1, 2000 do assert(t[i][1] == i and t["k" .. i] == t[i]) end
end
check("incremental")
check("generational")
check("incremental")
collectgarbage("incremental")
