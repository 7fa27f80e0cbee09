-- Names, reserved words as field keys, and adjacent tokens.

local _, _a, a_1, A, And, END = 1, 2, 3, 4, 5, 6
assert(_ == 1 and _a == 2 and a_1 == 3 and A == 4 and And == 5 and END == 6)
local goto_ = 1
assert(goto_ == 1)
local t = { ["end"] = 1, ["goto"] = 2, nil_ = 3 }
assert(t["end"] == 1 and t["goto"] == 2 and t.nil_ == 3)
local long = string.rep("x", 300)
assert(load("local " .. long .. " = 42 return " .. long)() == 42)
-- tokens that touch
local x,y=1,2;assert(x==1);assert(y==2)assert(x+y==3)
assert(1 ..2 == "12")
assert(x..y == "12")
local s = "a".."b"..[[c]]..'d'assert(s == "abcd")
assert(not not true==true)
assert(2^-1 == 0.5 and- -2 == 2)
assert(t["end"]~=nil and#"abc"==3)
do local function f(...)return...end assert(f(1)==1)end
