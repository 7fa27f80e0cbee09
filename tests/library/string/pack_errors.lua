-- Messages of string.pack, packsize and unpack.

local function e(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  print(message)
end

local pack, packsize, unpack = string.pack, string.packsize, string.unpack
e(pack)  -- expect: bad argument #1 to 'string.pack' (string expected, got no value)
e(pack, "i")  -- expect: bad argument #2 to 'string.pack' (number expected, got nil)
e(pack, "i", "x")  -- expect: bad argument #2 to 'string.pack' (number expected, got string)
e(pack, "i", 1.5)  -- expect: bad argument #2 to 'string.pack' (number has no integer representation)
e(pack, "i0", 0)  -- expect: integral size (0) out of limits [1,16]
e(pack, "i17", 0)  -- expect: integral size (17) out of limits [1,16]
e(pack, "!17", 0)  -- expect: integral size (17) out of limits [1,16]
e(pack, "s100", "x")  -- expect: integral size (100) out of limits [1,16]
e(pack, "i3r", 0)  -- expect: invalid format option 'r'
e(pack, "!4i3", 0)  -- expect: bad argument #1 to 'string.pack' (format asks for alignment not power of 2)
e(pack, "c", "")  -- expect: missing size for format option 'c'
e(pack, "X")  -- expect: bad argument #1 to 'string.pack' (invalid next option for option 'X')
e(pack, "Xc1")  -- expect: bad argument #1 to 'string.pack' (invalid next option for option 'X')
e(pack, "Xz")  -- expect: bad argument #1 to 'string.pack' (invalid next option for option 'X')
e(pack, "X i", 1)  -- expect: bad argument #1 to 'string.pack' (invalid next option for option 'X')
e(pack, "Xi17")  -- expect: integral size (17) out of limits [1,16]
e(pack, "b", 128)  -- expect: bad argument #2 to 'string.pack' (integer overflow)
e(pack, "b", -129)  -- expect: bad argument #2 to 'string.pack' (integer overflow)
e(pack, "B", 256)  -- expect: bad argument #2 to 'string.pack' (unsigned overflow)
e(pack, "B", -1)  -- expect: bad argument #2 to 'string.pack' (unsigned overflow)
e(pack, "i2", 32768)  -- expect: bad argument #2 to 'string.pack' (integer overflow)
e(pack, "c3", "abcd")  -- expect: bad argument #2 to 'string.pack' (string longer than given size)
e(pack, "z", "a\0b")  -- expect: bad argument #2 to 'string.pack' (string contains zeros)
e(pack, "s1", ("x"):rep(256))  -- expect: bad argument #2 to 'string.pack' (string length does not fit in given size)
e(pack, "d", "x")  -- expect: bad argument #2 to 'string.pack' (number expected, got string)
e(pack, "z", nil)  -- expect: bad argument #2 to 'string.pack' (string expected, got nil)
e(packsize, "s")  -- expect: bad argument #1 to 'string.packsize' (variable-length format)
e(packsize, "z")  -- expect: bad argument #1 to 'string.packsize' (variable-length format)
e(packsize, "q")  -- expect: invalid format option 'q'
e(packsize, ("c268435456"):rep(8))  -- expect: bad argument #1 to 'string.packsize' (format result too large)
e(packsize, "c1" .. ("0"):rep(40))  -- expect: invalid format option '0'
e(unpack, "i")  -- expect: bad argument #2 to 'string.unpack' (string expected, got no value)
e(unpack, "i4", "abc")  -- expect: bad argument #2 to 'string.unpack' (data string too short)
e(unpack, "c5", "abcd")  -- expect: bad argument #2 to 'string.unpack' (data string too short)
e(unpack, "z", "abc")  -- expect: bad argument #2 to 'string.unpack' (unfinished string for format 'z')
e(unpack, "s1", "\5abc")  -- expect: bad argument #2 to 'string.unpack' (data string too short)
e(unpack, "s4", "\1\0")  -- expect: bad argument #2 to 'string.unpack' (data string too short)
e(unpack, "i16", ("\3"):rep(16))  -- expect: 16-byte integer does not fit into Lua Integer
e(unpack, "<I9", ("\0"):rep(8) .. "\1")  -- expect: 9-byte integer does not fit into Lua Integer
e(unpack, "b", "abc", 5)  -- expect: bad argument #3 to 'string.unpack' (initial position out of string)
e(unpack, "b", "abc", 4)  -- expect: bad argument #2 to 'string.unpack' (data string too short)
e(unpack, "XXi", "")  -- expect: bad argument #1 to 'string.unpack' (invalid next option for option 'X')
