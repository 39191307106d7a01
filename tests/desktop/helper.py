print("helper beside main")
