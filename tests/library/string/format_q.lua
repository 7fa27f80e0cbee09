-- %q writes a literal that load reads back as the same value.

local f = string.format
local function check()
  local function same(v)
    local w = load("return " .. f("%q", v))()
    assert(w == v and math.type(w) == math.type(v))
  end
  for _, v in ipairs { "", "plain", "with \"quotes\"", "back\\slash", "new\nline", "zero\0byte", "\0001", "\r\n\t", "\1\0012\200",
    "caf\xc3\xa9", "]]", "\\0", 1, -1, 0, math.maxinteger, math.mininteger, 1.5, -0.0, 0.1, 1e100, 2^63, -2^53, 1/3,
    math.huge, -math.huge, true, false } do
    same(v)
  end
  local all = {}
  for i = 0, 255 do all[#all + 1] = string.char(i) end
  same(table.concat(all))
  same(("\0009"):rep(3))
  assert(load("return " .. f("%q", nil))() == nil)
  local nan = load("return " .. f("%q", 0 / 0))()
  assert(nan ~= nan)
end
for _ = 1, 100 do check() end
print(f("%q", "a\nb"))                    -- expect: "a\
-- expect: b"
print(f("%q", "q\"\\\0z\0019\r"))         -- expect: "q\"\\\0z\0019\13"
print(f("%q %q %q", 1, 0.5, true))        -- expect: 1 0x1p-1 true
print(f("%q", math.mininteger))           -- expect: 0x8000000000000000
print(f("%q", 1 / 0), f("%q", -1 / 0), f("%q", 0 / 0))  -- expect: 1e9999	-1e9999	(0/0)
print(f("%q", 1e15), f("%q", 3.0))        -- expect: 0x1.c6bf52634p+49	0x1.8p+1
print(pcall(f, "%q", {}))                 -- expect: false	bad argument #2 to 'string.format' (value has no literal form)
print(pcall(f, "%q", print))              -- expect: false	bad argument #2 to 'string.format' (value has no literal form)
print(pcall(f, "%q"))                     -- expect: false	bad argument #2 to 'string.format' (no value)
