-- string.pack, packsize, unpack: every option, alignment, byte order, positions.

local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end

local function check()
  for n = 1, 16 do
    assert(string.pack("<i" .. n, -2) == "\xFE" .. ("\xFF"):rep(n - 1) and string.unpack("<i" .. n, "\xFE" .. ("\xFF"):rep(n - 1)) == -2)
    assert(string.pack(">I" .. n, 170) == ("\0"):rep(n - 1) .. "\xAA" and string.unpack(">I" .. n, ("\0"):rep(n - 1) .. "\xAA") == 170)
    assert(string.packsize("i" .. n) == n)
    local text, after = string.unpack("s" .. n, string.pack("s" .. n, "hello"))
    assert(text == "hello" and after == n + 6)
    if n < 8 then
      local highest = (1 << (8 * n - 1)) - 1
      assert(string.unpack("<i" .. n, string.pack("<i" .. n, highest)) == highest and string.unpack(">i" .. n, string.pack(">i" .. n, ~highest)) == ~highest)
      assert(not pcall(string.pack, "i" .. n, highest + 1) and not pcall(string.pack, "i" .. n, ~highest - 1))
      assert(not pcall(string.pack, "I" .. n, (1 << 8 * n)) and not pcall(string.pack, "I" .. n, -1))
    end
  end
  for _, x in ipairs { 0.0, -1.5, 1 / 0, -1 / 0, 2000.25, 2.0^100, 5e-324 } do
    assert(string.unpack("d", string.pack("d", x)) == x and string.unpack(">n", string.pack(">n", x)) == x and string.pack("<d", x) == string.pack(">d", x):reverse())
  end
  assert(string.unpack("<f", string.pack("<f", 0.5)) == 0.5 and string.unpack(">f", string.pack(">f", -2^100)) == -2.0^100)
  assert(string.unpack("<j", string.pack("<j", math.mininteger)) == math.mininteger and string.unpack("J", string.pack("J", -1)) == -1)
end
for _ = 1, 30 do check() end

print(string.packsize("bBhHlLjJTfdniI"), string.packsize("!bBhHlLjJTfdniI"), string.packsize(""))  -- expect: 74	80	0
print(string.packsize("<!4 b i8 h"), string.packsize("!8 xXi8"), string.packsize("!2 xXi8"), string.packsize("c0 c10 x"))  -- expect: 14	8	2	11
print(hex(string.pack(">!8 b Xh i4 i8 c1 Xi8", -12, 100, 200, "\xEC")))  -- expect: f40000000000006400000000000000c8ec00000000000000
print(hex(string.pack("<i2 >i2 =I1", 10, 20, 30)))  -- expect: 0a0000141e
print(hex(string.pack("z s1 c3 c2", "ab", "cd", "e", "")))  -- expect: 6162000263646500000000
print(hex(string.pack("<!4 s2 i4", "abc", 1)))  -- expect: 030061626300000001000000
print(hex(string.pack(">I3 <I3", "258", 2.0^16)))  -- expect: 000102000001
print(string.unpack("<i2 z s1 B", "\1\2ab\0\3xyz\255"))  -- expect: 513	ab	xyz	255	11
print(string.unpack("c0 c2", "abc"))  -- expect: 	ab	3
print(string.unpack("b", "abc", -1))  -- expect: 99	4
print(string.unpack("b", "abc", 2))  -- expect: 98	3
print(string.unpack("", "abc", 4))  -- expect: 4
print(string.unpack("!4 i4", "\1\0\0\0\2\0\0\0", 2))  -- expect: 2	9
print(string.unpack("<i16", ("\xFE") .. ("\xFF"):rep(15)))  -- expect: -2	17
print(select("#", string.unpack(("b"):rep(200), ("x"):rep(200))))  -- expect: 201
print(string.packsize(("c268435456"):rep(7) .. "c268435455"))  -- expect: 2147483647
