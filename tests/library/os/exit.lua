-- os.exit(true) ends the program with status 0 and closes what it should.

print("before")              -- expect: before
io.write("no newline yet")   -- expect: no newline yet
os.exit(true)
print("never")
