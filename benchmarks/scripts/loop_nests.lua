-- loop_nests: measures work on a large graph of small objects: depth-first
-- numbering, union-find with path compression, sets, and lists of lists.
-- Source: P. Havlak, Nesting of Reducible and Irreducible Loops (TOPLAS 19(4), 1997):
-- finds the loops of a control-flow graph and how they nest. Written for this suite.
-- arg[1]: how many copies of the function body (default 200, quick 40)

local n = tonumber(arg and arg[1]) or 200

-- ---- graphs

local function new_graph() return { blocks = {} } end

local function new_block(graph)
  local block = { id = #graph.blocks + 1, into = {}, out = {} }
  graph.blocks[block.id] = block
  return block
end

local function connect(from, to)
  from.out[#from.out + 1] = to
  to.into[#to.into + 1] = from
end

-- a straight line of blocks after `from`; answers the last
local function line(graph, from, length)
  for _ = 1, length do
    local block = new_block(graph)
    connect(from, block)
    from = block
  end
  return from
end

local function diamond(graph, from)
  local left, right, join = new_block(graph), new_block(graph), new_block(graph)
  connect(from, left)
  connect(from, right)
  connect(left, join)
  connect(right, join)
  return join
end

-- ---- union-find: which loop header a node was folded into

local function find(node)
  local root = node
  while root.parent ~= root do root = root.parent end
  while node.parent ~= root do node.parent, node = root, node.parent end
  return root
end

-- ---- Havlak's algorithm

-- Nodes in depth-first order, with the last number of each one's subtree. The stack is explicit: graphs are deep.
local function number_nodes(entry)
  local nodes, numbered, count = {}, {}, 0
  local stack, top = { { entry, 0 } }, 1
  local function visit(block)
    count = count + 1
    numbered[block] = count
    local node = { block = block, number = count, back = {}, other = {}, kind = "plain", header = 1 }
    node.parent = node
    nodes[count] = node
  end
  visit(entry)
  while top > 0 do
    local frame = stack[top]
    local block, edge = frame[1], frame[2] + 1
    frame[2] = edge
    local to = block.out[edge]
    if not to then
      nodes[numbered[block]].last = count
      top = top - 1
    elseif not numbered[to] then
      visit(to)
      top = top + 1
      stack[top] = { to, 0 }
    end
  end
  return nodes, numbered
end

local function find_loops(entry)
  local nodes, numbered = number_nodes(entry)
  -- edges from within a node's own subtree close loops at it
  for w = 1, #nodes do
    local node = nodes[w]
    for _, from in ipairs(node.block.into) do
      local v = numbered[from]
      if v then
        local list = (w <= v and v <= node.last) and node.back or node.other
        list[#list + 1] = v
      end
    end
  end
  local loops = {}
  for w = #nodes, 1, -1 do
    local header = nodes[w]
    local body, member = {}, {}
    local itself = false
    for _, v in ipairs(header.back) do
      if v == w then
        itself = true
      else
        local root = find(nodes[v])
        if not member[root] then
          member[root] = true
          body[#body + 1] = root
        end
      end
    end
    if itself then header.kind = "self" end
    if #body > 0 then header.kind = "reducible" end
    local i = 1
    while i <= #body do
      for _, v in ipairs(body[i].other) do
        local root = find(nodes[v])
        if root.number < w or root.number > header.last then
          header.kind = "irreducible"
          header.other[#header.other + 1] = root.number
        elseif root ~= header and not member[root] then
          member[root] = true
          body[#body + 1] = root
        end
      end
      i = i + 1
    end
    if #body > 0 or itself then
      local loop = { header = header.block.id, kind = header.kind, inner = {}, blocks = 1, depth = 0 }
      for _, node in ipairs(body) do
        node.parent = header
        if node.loop then
          loop.inner[#loop.inner + 1] = node.loop
          node.loop.outer = loop
          loop.blocks = loop.blocks + node.loop.blocks
        else
          loop.blocks = loop.blocks + 1
        end
      end
      header.loop = loop
      loops[#loops + 1] = loop
    end
  end
  return loops
end

local function depth_of(loop)
  if #loop.inner == 0 then return 1 end
  local deepest = 0
  for _, inner in ipairs(loop.inner) do deepest = math.max(deepest, depth_of(inner)) end
  return deepest + 1
end

-- ---- the program to analyse: loops three deep, diamonds, a self-loop and a loop with two ways in

local function body(graph, from)
  local outer = line(graph, from, 1)
  local at = outer
  for _ = 1, 5 do
    local middle = line(graph, at, 2)
    local inner = diamond(graph, middle)
    for _ = 1, 3 do
      local head = line(graph, inner, 1)
      inner = diamond(graph, line(graph, head, 2))
      connect(inner, head)
    end
    connect(inner, middle)
    at = line(graph, inner, 1)
  end
  connect(at, outer)
  local single = line(graph, at, 1)
  connect(single, single)
  -- two ways into a cycle
  local a, b = new_block(graph), new_block(graph)
  connect(single, a)
  connect(single, b)
  connect(a, b)
  connect(b, a)
  return line(graph, b, 1)
end

local graph = new_graph()
local entry = new_block(graph)
local at = entry
for _ = 1, n do at = body(graph, at) end

local kinds, deepest, outermost, sum
for _ = 1, 3 do
  kinds, deepest, outermost, sum = { plain = 0, self = 0, reducible = 0, irreducible = 0 }, 0, 0, 0
  for _, loop in ipairs(find_loops(entry)) do
    kinds[loop.kind] = kinds[loop.kind] + 1
    sum = sum + loop.blocks
    if not loop.outer then
      outermost = outermost + 1
      deepest = math.max(deepest, depth_of(loop))
    end
  end
end
print(#graph.blocks, kinds.reducible, kinds.self, kinds.irreducible)
print(outermost, deepest, sum)
