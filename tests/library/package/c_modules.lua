-- perilune-only
-- Modules written in C are found, and said not to be supported; later searchers are asked all the same.
local folder = arg[0]:match("^(.*[/\\])") or ""
package.path, package.cpath = folder .. "none/?.lua", folder .. "data/?.so"
local function message(name) return select(2, pcall(require, name)) end
assert(message("native") == "module 'native' not found:\n\tno field package.preload['native']\n\tno file '" .. folder .. "none/native.lua'\n\tfile '" ..
  folder .. "data/native.so' is a C module, and those are not supported")
assert(message("native.part"):find("\n\tno file '" .. folder .. "data/native/part.so'\n\tfile '" .. folder .. "data/native.so' is a C module, and those are not supported", 1, true))
table.insert(package.searchers, function(name) return function() return "instead" end, "here" end)
assert(require "native" == "instead" and select(2, require "native.part") == "here")
local library, why, where = package.loadlib(folder .. "data/native.so", "luaopen_native")
assert(library == nil and why == "dynamic libraries not enabled; check your Lua installation" and where == "absent")
