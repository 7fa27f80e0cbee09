-- What generated programs find besides the library: P traces values, S turns one into text, cut keeps strings short, val makes an
-- integer of anything, N keeps "not a number", whose text depends on the machine, from where a string is wanted, Y yields where that is
-- possible.

local function text(value, depth)
  local kind = math.type(value) or type(value)
  if kind == "float" and value ~= value then return "nan" end
  if kind == "string" then return '"' .. value:gsub("[%c\128-\255]", function(c) return ("\\%d"):format(c:byte()) end) .. '"' end
  if kind ~= "table" then
    return (kind == "function" or kind == "thread" or kind == "userdata") and kind or tostring(value)
  end
  if getmetatable(value) then return "object" end
  if depth == 0 then return "{}" end
  local parts = {}
  for i = 1, math.min(#value, 12) do parts[i] = text(value[i], depth - 1) end
  local keys = {}
  for key in next, value do
    if type(key) == "string" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do parts[#parts + 1] = key .. "=" .. text(value[key], depth - 1) end
  return "{" .. table.concat(parts, ",") .. "}"
end

function P(...)
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = text(parts[i], 2) end
  print(table.concat(parts, " "))
end

function S(value)
  if value ~= value then return "nan" end
  local kind = type(value)
  return (kind == "number" or kind == "string" or kind == "boolean" or kind == "nil") and tostring(value) or kind
end

function cut(s) return #s > 40 and s:sub(1, 40) or s end

function val(value)
  if type(value) == "table" then value = rawget(value, "v") end
  return math.tointeger(tonumber(value) or 0) or 0
end

function N(value)
  if value ~= value then return 0 end
  return value
end

function Y(value)
  if coroutine.isyieldable() then coroutine.yield(value) end
end
