print("submodule of", __name__)
