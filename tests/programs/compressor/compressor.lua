-- A compressor: LZ77 with a hash chain, canonical Huffman codes with lengths limited by package-merge, and a container with CRC-32 and
-- Adler-32. Blocks may be stored, run-length coded or Huffman coded, whichever is smallest.
--
-- Container: magic "LZH1", then blocks (1 byte kind, u4 raw size, u4 packed size, packed bytes, u4 CRC-32 of the raw bytes), a block of kind 0
-- as the end, then u8 raw size and u4 Adler-32 of everything. All little-endian.

local floor <const> = math.floor

----------------------------------------------------------------------------------------------------------------------------------
-- Checksums

local crc_table = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do
    c = c & 1 == 1 and c >> 1 ~ 0xEDB88320 or c >> 1
  end
  crc_table[i] = c
end

local function crc32(text, crc)
  crc = ~(crc or 0) & 0xFFFFFFFF
  for i = 1, #text do
    crc = crc >> 8 ~ crc_table[(crc ~ text:byte(i)) & 0xFF]
  end
  return ~crc & 0xFFFFFFFF
end

local function adler32(text, adler)
  adler = adler or 1
  local a, b = adler & 0xFFFF, adler >> 16
  for first = 1, #text, 64 do
    local bytes = {text:byte(first, first + 63)}
    for i = 1, #bytes do
      a = a + bytes[i]
      b = b + a
    end
    a, b = a % 65521, b % 65521
  end
  return b << 16 | a
end

----------------------------------------------------------------------------------------------------------------------------------
-- Bits, least significant first

local BitWriter = {}
BitWriter.__index = BitWriter

function BitWriter.new()
  return setmetatable({out = {}, n = 0, accumulator = 0, count = 0, bits = 0}, BitWriter)
end

function BitWriter:write(value, width)
  local accumulator = self.accumulator | value << self.count
  local count = self.count + width
  self.bits = self.bits + width
  while count >= 32 do
    self.n = self.n + 1
    self.out[self.n] = string.pack("<I4", accumulator & 0xFFFFFFFF)
    accumulator = accumulator >> 32
    count = count - 32
  end
  self.accumulator, self.count = accumulator, count
end

function BitWriter:finish()
  local rest = self.accumulator
  for _ = 1, (self.count + 7) // 8 do
    self.n = self.n + 1
    self.out[self.n] = string.char(rest & 0xFF)
    rest = rest >> 8
  end
  return table.concat(self.out, "", 1, self.n)
end

local BitReader = {}
BitReader.__index = BitReader

function BitReader.new(text, position, last)
  return setmetatable({text = text, position = position, last = last, accumulator = 0, count = 0}, BitReader)
end

function BitReader:need(width)
  while self.count < width do
    if self.position > self.last then error({code = "truncated"}) end
    self.accumulator = self.accumulator | self.text:byte(self.position) << self.count
    self.position = self.position + 1
    self.count = self.count + 8
  end
end

function BitReader:read(width)
  self:need(width)
  local value = self.accumulator & (1 << width) - 1
  self.accumulator = self.accumulator >> width
  self.count = self.count - width
  return value
end

----------------------------------------------------------------------------------------------------------------------------------
-- Canonical Huffman codes

local max_code_length <const> = 12

