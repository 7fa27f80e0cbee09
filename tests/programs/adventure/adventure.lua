-- A text adventure: classes with inheritance and mixins, rooms and items made from descriptions, a command parser, events, a clock with
-- daemons as coroutines, and games saved as Lua source. It plays a script, saves in the middle, and plays the rest twice, once from
-- the saved game: both must end the same.

----------------------------------------------------------------------------------------------------------------------------------
-- Classes

local classes = {}

-- class "Name" : extends(Base) : with(mixin) { members }
local function class(name)
  local cls = {__name = name, class_name = name}
  cls.__index = cls
  cls.__tostring = function(self) return name .. "(" .. tostring(self.name) .. ")" end
  local meta = {}
  function meta.__call(_, ...)
    local object = setmetatable({}, cls)
    if object.init then object:init(...) end
    return object
  end
  classes[name] = cls
  local definition = {}
  function definition:extends(base)
    meta.__index = base
    cls.super = base
    -- Metamethods are not inherited through __index, so they are copied.
    for key, value in pairs(base) do
      if type(key) == "string" and key:find("^__") and rawget(cls, key) == nil then
        cls[key] = value
      end
    end
    return self
  end
  function definition:with(mixin)
    for key, value in pairs(mixin) do
      assert(rawget(cls, key) == nil, "mixin collides")
      cls[key] = value
    end
    return self
  end
  return setmetatable(definition, {__call = function(_, members)
    for key, value in pairs(members or {}) do cls[key] = value end
    return setmetatable(cls, meta)
  end})
end

local function is_a(object, cls)
  local mt = getmetatable(object)
  while mt do
    if mt == cls then return true end
    mt = mt.super
  end
  return false
end

----------------------------------------------------------------------------------------------------------------------------------
-- Events

local Observable = {}

