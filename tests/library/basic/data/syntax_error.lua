-- not a test: loaded by ../dofile.lua
local x = = 1
