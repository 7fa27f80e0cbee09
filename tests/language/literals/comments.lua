-- Comments: short, long, nested levels, at the end of the file.

--[[ a long
comment ]]
--[==[ with ]] inside
]=] and more ]==]
---[[ not long: the rest of this line only
local a = 1 --[[ in the middle ]] + --[=[ twice ]=] 2 -- and the end
assert(a == 3)
--[ not long either
--
--[[]]
--[==[]==]
assert(load("--[[ x ]] return 7")() == 7)
assert(load("return 8 -- no newline")() == 8)
assert(load("return 9 --")() == 9)
assert(load("--[==[ \n]]\n]==] return 10")() == 10)
assert(load("-- only a comment")() == nil)
assert(load("")() == nil)
assert(load("return--[[]]1")() == 1)
assert(load("# first line is not skipped by load") == nil)
assert(5 --[[ five ]] == --[[ still ]] 5)
-- a comment with no newline after it ends this file
