"""Measures the heap that modules keep: keep.py NAME... prints one line of JSON for each and for all of them together.

Runs on libxipvm and on MicroPython alike.
"""
import gc
import sys


def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def main(names):
    kept = [0] * len(names)
    keep_warm = __import__("warm")
    used()
    start = used()
    for i in range(len(names)):
        before = used()
        __import__(names[i])
        kept[i] = used() - before
    total = used() - start
    for i in range(len(names)):
        print(names[i], kept[i])
    print("all", total)
    return keep_warm


main(sys.argv[1:])
