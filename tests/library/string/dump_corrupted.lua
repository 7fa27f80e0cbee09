-- perilune-only: the reference does not check binary chunks
-- Whatever byte of a binary chunk changes, load says so.

local function sample(a, ...)
  local t = { 1, 2.5, "three", a, ... }
  local function inner(x) return x + t[1] end
  for i = 1, 10 do t[i] = inner(i) end
  for k, v in pairs(t) do if v == k then goto out end end
  ::out::
  local c <close> = nil
  return #t, ...
end

for _, strip in ipairs { false, true } do
  local chunk = string.dump(sample, strip)
  assert(load(chunk))
  for at = 2, #chunk do
    local old = chunk:byte(at)
    for _, new in ipairs { old ~ 1, old ~ 0x80, old ~ 0xff, (old + 7) % 256 } do
      local f, message = load(chunk:sub(1, at - 1) .. string.char(new) .. chunk:sub(at + 1), "=x")
      assert(f == nil and message:find("^x: bad binary format %("), message)
    end
  end
  for length = 1, #chunk - 1 do
    assert(load(chunk:sub(1, length), "=x") == nil)
  end
  assert(load(chunk .. "x") == nil)
  assert(load(chunk:sub(1, 40) .. chunk) == nil)
end