-- Code lengths for the weights by package-merge (Larmore and Hirschberg 1990), none above max_code_length. weights: symbol -> count.
local function code_lengths(weights)
  local leaves = {}
  for symbol, weight in pairs(weights) do leaves[#leaves + 1] = {weight = weight, symbol = symbol} end
  table.sort(leaves, function(a, b) return a.weight < b.weight or a.weight == b.weight and a.symbol < b.symbol end)
  local lengths = {}
  if #leaves == 0 then return lengths end
  if #leaves == 1 then
    lengths[leaves[1].symbol] = 1
    return lengths
  end
  local packages = {}
  for _ = 1, max_code_length do
    local merged, i, j = {}, 1, 1
    while i <= #leaves or j <= #packages do
      if j > #packages or i <= #leaves and leaves[i].weight <= packages[j].weight then
        merged[#merged + 1], i = leaves[i], i + 1
      else
        merged[#merged + 1], j = packages[j], j + 1
      end
    end
    packages = {}
    for k = 1, #merged - 1, 2 do
      packages[#packages + 1] = {weight = merged[k].weight + merged[k + 1].weight, merged[k], merged[k + 1]}
    end
  end
  local function count(package)
    if package.symbol then
      lengths[package.symbol] = (lengths[package.symbol] or 0) + 1
    else
      count(package[1])
      count(package[2])
    end
  end
  for k = 1, #leaves - 1 do count(packages[k]) end
  return lengths
end

local function reverse_bits(value, width)
  local result = 0
  for _ = 1, width do
    result = result << 1 | value & 1
    value = value >> 1
  end
  return result
end

-- The canonical codes of the lengths, bits reversed for the least-significant-first stream.
local function canonical_codes(lengths, size)
  local counts = {}
  for length = 0, max_code_length do counts[length] = 0 end
  for symbol = 0, size - 1 do
    local length = lengths[symbol] or 0
    if length > 0 then counts[length] = counts[length] + 1 end
  end
  local next_code, code = {}, 0
  for length = 1, max_code_length do
    code = code + counts[length - 1] << 1
    next_code[length] = code
    if code + counts[length] > 1 << length then error({code = "oversubscribed"}) end
  end
  local codes = {}
  for symbol = 0, size - 1 do
    local length = lengths[symbol] or 0
    if length > 0 then
      codes[symbol] = reverse_bits(next_code[length], length)
      next_code[length] = next_code[length] + 1
    end
  end
  return codes
end

-- A table from max_code_length bits to symbol << 4 | length.
local function decoding_table(lengths, size)
  local codes = canonical_codes(lengths, size)
  local result = {}
  for symbol, code in pairs(codes) do
    local length = lengths[symbol]
    for high = 0, (1 << max_code_length - length) - 1 do
      result[high << length | code] = symbol << 4 | length
    end
  end
  return result
end

local function read_symbol(reader, decoder)
  while reader.count < max_code_length and reader.position <= reader.last do
    reader.accumulator = reader.accumulator | reader.text:byte(reader.position) << reader.count
    reader.position = reader.position + 1
    reader.count = reader.count + 8
  end
  local entry = decoder[reader.accumulator & (1 << max_code_length) - 1]
  if not entry then error({code = "bad code"}) end
  local length = entry & 15
  if length > reader.count then error({code = "truncated"}) end
  reader.accumulator = reader.accumulator >> length
  reader.count = reader.count - length
  return entry >> 4
end

----------------------------------------------------------------------------------------------------------------------------------
-- LZ77

local min_match <const>, max_match <const>, window <const>, chain_limit <const> = 3, 258, 32768, 24

-- Yields tokens: a byte (0..255), or 256 + length and a distance.
local function tokens(text)
  return coroutine.wrap(function()
    local heads, previous = {}, {}
    local n = #text
    local function insert(i)
      if i + min_match - 1 <= n then
        local a, b, c = text:byte(i, i + 2)
        local key = a << 16 | b << 8 | c
        previous[i] = heads[key]
        heads[key] = i
        previous[i - window] = nil
      end
    end
    local function longest(i)
      if i + min_match - 1 > n then return 0 end
      local a, b, c = text:byte(i, i + 2)
      local candidate = heads[a << 16 | b << 8 | c]
      local best, best_distance = 0, nil
      local limit = math.min(max_match, n - i + 1)
      for _ = 1, chain_limit do
        if not candidate or i - candidate > window then break end
        local length = min_match
        -- A longer match must agree behind the best one's end first.
        if best == 0 or text:byte(candidate + best) == text:byte(i + best) then
          while length < limit and text:byte(candidate + length) == text:byte(i + length) do length = length + 1 end
          if length > best then
            best, best_distance = length, i - candidate
            if length == limit then break end
          end
        end
        candidate = previous[candidate]
      end
      return best, best_distance
    end
    local i = 1
    while i <= n do
      local length, distance = longest(i)
      insert(i)
      if length >= min_match then
        -- Lazy: a longer match one byte later is worth a literal.
        if length < 32 and i < n and (longest(i + 1)) > length + 1 then goto literal end
        coroutine.yield(256 + length, distance)
        for k = i + 1, i + length - 1 do insert(k) end
        i = i + length
        goto next
      end
      ::literal::
      coroutine.yield((text:byte(i)))
      i = i + 1
      ::next::
    end
  end)
end

-- Values in classes of doubling width, as in DEFLATE: class, number of extra bits, extra bits.
local function class_of(value)
  if value < 4 then return value, 0, 0 end
  local bits = floor(math.log(value, 2))
  if 1 << bits > value then bits = bits - 1 elseif 1 << bits + 1 <= value then bits = bits + 1 end
  local half = value >> bits - 1 & 1
  return bits * 2 + half, bits - 1, value & (1 << bits - 1) - 1
end

local function class_base(class)
  if class < 4 then return class, 0 end
  local bits = class >> 1
  return (2 | class & 1) << bits - 1, bits - 1
end

for value = 0, 40000, 7 do
  local class, width, extra = class_of(value)
  local base, base_width = class_base(class)
  assert(base + extra == value and width == base_width and extra < 1 << width)
end

local literal_symbols <const>, distance_symbols <const> = 256 + 32, 40

local function write_lengths(writer, lengths, size)
  local symbol = 0
  while symbol < size do
    local length = lengths[symbol] or 0
    local run = 1
    while run < 64 and symbol + run < size and (lengths[symbol + run] or 0) == length do run = run + 1 end
    if run >= 4 then
      writer:write(15, 4)
      writer:write(length, 4)
      writer:write(run - 1, 6)
      symbol = symbol + run
    else
      writer:write(length, 4)
      symbol = symbol + 1
    end
  end
end

local function read_lengths(reader, size)
  local lengths, symbol = {}, 0
  while symbol < size do
    local length = reader:read(4)
    local run = 1
    if length == 15 then
      length = reader:read(4)
      run = reader:read(6) + 1
    end
    if length > max_code_length or symbol + run > size then error({code = "bad lengths"}) end
    for _ = 1, run do
      if length > 0 then lengths[symbol] = length end
      symbol = symbol + 1
    end
  end
  return lengths
end

local function huffman_pack(text)
  local list, literal_weights, distance_weights = {}, {}, {}
  local function count(weights, symbol) weights[symbol] = (weights[symbol] or 0) + 1 end
  for token, distance in tokens(text) do
    if distance then
      local length_class, length_width, length_extra = class_of(token - 256 - min_match)
      local distance_class, distance_width, distance_extra = class_of(distance - 1)
      count(literal_weights, 256 + length_class)
      count(distance_weights, distance_class)
      list[#list + 1] = {256 + length_class, length_width, length_extra, distance_class, distance_width, distance_extra}
    else
      count(literal_weights, token)
      list[#list + 1] = token
    end
  end
  local literal_lengths, distance_lengths = code_lengths(literal_weights), code_lengths(distance_weights)
  local literal_codes = canonical_codes(literal_lengths, literal_symbols)
  local distance_codes = canonical_codes(distance_lengths, distance_symbols)
  local writer = BitWriter.new()
  write_lengths(writer, literal_lengths, literal_symbols)
  write_lengths(writer, distance_lengths, distance_symbols)
  writer:write(#list, 32)
  for _, item in ipairs(list) do
    if math.type(item) then
      writer:write(literal_codes[item], literal_lengths[item])
    else
      local literal, lw, le, distance, dw, de = table.unpack(item)
      writer:write(literal_codes[literal], literal_lengths[literal])
      writer:write(le, lw)
      writer:write(distance_codes[distance], distance_lengths[distance])
      writer:write(de, dw)
    end
  end
  return writer:finish(), #list
end

local function huffman_unpack(packed, position, last, size)
  local reader = BitReader.new(packed, position, last)
  local literals = decoding_table(read_lengths(reader, literal_symbols), literal_symbols)
  local distances = decoding_table(read_lengths(reader, distance_symbols), distance_symbols)
  local out, n = {}, 0
  for _ = 1, reader:read(32) do
    local symbol = read_symbol(reader, literals)
    if symbol < 256 then
      n = n + 1
      out[n] = symbol
    else
      local base, width = class_base(symbol - 256)
      local length = base + reader:read(width) + min_match
      base, width = class_base(read_symbol(reader, distances))
      local distance = base + reader:read(width) + 1
      if distance > n then error({code = "bad distance"}) end
      if distance >= length then
        table.move(out, n - distance + 1, n - distance + length, n + 1)
      else
        for k = n + 1, n + length do out[k] = out[k - distance] end
      end
      n = n + length
    end
    if n > size then error({code = "too long"}) end
  end
  local parts = {}
  for first = 1, n, 100 do parts[#parts + 1] = string.char(table.unpack(out, first, math.min(first + 99, n))) end
  return table.concat(parts)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Runs: pairs of count and byte.

local function runs_pack(text)
  local parts, i = {}, 1
  while i <= #text do
    local c = text:byte(i)
    local j = i
    while j - i < 255 and text:byte(j + 1) == c do j = j + 1 end
    parts[#parts + 1] = string.pack("BB", j - i, c)
    i = j + 1
  end
  return table.concat(parts)
end

local function runs_unpack(packed, position, last)
  local parts = {}
  while position <= last do
    local count, c
    count, c, position = string.unpack("BB", packed, position)
    parts[#parts + 1] = string.rep(string.char(c), count + 1)
  end
  return table.concat(parts)
end

----------------------------------------------------------------------------------------------------------------------------------
-- The container

local block_size <const> = 20000
local stored <const>, runs <const>, huffman <const> = 1, 2, 3
local packers = {{runs, runs_pack}, {huffman, huffman_pack}}
local unpackers = {
  [stored] = function(packed, position, last) return packed:sub(position, last) end,
  [runs] = runs_unpack,
  [huffman] = huffman_unpack,
}

local function compress(text)
  local parts, kinds = {"LZH1"}, {0, 0, 0}
  local adler = 1
  for first = 1, #text, block_size do
    local raw = text:sub(first, first + block_size - 1)
    local kind, best = stored, raw
    for _, packer in ipairs(packers) do
      local packed = packer[2](raw)
      if #packed < #best then kind, best = packer[1], packed end
    end
    kinds[kind] = kinds[kind] + 1
    parts[#parts + 1] = string.pack("<BI4s4I4", kind, #raw, best, crc32(raw))
    adler = adler32(raw, adler)
  end
  parts[#parts + 1] = string.pack("<BI8I4", 0, #text, adler)
  return table.concat(parts), kinds
end

local function decompress(packed)
  if packed:sub(1, 4) ~= "LZH1" then error({code = "bad magic"}) end
  local parts, position, adler, total = {}, 5, 1, 0
  while true do
    local ok, kind, size, packed_size
    ok, kind, position = pcall(string.unpack, "B", packed, position)
    if not ok then error({code = "truncated"}) end
    if kind == 0 then break end
    ok, size, packed_size, position = pcall(string.unpack, "<I4I4", packed, position)
    if not ok or position + packed_size + 4 > #packed + 1 then error({code = "truncated"}) end
    local unpack = unpackers[kind] or error({code = "bad kind", kind = kind})
    local raw = unpack(packed, position, position + packed_size - 1, size)
    position = position + packed_size
    local crc
    crc, position = string.unpack("<I4", packed, position)
    if #raw ~= size then error({code = "bad size"}) elseif crc32(raw) ~= crc then error({code = "bad crc"}) end
    adler = adler32(raw, adler)
    total = total + size
    parts[#parts + 1] = raw
  end
  local ok, size, expected, after = pcall(string.unpack, "<I8I4", packed, position)
  if not ok then error({code = "truncated"}) end
  if size ~= total or expected ~= adler then error({code = "bad checksum"}) end
  if after ~= #packed + 1 then error({code = "trailing bytes"}) end
  return table.concat(parts)
end

----------------------------------------------------------------------------------------------------------------------------------
-- Inputs

local function generator(seed)
  return function(n)
    seed = seed ~ seed << 13
    seed = seed ~ seed >> 7
    seed = seed ~ seed << 17
    return (seed >> 11) % n
  end
end

local inputs = {
  {"empty", function() return "" end},
  {"one", function() return "x" end},
  {"two", function() return "xx" end},
  {"zeros", function() return string.rep("\0", 21000) end},
  {"alternating", function() return string.rep("ab", 3000) end},
  {"random bytes", function()
    local random, t = generator(88172645463325252), {}
    for i = 1, 4000 do t[i] = string.char(random(256)) end
    return table.concat(t)
  end},
  {"few bytes", function()
    local random, t = generator(1234567), {}
    for i = 1, 6000 do t[i] = ("acgt"):sub(random(4) + 1, -1):sub(1, 1) end
    return table.concat(t)
  end},
  {"words", function()
    local random, t = generator(424242), {}
    local words = {}
    for i = 1, 60 do
      local w = {}
      for k = 1, 2 + random(8) do w[k] = string.char(97 + random(26)) end
      words[i] = table.concat(w)
    end
    for i = 1, 3500 do t[i] = words[1 + random(1 + random(60))] end
    return table.concat(t, " ")
  end},
  {"skewed", function() -- Fibonacci weights: unlimited codes would be too long.
    local t, a, b = {}, 1, 1
    for i = 1, 18 do
      t[i] = string.rep(string.char(64 + i), a)
      a, b = b, a + b
    end
    local text = table.concat(t)
    local order = {}
    local random = generator(99)
    for i = 1, #text do order[i] = text:sub(i, i) end
    for i = #order, 2, -1 do
      local j = random(i) + 1
      order[i], order[j] = order[j], order[i]
    end
    return table.concat(order)
  end},
  {"all bytes", function()
    local t = {}
    for i = 0, 255 do t[#t + 1] = string.char(i) end
    return table.concat(t):rep(6)
  end},
  {"numbers", function()
    local t = {}
    for i = 1, 1500 do t[i] = string.format("%d,%.3f,%x", i, i / 7, i * i) end
    return table.concat(t, "\n")
  end},
  {"structs", function()
    local t = {}
    for i = 1, 700 do t[i] = string.pack("<i4 d z", i * 3, i / 8, "name" .. i % 10) end
    return table.concat(t)
  end},
}

print("== checksums")
assert(crc32("123456789") == 0xCBF43926)
assert(adler32("Wikipedia") == 0x11E60398)
print(string.format("%08x %08x %08x", crc32(""), crc32("a"), crc32("The quick brown fox jumps over the lazy dog")))
print(string.format("%08x %08x", adler32(""), adler32(string.rep("\xff", 6000))))
assert(crc32("world", crc32("hello ")) == crc32("hello world"))
assert(adler32("world", adler32("hello ")) == adler32("hello world"))

print("== code lengths")
do
  local weights = {}
  local a, b = 1, 1
  for symbol = 0, 19 do
    weights[symbol] = a
    a, b = b, a + b
  end
  local lengths = code_lengths(weights)
  local list, kraft = {}, 0
  for symbol = 0, 19 do
    list[#list + 1] = lengths[symbol]
    kraft = kraft + 2.0 ^ -lengths[symbol]
  end
  print(table.concat(list, " "), kraft)
  assert(kraft == 1.0)
  print(select(2, pcall(canonical_codes, {[0] = 1, [1] = 1, [2] = 1}, 3)).code)
end

print("== round trips")
local sample
for _, input in ipairs(inputs) do
  local name, make = table.unpack(input)
  local text = make()
  local packed, kinds = compress(text)
  assert(decompress(packed) == text, name)
  print(string.format("%-14s %6d -> %6d  crc %08x  blocks %s", name, #text, #packed, crc32(packed), table.concat(kinds, "/")))
  if name == "structs" then sample = packed end
end

print("== damage")
-- Any change to a packed file is found, and reported as one of our errors.
do
  local text = decompress(sample)
  local codes = {}
  local function try(damaged)
    local ok, problem = pcall(decompress, damaged)
    local code
    if ok then
      assert(problem == text)
      code = "unharmed" -- bits that pad the last byte
    else
      assert(type(problem) == "table", problem)
      code = problem.code
    end
    codes[code] = (codes[code] or 0) + 1
  end
  local random = generator(31337)
  for _ = 1, 60 do
    local at = random(#sample) + 1
    try(sample:sub(1, at - 1) .. string.char(sample:byte(at) ~ 1 << random(8)) .. sample:sub(at + 1))
  end
  for length = 0, #sample - 1, #sample // 25 do try(sample:sub(1, length)) end
  try(sample .. "\0")
  try("LZH2" .. sample:sub(5))
  local names = {}
  for code in pairs(codes) do names[#names + 1] = code end
  table.sort(names)
  for _, code in ipairs(names) do print(code, codes[code]) end
end

print("== packing")
do
  local formats = {
    {"<i1 i2 i4 i8", -1, -2, -3, -4}, {">I3 I5 I7", 1, 2, 3}, {"<f d n", 1.5, -0.1, 1e300}, {"z s1 s2", "a", "b", "c"}, {"!8 b d", 1, 2}, {"!4 i1 !2 i8", 1, 2},
    {">!4 i2 Xi4 i4", 1, 2}, {"c5 x B", "abc", 255}, {"<i16", -5}, {"j J", math.mininteger, 7}, {"=T h H l L", 1, -1, 65535, -1, 1},
  }
  for _, row in ipairs(formats) do
    local format = row[1]
    local packed = string.pack(table.unpack(row))
    local values = table.pack(string.unpack(format, packed))
    assert(values[values.n] == #packed + 1)
    for i = 1, values.n - 1 do
      assert(values[i] == row[i + 1] or format:find("[fc]"), format)
      values[i] = tostring(values[i]):gsub("%c", ".")
    end
    local ok, size = pcall(string.packsize, format)
    print(format, (packed:gsub(".", function(c) return ("%02x"):format(c:byte()) end)), table.concat(values, " "), ok and size or "variable")
  end
  for _, row in ipairs {{"i1", 200}, {"I1", -1}, {"s1", string.rep("x", 300)}, {"z", "a\0b"}, {"c2", "abc"}, {"i17", 1}, {"!3 i4", 1}, {"i0", 1}, {"q", 1}, {"Xz"}} do
    print(pcall(string.pack, table.unpack(row)))
  end
  print(pcall(string.unpack, "<i4", "abc"))
  print(pcall(string.unpack, "z", "abc"))
  print(pcall(string.unpack, "<i9", "\255\255\255\255\255\255\255\255\1"))
  print(pcall(string.unpack, "s4", "\255\0\0\0abc"))
end
print("ok")
