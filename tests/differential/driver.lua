-- Runs the generated programs in the file given as the argument, each as a coroutine with globals of its own. A line `--@ SEED` begins a
-- program there, and `@ SEED` its trace in the output. An uncaught error is traced with where it passed through.

dofile(arg[0]:gsub("driver.lua$", "prelude.lua"))

local function run(text)
  local environment = setmetatable({}, {__index = _G})
  local chunk, message = load(text, "=p", "t", environment)
  if not chunk then return print("does not load: " .. message) end
  local program = coroutine.create(chunk)
  repeat
    local ok, value = coroutine.resume(program)
    if not ok then
      P("uncaught", value)
      -- Its lines are wrong in lua5.4.4 after a division by zero (see run.py).
      if not tostring(value):find("zero$") and not tostring(value):find("%%0'$") then print(debug.traceback(program)) end
      coroutine.close(program)
    elseif coroutine.status(program) ~= "dead" then
      P("yielded", value)
    end
  until coroutine.status(program) == "dead"
end

local file = assert(io.open(arg[1], "rb"))
local programs = file:read("a")
file:close()
for seed, text in programs:gmatch("%-%-@ (%-?%d+)\n(.-)\n%-%-%.\n") do
  print("@ " .. seed)
  run(text)
end
print("@ end")
