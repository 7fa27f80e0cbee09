#!/usr/bin/env lua
-- not a test: loaded by ../dofile.lua
return "after the hash"
