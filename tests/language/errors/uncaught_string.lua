-- An error that nobody catches ends the program with status 1.

print("before")                   -- expect: before
local function f()
  error("something went wrong") -- expect error: something went wrong
end
f()
print("never")
