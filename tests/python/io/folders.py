# os: folders and what is in them.
import os

TOP = "xipvm_test_folders.tmp"


def attempt(f, *args):
    try:
        return f(*args)
    except OSError as e:
        return "OSError %d" % e.args[0]
    except Exception as e:
        return type(e).__name__


def touch(path, data=""):
    f = open(path, "w")
    f.write(data)
    f.close()


print(os.mkdir(TOP), attempt(os.mkdir, TOP), attempt(os.mkdir, TOP + "/none/such"))
before = os.getcwd()
os.chdir(TOP)
print(os.getcwd() == before + "/" + TOP, os.listdir(), list(os.ilistdir()), os.listdir("."), os.listdir(b"."))
touch("b", "12345")
touch("a\u00e9", "")
os.mkdir("sub")
touch("sub/inner")
print(sorted(os.listdir()), sorted(os.listdir(b".")), os.listdir("sub"))
print(sorted(e[:2] for e in os.ilistdir()), sorted(e[3] for e in os.ilistdir() if e[1] == 0x8000))
print([len(e) for e in os.ilistdir(b"sub")], list(os.ilistdir(b"sub"))[0][0])
it = os.ilistdir("sub")
print(iter(it) is it, next(it)[0], next(it, "end"), next(it, "end"))
print(attempt(os.listdir, "none"), attempt(os.ilistdir, "none"), attempt(os.listdir, "b"), attempt(os.listdir, 5))
print([(s[0] & 0xf000, s[6]) for s in (os.stat("b"), os.stat("a\u00e9"))], os.stat("sub")[0] & 0xf000, len(os.stat(".")), os.stat("b")[8] > 1700000000)
print(attempt(os.stat, "none"), attempt(os.stat, None), attempt(os.stat, "b\0"))
print(os.rename("b", "sub/c"), sorted(os.listdir("sub")), attempt(os.rename, "b", "d"), attempt(os.rename, "x", 5))
print(attempt(os.rmdir, "sub"), attempt(os.rmdir, "none"), attempt(os.remove, "sub"), attempt(os.rmdir, "a\u00e9"))
print(os.remove("sub/c"), os.unlink("sub/inner"), os.rmdir("sub"), os.remove("a\u00e9"), attempt(os.unlink, "a\u00e9"))
print(attempt(os.chdir, "none"), os.chdir(".."), os.rmdir(TOP), os.getcwd() == before)
# Removing while listing.
os.mkdir(TOP)
for i in range(20):
    touch(TOP + "/" + str(i))
for entry in os.ilistdir(TOP):
    os.remove(TOP + "/" + entry[0])
print(os.listdir(TOP), os.rmdir(TOP))
# More listings begun than a host may have open.
for i in range(2000):
    next(os.ilistdir())
u = os.uname()
print(len(u), u[0] == u.sysname, u.machine == u[4], u[-1] == u.machine, u[1:3] == (u.nodename, u.release), [type(x) is str for x in u], repr(u)[:9])
print(os.sep)
