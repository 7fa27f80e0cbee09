-- richards: measures method calls, fields and dynamic dispatch in an object-
-- oriented program: the simulation of the kernel of an operating system.
-- Source: Martin Richards' scheduler benchmark, rewritten for Lua; the counts
-- of packets queued and tasks held are those of the original (23246 and 9297 a run).
-- arg[1]: how many runs (default 20, quick 2)

local n = tonumber(arg and arg[1]) or 20

local IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 1, 2, 3, 4, 5, 6
local KIND_DEV, KIND_WORK = 0, 1
local COUNT, DATA_SIZE = 10000, 4

-- packets
local Packet = {}
Packet.__index = Packet
local function packet(link, id, kind)
  return setmetatable({ link = link, id = id, kind = kind, datum = 0, data = { 0, 0, 0, 0 } },
    Packet)
end
function Packet:append_to(queue)
  self.link = nil
  if not queue then return self end
  local p = queue
  while p.link do p = p.link end
  p.link = self
  return queue
end

-- tasks and their states
local Task = {}
Task.__index = Task

local Scheduler = {}
Scheduler.__index = Scheduler

local function scheduler()
  return setmetatable({ queued = 0, held = 0, blocks = {}, list = nil, current = nil,
    current_id = nil }, Scheduler)
end

function Scheduler:add(id, priority, queue, body)
  local t = setmetatable({
    link = self.list, id = id, priority = priority, queue = queue, body = body,
    pending = queue ~= nil, waiting = true, holding = false,
  }, Task)
  self.list = t
  self.blocks[id] = t
  return t
end

function Scheduler:add_running(id, priority, queue, body)
  local t = self:add(id, priority, queue, body)
  t.pending, t.waiting, t.holding = false, false, false
end

function Scheduler:schedule()
  self.current = self.list
  while self.current do
    local t = self.current
    if t:is_held_or_waiting() then
      self.current = t.link
    else
      self.current_id = t.id
      self.current = t:run(self)
    end
  end
end

function Scheduler:release(id)
  local t = self.blocks[id]
  if not t then return t end
  t.holding = false
  if t.priority > self.current.priority then return t end
  return self.current
end

function Scheduler:hold_current()
  self.held = self.held + 1
  self.current.holding = true
  return self.current.link
end

function Scheduler:suspend_current()
  self.current.waiting = true
  return self.current
end

function Scheduler:queue_packet(p)
  local t = self.blocks[p.id]
  if not t then return t end
  self.queued = self.queued + 1
  p.link = nil
  p.id = self.current_id
  return t:check_priority_add(self.current, p)
end

function Task:is_held_or_waiting()
  return self.holding or (self.waiting and not self.pending)
end

function Task:run(s)
  local p
  if self.waiting and self.pending and not self.holding then
    p = self.queue
    self.queue = p.link
    self.waiting = false
    self.pending = self.queue ~= nil
  end
  return self.body:run(s, p)
end

function Task:check_priority_add(task, p)
  if not self.queue then
    self.queue = p
    self.pending = true
    if self.priority > task.priority then return self end
  else
    self.queue = p:append_to(self.queue)
  end
  return task
end

-- what the tasks do
local function body(run)
  local class = { run = run }
  class.__index = class
  return function(fields) return setmetatable(fields, class) end
end

local idle = body(function(self, s)
  self.count = self.count - 1
  if self.count == 0 then return s:hold_current() end
  if self.v1 & 1 == 0 then
    self.v1 = self.v1 >> 1
    return s:release(DEVICE_A)
  end
  self.v1 = (self.v1 >> 1) ~ 0xD008
  return s:release(DEVICE_B)
end)

local device = body(function(self, s, p)
  if not p then
    if not self.v1 then return s:suspend_current() end
    local v = self.v1
    self.v1 = nil
    return s:queue_packet(v)
  end
  self.v1 = p
  return s:hold_current()
end)

local worker = body(function(self, s, p)
  if not p then return s:suspend_current() end
  self.v1 = self.v1 == HANDLER_A and HANDLER_B or HANDLER_A
  p.id = self.v1
  p.datum = 0
  for i = 1, DATA_SIZE do
    self.v2 = self.v2 + 1
    if self.v2 > 26 then self.v2 = 1 end
    p.data[i] = self.v2
  end
  return s:queue_packet(p)
end)

local handler = body(function(self, s, p)
  if p then
    if p.kind == KIND_WORK then
      self.v1 = p:append_to(self.v1)
    else
      self.v2 = p:append_to(self.v2)
    end
  end
  local work = self.v1
  if work then
    local count = work.datum
    if count < DATA_SIZE then
      local dev = self.v2
      if dev then
        self.v2 = dev.link
        dev.datum = work.data[count + 1]
        work.datum = count + 1
        return s:queue_packet(dev)
      end
    else
      self.v1 = work.link
      return s:queue_packet(work)
    end
  end
  return s:suspend_current()
end)

local function run()
  local s = scheduler()
  s:add_running(IDLE, 0, nil, idle { v1 = 1, count = COUNT })

  local q = packet(nil, WORKER, KIND_WORK)
  q = packet(q, WORKER, KIND_WORK)
  s:add(WORKER, 1000, q, worker { v1 = HANDLER_A, v2 = 0 })

  q = packet(nil, DEVICE_A, KIND_DEV)
  q = packet(q, DEVICE_A, KIND_DEV)
  q = packet(q, DEVICE_A, KIND_DEV)
  s:add(HANDLER_A, 2000, q, handler {})

  q = packet(nil, DEVICE_B, KIND_DEV)
  q = packet(q, DEVICE_B, KIND_DEV)
  q = packet(q, DEVICE_B, KIND_DEV)
  s:add(HANDLER_B, 3000, q, handler {})

  s:add(DEVICE_A, 4000, nil, device {})
  s:add(DEVICE_B, 5000, nil, device {})

  s:schedule()
  return s.queued, s.held
end

local queued, held = 0, 0
for _ = 1, n do
  local q, h = run()
  queued, held = queued + q, held + h
end
print("queued", queued, queued // n)
print("held", held, held // n)
