print("body of", __name__)
name = __name__
