sub = "a name of the package's own"
