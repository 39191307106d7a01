import sys


def inner():
    raise ValueError("from inner")


what = sys.argv[1] if len(sys.argv) > 1 else ""
print("main", sys.argv[1:])
if what == "raise":
    inner()
elif what == "exit":
    sys.exit()
elif what == "exit7":
    sys.exit(7)
elif what == "message":
    sys.exit("a message")
elif what == "import":
    __import__(sys.argv[2])
    print(sys.modules[sys.argv[2]].__name__)
