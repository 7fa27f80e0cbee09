-- not a test: loaded by ../dofile.lua
return "one", nil, 3
