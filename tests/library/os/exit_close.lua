-- os.exit(code, true) closes the state: pending variables of the main program, then finalizers.
local function loud(name, method) return setmetatable({}, { [method] = function() print(name) end }) end
kept = loud("finalized", "__gc")
local a <close> = loud("closed first opened", "__close")
local function inner()
  local b <close> = loud("closed last opened", "__close")
  pcall(function()
    local c <close> = setmetatable({}, { __close = function(_, e) print("closed with", e) error("in close", 0) end })
    coroutine.wrap(function()
      local d <close> = loud("never: a coroutine's", "__close")
      os.exit(0, true)
    end)()
  end)
end
inner()
-- expect: closed with	nil
-- expect: closed last opened
-- expect: closed first opened
-- expect: finalized
