-- os.exit(code, true) closes the state: pending variables of the main chunk, then finalizers, the last made first; what they make is not finalized.

local first <close> = setmetatable({}, {__close = function(_, e) print("closed first", e) end})
local second <close> = setmetatable({}, {__close = function(_, e) print("closed second", e) end})

collectgarbage("stop")
setmetatable({}, {__gc = function() print("finalized 1") end})
setmetatable({}, {__gc = function()
  print("finalized 2")
  setmetatable({}, {__gc = function() print("never") end})
  os.exit(true, true) -- again, from within
end})

local function leave()
  local third <close> = setmetatable({}, {__close = function(_, e) print("closed third", e) end})
  -- Those of a coroutine are not closed.
  coroutine.wrap(function()
    local other <close> = setmetatable({}, {__close = function() print("never") end})
    os.exit(true, true)
  end)()
end
leave()
-- expect: closed third	nil
-- expect: closed second	nil
-- expect: closed first	nil
-- expect: finalized 2
-- expect: finalized 1
