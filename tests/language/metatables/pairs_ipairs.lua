-- __pairs, and ipairs through __index.

local function check()
  local p = setmetatable({}, { __pairs = function(self)
    local i = 0
    return function(state, ctl) i = i + 1; if i <= 3 then return i, i * i end end, "state", nil
  end })
  local s = ""
  for k, v in pairs(p) do s = s .. k .. "=" .. v .. " " end
  assert(s == "1=1 2=4 3=9 ")
  local f, st, ctl, extra = pairs(p)
  assert(type(f) == "function" and st == "state" and ctl == nil and extra == nil)
  f, st, ctl = pairs({ 1 })
  assert(f == next and type(st) == "table" and ctl == nil)
  -- ipairs stops at the first nil and follows __index
  s = 0
  for i, v in ipairs({ 1, 2, nil, 4 }) do s = s + v end
  assert(s == 3)
  local q = setmetatable({ 10, 20 }, { __index = function(_, i) if i <= 5 then return i * 10 end end })
  s = 0
  for i, v in ipairs(q) do assert(v == i * 10); s = s + v end
  assert(s == 150)
  s = 0
  for i, v in ipairs({ false, false }) do s = s + i end
  assert(s == 3)
  for _ in ipairs({}) do error("not reached") end
  for _ in ipairs({ n = 1, [2] = 2 }) do error("not reached") end
  -- rawget, rawset, rawlen, rawequal ignore metamethods
  local r = setmetatable({}, { __index = function() return 1 end, __newindex = function() error("no") end,
    __len = function() return 9 end, __eq = function() return true end })
  assert(rawget(r, "x") == nil and rawlen(r) == 0 and not rawequal(r, setmetatable({}, getmetatable(r))))
  assert(rawset(r, 1, "v") == r and rawget(r, 1) == "v" and rawlen(r) == 1 and rawlen("abc") == 3)
end
for _ = 1, 300 do check() end
print(pcall(rawlen, 5))                 -- expect: false	bad argument #1 to 'rawlen' (table or string expected, got number)
print(pcall(rawget, 5, 1))              -- expect: false	bad argument #1 to 'rawget' (table expected, got number)
print(pcall(rawset, {}, 1))             -- expect: false	bad argument #3 to 'rawset' (value expected)
print(pcall(rawequal, 1))               -- expect: false	bad argument #2 to 'rawequal' (value expected)
print(pcall(pairs))                     -- expect: false	bad argument #1 to 'pairs' (value expected)
print(pcall(ipairs))                    -- expect: false	bad argument #1 to 'ipairs' (value expected)
