-- not a test: loaded by ../dofile.lua

local t = nil
return t.x
