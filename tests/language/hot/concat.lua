-- Concatenation of short and long strings and of numbers; metamethods in the middle; errors.

for _ = 1, 3 do
  assert(1 .. 2 == "12" and 1.5 .. "x" == "1.5x" and -0.0 .. "" == "-0.0" and 2^53 .. "" == "9.007199254741e+15")
  local s = ("a"):rep(470)
  for n = 0, 40 do
    local b = ("b"):rep(n)
    local r = s .. b .. n .. "c"
    assert(#r == 470 + n + #tostring(n) + 1 and r:sub(-1) == "c" and r:sub(1, 470) == s)
    assert(r == table.concat{s, b, n, "c"})
    assert((b .. n .. b) == table.concat{b, n, b})
  end
  for n = 0, 100 do local a, b = ("x"):rep(n), ("y"):rep(100 - n) local r = a .. b assert(#r == 100 and r:find("^x*y*$") and rawequal(a .. "", a)) end
end
local mt = setmetatable({}, {__concat = function(a, b) return (type(a) == "table" and "T" or a) .. (type(b) == "table" and "T" or b) end})
assert("a" .. 1 .. mt .. 2 .. "b" == "a1T2b" and mt .. mt == "TT" and 1 .. mt == "1T")
for _, f in ipairs{function() return "a" .. nil end, function() return {} .. "x" .. 1 end, function() local t = {} return 1 .. t.x .. 2 end} do
  local ok, message = pcall(f)
  assert(not ok)
  print((message:gsub("^.-:%d+: ", "")))
end
print((("%s"):format(1e15 .. "|" .. 0.1 .. "|" .. 1/3 .. "|" .. 123456.789 .. "|" .. 1e9 + 0.5 .. "|" .. 1/0 .. "|" .. -1/0)))
-- expect: attempt to concatenate a nil value
-- expect: attempt to concatenate a table value
-- expect: attempt to concatenate a nil value (field 'x')
-- expect: 1e+15|0.1|0.33333333333333|123456.789|1000000000.5|inf|-inf
