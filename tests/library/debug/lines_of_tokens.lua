-- The lines that hooks see when every token stands on a line of its own: an instruction has the line of the token that was read last when it was made.

local snippets = {
  "if a then b = 1 end",
  "if f ( ) then b = 1 else b = 2 end",
  "if a and f ( ) then b = 1 end",
  "if a or f ( ) then b = 1 end",
  "if not a then b = 1 elseif none then b = 2 elseif a then b = 3 end",
  "if ( a and not none ) or f ( ) then b = 2 end c = 2",
  "if not ( a and b ) then b = 1 end c = 1",
  "if s : find ( 'x' ) then b = 1 end",
  "if one + two == 3 and one < 2 then b = 1 end",
  "if nil then b = 1 else b = 2 end",
  "if f ( ) then return end",
  "if f ( ) then goto out end b = 1 :: out ::",
  "local x = nil and f ( )",
  "local i = 0 while a do if f ( ) then break end end c = 1",
  "while true do break end",
  "while false do b = 1 end c = 1",
  "repeat if f ( ) then break end until none",
  "repeat local z = 1 until z == 1",
  "goto out b = 1 :: out :: c = 1",
  "do goto out end :: out :: b = 1",
  "for i = 1 , 2 do goto continue :: continue :: end",
  "for i = 3 , 1 , - 1 do b = 1 end c = 1",
  "for i = one , two , one do local k = i if k then goto continue end b = k :: continue :: end",
  "for k , v in pairs { 1 , 2 } do b = k end c = 1",
  "local t = { 1 , 2 , x = 3 , [ one ] = 4 , f ( ) } c = 1",
  "local t = { f ( ) , ... }",
  "t . n = { 1 , { 2 } }",
  "t . a , t . b = 1 , 2",
  "local a , b , c = 1 , f ( ) , 2",
  "local x <const> = 5 b = x + one",
  "local a <const> , b = 1 , 2",
  "local x , y = ...",
  "local g <close> = setmetatable ( { } , { __close = function ( ) b = 1 end } ) c = 1",
  "local function g ( x ) return x end g ( 1 )",
  "function g ( x ) return x + 1 end g ( 1 )",
  "local function h ( ... ) local a , b = ... return ... end h ( 1 , 2 )",
  "local up = 1 local g = function ( ) up = up + 1 return up end g ( ) g ( )",
  "local s = 'a' .. one .. 'b'",
  "b = 'x' .. 'y'",
  "b = 1 + 2",
  "b = 2 + one",
  "f ( one , 'two' , three )",
  "f ( ... )",
  "local r = t . x or error ( 'x' )",
  "local r = s : rep ( 2 ) : upper ( )",
  "return { one , two }",
  "return ...",
}

local function lines_of(chunk)
  local seen = {}
  debug.sethook(function(_, line)
    if debug.getinfo(2, "S").source == "=snippet" then seen[#seen + 1] = line end
  end, "l")
  chunk(1, 2)
  debug.sethook()
  local active = {}
  for line in pairs(debug.getinfo(chunk, "L").activelines) do active[#active + 1] = line end
  table.sort(active)
  return table.concat(seen, " ") .. " of " .. table.concat(active, " ")
end

for _, snippet in ipairs(snippets) do
  local function yes() return true end
  local env = setmetatable({ a = true, one = 1, two = 2, three = 3, t = { x = { y = 1 }, m = yes }, s = "x", f = yes }, { __index = _G })
  local chunk = assert(load((snippet:gsub(" ", "\n")), "=snippet", "t", env))
  for _ = 1, 100 do chunk(1, 2) end
  print(snippet, lines_of(chunk))
end
