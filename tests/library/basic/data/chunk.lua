-- not a test: a chunk loaded by ../dofile.lua
chunk_ran = (chunk_ran or 0) + 1
local extra = ... or 0
return 15 + extra
