text = "the submodule"
