print("elsewhere")
