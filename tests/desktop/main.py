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
elif what == "echo":
    for line in sys.stdin:
        print("heard", repr(line))
        print("said", repr(line), file=sys.stderr)
    open(sys.argv[2], "w").write("left open")
    print(open(sys.argv[2]).read())
