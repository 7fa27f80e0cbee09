local counter = Counter()

function greet(name, times)
  for i = 1, times do
    say(("hello, %s (%d)"):format(name, i))
    counter:add(1)
  end
  return counter.value
end
