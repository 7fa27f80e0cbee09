-- What may be assigned to: locals, upvalues, globals, fields with every kind of key.

local up = 0
local function check(n)
  local t = {}
  t.name, t["with space"], t[1], t[2.5], t[true], t[t], t[-1] = 1, 2, 3, 4, 5, 6, 7
  assert(t.name == 1 and t["with space"] == 2 and t[1] == 3 and t[2.5] == 4)
  assert(t[true] == 5 and t[t] == 6 and t[-1] == 7)
  t.a = { b = { c = {} } }
  t.a.b.c.d = n
  t["a"]["b"].e, t.a.b.c[1] = n + 1, n + 2
  assert(t.a.b.c.d == n and t.a.b.e == n + 1 and t.a.b.c[1] == n + 2)
  up = up + 1
  global_counter = (global_counter or 0) + 1
  local function get() return t end
  get().x, get()["y"] = 1, 2
  assert(t.x == 1 and t.y == 2);
  (t).z = 3;
  (get()).w = 4
  assert(t.z == 3 and t.w == 4)
  for i = 1, 3 do t[i], t[i * 2] = i, -i end
  assert(t[1] == 1 and t[2] == 2 and t[3] == 3 and t[4] == -2 and t[6] == -3)
end
for n = 1, 300 do check(n) end
assert(up == 300 and global_counter == 300 and _G.global_counter == 300)
_G.other_global = "g"
assert(other_global == "g")
other_global = nil
assert(rawget(_G, "other_global") == nil)
-- function statements
local lib = { sub = {} }
function lib.f(x) return x end
function lib.sub.g(x) return x + 1 end
function lib.sub:h(x) return self, x end
function global_function() return "gf" end
local function recursive(n) if n == 0 then return "end" end return recursive(n - 1) end
assert(lib.f(1) == 1 and lib.sub.g(1) == 2 and lib.sub:h(3) == lib.sub)
assert(select(2, lib.sub:h(3)) == 3 and global_function() == "gf" and recursive(300) == "end")
