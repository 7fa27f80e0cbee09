-- perilune-only
-- utf8.codes raises an error at a continuation byte that belongs to no character (manual §6.5); PUC-Rio Lua does so since 5.4.5.

local function message(s)
  local ok, text = pcall(function() for p, c in utf8.codes(s) do assert(p and c) end end)
  return not ok and text:match("invalid UTF%-8 code")
end
for _ = 1, 100 do
  for _, s in ipairs { "in\x80valid", "a\x80", "αλφ\xBFα", "€\x80", "\xBFx", "\x80" } do assert(message(s) == "invalid UTF-8 code") end
  assert(not message("αλφα") and not message(""))
end
print(select(2, pcall(utf8.codes, "\x80")))  -- expect: bad argument #1 to 'utf8.codes' (invalid UTF-8 code)
