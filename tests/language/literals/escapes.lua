-- Escape sequences in quoted strings.

local function check()
  assert("\a\b\f\n\r\t\v" == string.char(7, 8, 12, 10, 13, 9, 11))
  assert("\\" == string.char(92) and "\"" == '"' and '\'' == "'")
  assert("\x41\x7a\x00\xff\xFf" == string.char(0x41, 0x7a, 0, 255, 255))
  assert("\65\066\1\0\255" == string.char(65, 66, 1, 0, 255))
  assert("\0651" == "A1" and "\10" == "\n" and "\0100" == "\n0")
  assert("\9x" == "\tx")
  assert("\u{41}" == "A" and "\u{0041}b" == "Ab" and "\u{0}" == "\0")
  assert("\u{7F}" == "\x7F" and "\u{80}" == "\xC2\x80" and "\u{7FF}" == "\xDF\xBF")
  assert("\u{800}" == "\xE0\xA0\x80" and "\u{FFFF}" == "\xEF\xBF\xBF")
  assert("\u{10000}" == "\xF0\x90\x80\x80" and "\u{10FFFF}" == "\xF4\x8F\xBF\xBF")
  assert("\u{20AC}" == "\xE2\x82\xAC")
  assert("\u{1FFFFF}" == "\xF7\xBF\xBF\xBF")
  assert("\u{200000}" == "\xF8\x88\x80\x80\x80" and "\u{3FFFFFF}" == "\xFB\xBF\xBF\xBF\xBF")
  assert("\u{4000000}" == "\xFC\x84\x80\x80\x80\x80")
  assert("\u{7FFFFFFF}" == "\xFD\xBF\xBF\xBF\xBF\xBF")
  assert("a\z
          b\z   c" == "abc")
  assert("\z" == "" and "x\z

    y" == "xy")
  assert("line\
next" == "line\nnext")
  assert(#"\0\0\0" == 3 and #"a\0b" == 3)
  assert("alo\n123\"" == 'alo\n123"' and '\97lo\10\04923"' == 'alo\n123"')
end

for _ = 1, 300 do check() end

print("tab\there \"quoted\" back\\slash")          -- expect: tab	here "quoted" back\slash
print('\u{48}\x65\108\z
       lo')                                        -- expect: Hello
