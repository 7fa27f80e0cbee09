-- Runs the snippets of the files named as arguments and prints, for each, the place of the snippet and the error it ends with.
--
-- A snippet is a chunk on a line of its own; lines after it that begin with `|` are its further lines; lines that begin with `--` are
-- comments. Each is run many times, so that tiers above the interpreter raise its error too; a message unlike the first is
-- printed as well. So is the message of a second round, at whose time everything hot has long been compiled in the background.
-- The comment `-- runs: N` says how often snippets after it, in the same file, are run in a round.

local kRuns = 150

-- Any error value as a line of text, without addresses.
local function describe(value)
  local text = value
  if type(value) == "table" and rawget(value, "text") then
    text = "table with text " .. tostring(value.text)
  elseif type(value) ~= "string" then
    text = type(value) .. " " .. (type(value) == "number" and tostring(value) or type(value) == "boolean" and tostring(value) or "")
  end
  text = text:gsub("0x%x%x%x%x%x+", "ADDRESS"):gsub("\\", "\\\\"):gsub("\n", "\\n")
  return (text:gsub("[\0-\31\127-\255]", function(c) return ("\\x%02x"):format(c:byte()) end))
end

-- What snippets find besides the library.
local helpers = {}

-- Ends with the error of loading `text`.
function helpers.load_error(text, name, ...)
  local f, message = load(text, name or "=text", ...)
  error(f and "it loads" or message, 0)
end

-- Ends with the error that `f(...)` returns as its second result, like pcall and coroutine.resume.
function helpers.second(f, ...)
  local _, message = f(...)
  error(message, 0)
end

-- Calls f(...) often enough to be compiled.
function helpers.warm(f, ...)
  for _ = 1, 200 do f(...) end
end

local function environment()
  return setmetatable({}, {__index = function(_, name)
    local helper = helpers[name]
    if helper == nil then return _G[name] end
    return helper
  end})
end

-- Calls the chunk so often; its first message, and another if there is one.
local function run(chunk, count)
  local first
  for i = 1, count do
    local ok, raised = pcall(chunk)
    local shown = ok and "no error" or describe(raised)
    first = first or shown
    if first ~= shown then return first .. "; in run " .. i .. ": " .. shown end
  end
  return first
end

-- Appends the snippets of a file to `all`.
local function read(path, all)
  local number, runs = 0, kRuns
  for line in io.lines(path) do
    number = number + 1
    if line:sub(1, 1) == "|" then
      local last = all[#all]
      last.text = last.text .. "\n" .. line:sub(2)
    elseif line:sub(1, 2) == "--" then
      runs = tonumber(line:match("^%-%- runs: (%d+)")) or runs
    elseif line ~= "" then
      all[#all + 1] = {place = path .. ":" .. number, text = line, runs = runs}
    end
  end
end

local all = {}
for _, path in ipairs(arg) do read(path, all) end
for _, snippet in ipairs(all) do
  local chunk, message = load(snippet.text, "@snippet", "t", environment())
  snippet.chunk = chunk
  print(snippet.place, chunk and run(chunk, snippet.runs) or "load: " .. describe(message))
end
for _, snippet in ipairs(all) do
  if snippet.chunk then print(snippet.place .. " again", run(snippet.chunk, snippet.runs)) end
end
