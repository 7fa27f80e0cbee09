-- generate.lua SEED COUNT: prints the programs with seeds from SEED on, in the form that driver.lua reads.

package.path = arg[0]:gsub("generate.lua$", "?.lua")
local program = require "program"

for seed = math.tointeger(arg[1]), arg[1] + arg[2] - 1 do
  print(("--@ %d\n%s\n--."):format(seed, program.generate(seed)))
end
