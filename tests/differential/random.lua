-- A source of random numbers that gives the same ones everywhere (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).

local Random = {}
Random.__index = Random

function Random.new(seed) return setmetatable({state = seed}, Random) end

-- A random integer from 1 to n.
function Random:upto(n)
  self.state = self.state + 0x9e3779b97f4a7c15
  local z = self.state
  z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ~ (z >> 27)) * 0x94d049bb133111eb
  return ((z ~ (z >> 31)) >> 1) % n + 1
end

function Random:between(low, high) return low + self:upto(high - low + 1) - 1 end

-- True once in n times.
function Random:once_in(n) return self:upto(n) == 1 end

function Random:pick(list) return list[self:upto(#list)] end

return Random