function Observable:on(event, handler)
  self.handlers = self.handlers or {}
  local list = self.handlers[event] or {}
  self.handlers[event] = list
  list[#list + 1] = handler
  return function() -- unsubscribe
    for i, h in ipairs(list) do
      if h == handler then
        table.remove(list, i)
        return true
      end
    end
    return false
  end
end

function Observable:emit(event, ...)
  local list = self.handlers and self.handlers[event]
  if not list then return 0 end
  -- A copy, as handlers may unsubscribe themselves.
  local copy = table.move(list, 1, #list, 1, {})
  for _, handler in ipairs(copy) do
    if handler(self, ...) == "stop" then break end
  end
  return #copy
end

----------------------------------------------------------------------------------------------------------------------------------
-- Things

local Thing = class "Thing" :with(Observable) {
  weight = 1,
  init = function(self, id, description)
    self.id, self.name, self.text = id, description.name or id, description.text or "Nothing special."
    self.weight = description.weight
    self.contents = {}
  end,
  describe = function(self) return self.text end,
  add = function(self, thing)
    if thing.place then thing.place:remove(thing) end
    self.contents[#self.contents + 1] = thing
    thing.place = self
    self:emit("added", thing)
  end,
  remove = function(self, thing)
    for i, other in ipairs(self.contents) do
      if other == thing then
        table.remove(self.contents, i)
        thing.place = nil
        return
      end
    end
    error(tostring(thing) .. " is not in " .. tostring(self))
  end,
  total_weight = function(self)
    local sum = self.weight
    for _, thing in ipairs(self.contents) do sum = sum + thing:total_weight() end
    return sum
  end,
  -- Iterates over everything inside, however deep, that can be seen.
  visible = function(self)
    local function walk(place)
      for _, thing in ipairs(place.contents) do
        coroutine.yield(thing)
        if not is_a(thing, classes.Container) or thing.open then walk(thing) end
      end
    end
    return coroutine.wrap(function() walk(self) end)
  end,
  verbs = {},
}

-- An item's verbs are looked up along its classes.
local function verb_of(thing, verb)
  local cls = getmetatable(thing)
  while cls do
    local verbs = rawget(cls, "verbs")
    if verbs and verbs[verb] then return verbs[verb] end
    cls = cls.super
  end
end

local Item = class "Item" :extends(Thing) {
  portable = true,
  verbs = {
    take = function(self, game)
      if self.place == game.player then return "You have it already." end
      if not self.portable then return "It won't move." end
      if game.player:total_weight() + self:total_weight() > game.player.strength then return "It is too heavy." end
      game.player:add(self)
      game:score_once("took " .. self.id, self.points or 0)
      return "Taken."
    end,
    drop = function(self, game)
      if self.place ~= game.player then return "You don't have it." end
      game.player.place:add(self)
      return "Dropped."
    end,
    examine = function(self) return self:describe() end,
  },
}

local Container = class "Container" :extends(Item) {
  open = false,
  init = function(self, id, description)
    Item.init(self, id, description)
    self.capacity = description.capacity or 5
    self.locked = description.key ~= nil
    self.key = description.key
  end,
  describe = function(self)
    local text = Item.describe(self)
    if not self.open then return text .. " It is closed." end
    local names = {}
    for i, thing in ipairs(self.contents) do names[i] = thing.name end
    return text .. " It holds " .. (#names > 0 and table.concat(names, ", ") or "nothing") .. "."
  end,
  verbs = {
    open = function(self, game)
      if self.open then return "It is open." end
      if self.locked then
        for _, thing in ipairs(game.player.contents) do
          if thing.id == self.key then
            self.locked = false
            self.open = true
            self:emit("opened", game)
            return "You unlock and open it."
          end
        end
        return "It is locked."
      end
      self.open = true
      self:emit("opened", game)
      return self:describe()
    end,
    close = function(self)
      self.open = false
      return "Closed."
    end,
    put = function(self, game, thing)
      if not self.open then return "It is closed." end
      if thing == self then return "Hardly." end
      if self:total_weight() - self.weight + thing:total_weight() > self.capacity then return "It does not fit." end
      self:add(thing)
      return "Done."
    end,
  },
}

local Lamp = class "Lamp" :extends(Item) {
  lit = false,
  fuel = 16,
  describe = function(self) return Item.describe(self) .. (self.lit and " It shines." or " It is dark.") end,
  verbs = {
    light = function(self, game)
      if self.fuel <= 0 then return "It is empty." end
      self.lit = true
      game:start_daemon("burn", self.id)
      return "The lamp shines."
    end,
    extinguish = function(self)
      self.lit = false
      return "Dark again."
    end,
  },
}

local Room = class "Room" :extends(Thing) {
  init = function(self, id, description)
    Thing.init(self, id, description)
    self.exits = description.exits or {}
    self.dark = description.dark
  end,
  lit = function(self)
    if not self.dark then return true end
    for thing in self:visible() do
      if thing.lit == true then return true end
    end
    return false
  end,
  describe = function(self)
    if not self:lit() then return "It is pitch dark." end
    local lines = {self.name .. ". " .. Thing.describe(self)}
    local things = {}
    for _, thing in ipairs(self.contents) do
      if not is_a(thing, classes.Player) then things[#things + 1] = thing.name end
    end
    if #things > 0 then lines[#lines + 1] = "Here: " .. table.concat(things, ", ") .. "." end
    local exits = {}
    for direction in pairs(self.exits) do exits[#exits + 1] = direction end
    table.sort(exits)
    lines[#lines + 1] = "Exits: " .. table.concat(exits, ", ") .. "."
    return table.concat(lines, " ")
  end,
}

local Player = class "Player" :extends(Thing) {
  strength = 12,
  health = 10,
  hurt = function(self, game, amount)
    self.health = self.health - amount
    if self.health <= 0 then
      -- Ends the game from wherever it is: the loop catches this table.
      error({ending = "You have died.", lost = true})
    end
  end,
}

local Creature = class "Creature" :extends(Thing) {
  mood = 0,
  verbs = {
    talk = function(self, game)
      self.mood = self.mood + 1
      local lines = self.lines
      return self.name .. ": " .. lines[(self.mood - 1) % #lines + 1]
    end,
    give = function(self, game, thing)
      if thing.id ~= self.wants then return self.name .. " shakes its head." end
      game.items[thing.id] = nil
      game.player:remove(thing)
      self.satisfied = true
      game:score_once("fed " .. self.id, 10)
      return self.name .. " is happy and steps aside."
    end,
  },
}

----------------------------------------------------------------------------------------------------------------------------------
-- The world

local world = {
  rooms = {
    hall = {name = "Hall", text = "Dust and echoes.", exits = {north = "library", down = "cellar", east = "garden"}},
    library = {name = "Library", text = "Books up to the ceiling.", exits = {south = "hall"}},
    cellar = {name = "Cellar", text = "Barrels, and something that drips.", exits = {up = "hall", west = "vault"}, dark = true},
    vault = {name = "Vault", text = "Iron walls.", exits = {east = "cellar"}, dark = true},
    garden = {name = "Garden", text = "Weeds.", exits = {west = "hall", north = "maze1"}},
    maze1 = {name = "Maze", text = "Hedges.", exits = {north = "maze2", south = "garden", west = "maze1"}},
    maze2 = {name = "Maze", text = "Hedges.", exits = {north = "maze1", east = "maze3"}},
    maze3 = {name = "Maze", text = "Hedges, and a way out.", exits = {west = "maze2"}},
  },
  items = {
    lamp = {class = "Lamp", at = "hall", name = "brass lamp", weight = 2, text = "A lamp."},
    book = {at = "library", name = "red book", text = "It says: the third hedge.", points = 2},
    key = {at = "maze3", name = "iron key", text = "Heavy for its size.", points = 5},
    chest = {class = "Container", at = "vault", name = "chest", weight = 20, capacity = 10, key = "key", text = "Oak and iron."},
    crown = {at = "chest", name = "crown", weight = 3, text = "Gold.", points = 25},
    basket = {class = "Container", at = "garden", name = "basket", capacity = 3, text = "Willow."},
    apple = {at = "basket", name = "apple", text = "Red."},
    anvil = {at = "cellar", name = "anvil", weight = 50, text = "It has been here for ever."},
  },
  creatures = {
    troll = {at = "cellar", name = "Troll", text = "Green.", wants = "apple", blocks = "west", lines = {"Hungry!", "Still hungry!", "Apple?"}},
  },
}

local Game = class "Game" :with(Observable) {}

function Game:init()
  self.rooms, self.items, self.log = {}, {}, {}
  self.turn, self.score, self.scored, self.daemons = 0, 0, {}, {}
  for id, description in pairs(world.rooms) do self.rooms[id] = Room(id, description) end
  local later = {}
  local function make(id, description, default)
    local thing = classes[description.class or default](id, description)
    for _, key in ipairs {"points", "wants", "blocks", "lines"} do thing[key] = description[key] end
    self.items[id] = thing
    later[#later + 1] = {thing, description.at}
  end
  for id, description in pairs(world.items) do make(id, description, "Item") end
  for id, description in pairs(world.creatures) do make(id, description, "Creature") end
  table.sort(later, function(a, b) return a[1].id < b[1].id end)
  for _, pair in ipairs(later) do self:find(pair[2]):add(pair[1]) end
  self.player = Player("player", {name = "you"})
  self.items.player = self.player
  self.rooms.hall:add(self.player)
  self:subscribe()
end

function Game:find(id)
  return self.rooms[id] or self.items[id] or error("no " .. tostring(id))
end

function Game:say(format, ...)
  self.log[#self.log + 1] = select("#", ...) == 0 and format or format:format(...)
end

function Game:subscribe()
  self.items.chest:on("opened", function(chest, game) game:score_once("chest", 15) end)
  if self.bird_cried then return end
  local unsubscribe
  unsubscribe = self.rooms.maze2:on("added", function(_, thing)
    if thing == self.player then
      self:say("A bird cries.")
      self.bird_cried = true
      assert(unsubscribe() and not unsubscribe())
    end
  end)
end

function Game:score_once(what, points)
  if not self.scored[what] then
    self.scored[what] = points
    self.score = self.score + points
  end
end

-- Daemons run once per turn until they end. Their code can be started again from a saved game because its state is in things.
local daemons = {
  burn = function(game, id)
    local lamp = game.items[id]
    while lamp.lit and lamp.fuel > 0 do
      lamp.fuel = lamp.fuel - 1
      if lamp.fuel == 3 then game:say("The lamp flickers.") end
      if lamp.fuel == 0 then
        lamp.lit = false
        game:say("The lamp goes out.")
      end
      coroutine.yield()
    end
  end,
  drip = function(game)
    while true do
      game.drips = (game.drips or 0) + 1
      if game.drips % 4 == 0 and game.player.place.id == "cellar" then game:say("Drip.") end
      coroutine.yield()
    end
  end,
}

function Game:start_daemon(name, ...)
  local key = table.concat({name, ...}, " ")
  self.daemons[key] = coroutine.create(daemons[name])
  local ok, problem = coroutine.resume(self.daemons[key], self, ...)
  assert(ok, problem)
end

function Game:tick()
  self.turn = self.turn + 1
  local keys = {}
  for key in pairs(self.daemons) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local co = self.daemons[key]
    local ok, problem = coroutine.resume(co)
    if not ok then error(problem, 0) end
    if coroutine.status(co) == "dead" then self.daemons[key] = nil end
  end
  if not self.player.place:lit() and self.turn % 2 == 0 then
    self:say("You stumble in the dark.")
    self.player:hurt(self, 3)
  end
end

----------------------------------------------------------------------------------------------------------------------------------
-- Commands

local synonyms = {get = "take", n = "north", s = "south", e = "east", w = "west", u = "up", d = "down", l = "look", i = "inventory",
                  x = "examine", ["pick up"] = "take", go = "walk", ["turn on"] = "light"}
local directions = {north = true, south = true, east = true, west = true, up = true, down = true}
local prepositions = {["in"] = true, into = true, to = true, with = true, from = true}
local articles = {the = true, a = true, an = true, my = true}

local function parse(line)
  line = line:lower():gsub("[^%a%s]", ""):gsub("pick up", "take"):gsub("turn on", "light")
  local words = {}
  for word in line:gmatch("%a+") do
    if not articles[word] then words[#words + 1] = synonyms[word] or word end
  end
  local verb = table.remove(words, 1)
  if verb == "walk" then verb = table.remove(words, 1) end
  local objects, current = {}, {}
  for _, word in ipairs(words) do
    if prepositions[word] then
      objects[#objects + 1] = current
      current = {}
    else
      current[#current + 1] = word
    end
  end
  objects[#objects + 1] = current
  if #objects > 1 and #objects[1] == 0 then table.remove(objects, 1) end -- "talk to the troll"
  return verb, objects
end

-- The thing that a phrase names: each word must be one of its name's; the best match wins.
function Game:resolve(words)
  local best, best_count, ambiguous = nil, 0, false
  local seen = {}
  local function consider(thing)
    if seen[thing] then return end
    seen[thing] = true
    local count = 0
    for _, word in ipairs(words) do
      if not (" " .. thing.name:lower() .. " "):find(" " .. word .. " ", 1, true) then return end
      count = count + 1
    end
    if count > best_count then
      best, best_count, ambiguous = thing, count, false
    elseif count == best_count and count > 0 then
      ambiguous = true
    end
  end
  for thing in self.player:visible() do consider(thing) end
  if self.player.place:lit() then
    for thing in self.player.place:visible() do consider(thing) end
  end
  if ambiguous then return nil, "Which one?" end
  return best, best and "" or "There is no " .. table.concat(words, " ") .. " here."
end

local commands = setmetatable({}, {__index = function(_, verb)
  -- Any other verb is one of the thing named first, or of the second with the first as its argument.
  return function(game, objects)
    local thing, problem = game:resolve(objects[1])
    if #objects[1] == 0 then return "What?" end
    if not thing then return problem end
    local other
    if objects[2] then
      other, problem = game:resolve(objects[2])
      if not other then return problem end
      if verb == "take" then
        if thing.place ~= other then return "It is not there." end
        other = nil
      end
    end
    local handler = other and verb_of(other, verb)
    if handler then return handler(other, game, thing) end
    handler = verb_of(thing, verb)
    if not handler then return "You cannot do that." end
    return handler(thing, game, other)
  end
end})

function commands.look(game) return game.player.place:describe() end

function commands.inventory(game)
  local names = {}
  for i, thing in ipairs(game.player.contents) do names[i] = thing.name end
  return #names == 0 and "You have nothing." or "You have: " .. table.concat(names, ", ") .. "."
end

function commands.wait() return "Time passes." end

function commands.quit(game) error({ending = "Goodbye."}) end

for direction in pairs(directions) do
  commands[direction] = function(game)
    local room = game.player.place
    for _, thing in ipairs(room.contents) do
      if thing.blocks == direction and not thing.satisfied then return thing.name .. " stands in the way." end
    end
    local target = room.exits[direction]
    if not target then return "You cannot go there." end
    game.rooms[target]:add(game.player)
    if target == "cellar" and not game.daemons.drip then game:start_daemon("drip") end
    if target == "hall" and game.items.crown.place == game.player then
      error({ending = "You leave with the crown."})
    end
    return game.player.place:describe()
  end
end

function Game:command(line)
  local verb, objects = parse(line)
  self:say("> %s", line)
  if not verb then
    self:say("Pardon?")
    return true
  end
  local ok, result = xpcall(function()
    self:say((commands[verb](self, objects):gsub("%%", "%%%%")))
    self:tick()
  end, function(problem)
    -- Endings pass; anything else gets a traceback.
    return type(problem) == "table" and problem or debug.traceback(problem, 2)
  end)
  if not ok then
    if type(result) ~= "table" then error(result, 0) end
    self:say(result.ending)
    self.over = true
    return false
  end
  return true
end

----------------------------------------------------------------------------------------------------------------------------------
-- Saved games: Lua source that makes the same graph of tables again. What belongs to the world and not to the state (classes, functions,
-- coroutines) is named or left out.

local function serialize(root, skipped)
  local names, lines, count = {}, {}, 0
  local function literal(value)
    local kind = type(value)
    if kind == "string" then
      return (string.format("%q", value):gsub("\\\n", "\\n"))
    elseif kind == "number" then
      return string.format("%q", value)
    end
    return tostring(value)
  end
  local function visit(t)
    if names[t] then return names[t] end
    count = count + 1
    local name = "o[" .. count .. "]"
    names[t] = name
    local mt = getmetatable(t)
    lines[#lines + 1] = mt and string.format("%s = setmetatable({}, c.%s)", name, mt.class_name) or name .. " = {}"
    local keys = {}
    for key in pairs(t) do
      if not skipped[key] then keys[#keys + 1] = key end
    end
    table.sort(keys, function(a, b)
      local ta, tb = type(a), type(b)
      if ta ~= tb then return ta < tb end
      return a < b
    end)
    for _, key in ipairs(keys) do
      local value = t[key]
      local text = type(value) == "table" and visit(value) or literal(value)
      lines[#lines + 1] = string.format("%s[%s] = %s", name, literal(key), text)
    end
    return name
  end
  local name = visit(root)
  lines[#lines + 1] = "return " .. name
  return "local o, c = {}, ...\n" .. table.concat(lines, "\n") .. "\n"
end

function Game:save()
  self.running = {}
  for key in pairs(self.daemons) do self.running[#self.running + 1] = key end
  table.sort(self.running)
  return serialize(self, {handlers = true, daemons = true, log = true})
end

function Game.load(text)
  local environment = setmetatable({}, {__index = function(_, name)
    return name == "setmetatable" and setmetatable or error("a saved game uses " .. name)
  end})
  local self = assert(load(text, "=saved", "t", environment))(classes)
  self.log, self.daemons = {}, {}
  self:subscribe()
  for _, key in ipairs(self.running) do
    local words = {}
    for word in key:gmatch("%S+") do words[#words + 1] = word end
    self.daemons[key] = coroutine.create(function() daemons[words[1]](self, table.unpack(words, 2)) end)
  end
  return self
end

----------------------------------------------------------------------------------------------------------------------------------
-- The play

local script = [[
look
take the brass lamp
inventory
x lamp
dance
take
take unicorn
n
get red book
examine book
open book
s
e
open basket
take apple from basket
take apple
put lamp in basket
put book into basket
put basket in basket
x basket
take key from basket
take lamp from basket
take lamp
take book from basket
n
w
n
e
take key
w
n
s
w
---
i
turn on lamp
down
w
take anvil
talk to troll
talk to troll
give book to troll
give apple to troll
talk to troll
w
x chest
open chest
take crown
i
extinguish lamp
e
light the lamp
u
look
]]

local function play(game, lines)
  for _, line in ipairs(lines) do
    if not game:command(line) then break end
  end
  return game
end

local halves = {{}, {}}
local half = 1
for line in script:gmatch("[^\n]+") do
  if line == "---" then half = 2 else table.insert(halves[half], line) end
end

local game = Game()
play(game, halves[1])
local saved = game:save()
print(table.concat(game.log, "\n"))
print(string.format("== saved after %d turns, score %d", game.turn, game.score))
print(#saved, select(2, saved:gsub("\n", "\n")))
assert(Game.load(saved):save() == saved)
for i = 1, 6 do print((saved:match(("[^\n]*\n"):rep(i - 1) .. "([^\n]*)"))) end

local copy = Game.load(saved)
game.log = {}
play(game, halves[2])
play(copy, halves[2])
assert(#game.log == #copy.log)
for i, line in ipairs(game.log) do assert(line == copy.log[i], line) end
assert(game.score == copy.score and game.turn == copy.turn and game.over and copy.over)
print(table.concat(game.log, "\n"))
print("score", game.score)
assert(is_a(game.items.lamp, Lamp) and is_a(game.items.lamp, Thing) and not is_a(game.items.lamp, Container))
print(game.items.lamp, game.player, Lamp.super == Item, getmetatable(game).__name)

print("== lost in the dark")
local lost = play(Game(), {"down", "wait", "wait", "wait", "wait", "wait", "wait", "wait", "wait", "wait", "up"})
print(table.concat(lost.log, "\n"))
assert(lost.over and lost.player.health <= 0)

print("== many games")
-- Random walks, saved and loaded each ten turns, against the same walk without.
do
  local seed = 7
  local function random(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
  local words = {"north", "south", "east", "west", "up", "down", "take lamp", "drop lamp", "light lamp", "take book", "take apple", "open basket",
                 "close basket", "put apple in basket", "talk to troll", "give apple to troll", "take key", "take crown", "open chest", "wait", "look"}
  local turns, scores, deaths, wins = 0, 0, 0, 0
  for round = 1, 30 do
    local straight, broken = Game(), Game()
    for step = 1, 80 do
      local line = words[random(#words)]
      local alive, alive_too = straight:command(line), broken:command(line)
      assert(alive == alive_too)
      assert(straight.log[#straight.log] == broken.log[#broken.log])
      if not alive then break end
      if step % 10 == 0 then broken = Game.load(broken:save()) end
    end
    assert(straight.score == broken.score and straight.turn == broken.turn and straight.player.health == broken.player.health)
    turns, scores = turns + straight.turn, scores + straight.score
    if straight.over then
      if straight.player.health <= 0 then deaths = deaths + 1 else wins = wins + 1 end
    end
  end
  print(turns, scores, deaths, wins)
end

print("== objects die")
do
  local weak = setmetatable({}, {__mode = "k"})
  for _ = 1, 5 do weak[Game()] = true end
  collectgarbage()
  collectgarbage()
  print(next(weak))
end
print(pcall(Game.load, "return os"))
print(pcall(Game.load, "return {"))
print(select(2, pcall(Thing.remove, game.rooms.hall, game.items.lamp)))
print("ok")
