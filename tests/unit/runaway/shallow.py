"""What the others are compared with."""
answer = [str(i) for i in range(3)]
