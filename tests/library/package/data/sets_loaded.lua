package.loaded[...] = "set"
