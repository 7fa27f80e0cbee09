-- Rules of a proxy: decide(request) answers "allow", "deny" or "challenge", and why. Every worker thread runs this module.
local re = require "re"

local bad_agents = re.set { [[(?i)\bsqlmap\b]], [[(?i)\bnikto\b]], [[^$]] }
local traversal = re.compile [[\.\./|%2e%2e]]

local limits = { GET = 8192, POST = 1 << 20 }

function decide(request)
  if bad_agents:test(request.agent) then return "deny", "agent" end
  if traversal:test(request.path) then return "deny", "path" end
  local limit = limits[request.method]
  if not limit then return "deny", "method" end
  if request.size > limit then return "challenge", "size" end
  return "allow", "ok"
end
