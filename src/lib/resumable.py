# Native functions that call back Python code, once more in Python, for programs that run in slices: what a native calls cannot be
# suspended, what Python calls can. lib/resumable.c says which stands for which, by the order of the functions here; it finds them in
# the blob without ever running its body, so there are no globals, and no defaults.
#
# The first argument is the native that is being replaced, or one that the function needs.


def gather(native, iterable, *more, **kw):
    return native([x for x in iterable], *more, **kw)


def gather_second(native, first, iterable, *more, **kw):
    return native(first, [x for x in iterable], *more, **kw)


def make_list(native, iterable):
    return [x for x in iterable]


def make_set(native, iterable):
    return {x for x in iterable}


def extend(native, self, iterable):
    for x in iterable:
        self.append(x)


def total(native, iterable, *start):
    result = start[0] if start else 0
    for x in iterable:
        result = result + x
    return result


def any_of(native, iterable):
    for x in iterable:
        if x:
            return True
    return False


def all_of(native, iterable):
    for x in iterable:
        if not x:
            return False
    return True


# min and max, which tell themselves apart.
def extreme(native, *args, **kw):
    greatest = native(0, 1)
    key = kw.get("key")
    none = True
    for x in args[0] if len(args) == 1 else args:
        k = x if key is None else key(x)
        if none or ((best_key < k) if greatest else (k < best_key)):
            best = x
            best_key = k
            none = False
    return native((), **kw) if none else best


def make_sorted(native, iterable, **kw):
    items = [x for x in iterable]
    items.sort(**kw)
    return items


# `plain` tells whether natives can compare the keys; a merge sort, if not. The list is empty meanwhile, as its sort() has it.
def sort(plain, self, **kw):
    key = kw.get("key")
    down = True if kw.get("reverse") else False
    items = self[:]
    del self[:]
    try:
        keys = items if key is None else [key(x) for x in items]
        if plain(keys):
            # The place behind the key keeps equal ones in order.
            sign = -1 if down else 1
            pairs = []
            for k in keys:
                pairs.append((k, sign * len(pairs)))
            pairs.sort(reverse=down)
            items = [items[sign * i] for _, i in pairs]
        else:
            n = len(items)
            order = [i for i in range(n)]
            width = 1
            while width < n:
                merged = []
                low = 0
                while low < n:
                    left = low
                    middle = right = low + width if low + width < n else n
                    high = middle + width if middle + width < n else n
                    # What is in order already, as the ends that meet show, takes one comparison.
                    ordered = True
                    if middle < high:
                        a = order[middle - 1]
                        b = order[middle]
                        ordered = not ((keys[a] < keys[b]) if down else (keys[b] < keys[a]))
                    while not ordered and left < middle and right < high:
                        a = order[left]
                        b = order[right]
                        if (keys[a] < keys[b]) if down else (keys[b] < keys[a]):
                            merged.append(b)
                            right += 1
                        else:
                            merged.append(a)
                            left += 1
                    merged += order[left:middle]
                    merged += order[right:high]
                    low = high
                order = merged
                width *= 2
            items = [items[i] for i in order]
        modified = len(self) > 0
    finally:
        self[:] = items
    if modified:
        raise ValueError("list modified during sort")


def next_of(native, iterator, *default):
    if not default:
        return iterator.__next__()
    try:
        return iterator.__next__()
    except StopIteration:
        return default[0]


# Of the library's own iterators.
def next_item(native, iterator, *default):
    for x in iterator:
        return x
    if default:
        return default[0]
    raise StopIteration


def put(native, *args, **kw):
    sep = kw.pop("sep", None)
    end = kw.pop("end", None)
    for i in range(len(args)):
        if i > 0:
            native(" " if sep is None else sep, end="", **kw)
        native(str(args[i]), end="", **kw)
    native(end=end, **kw)


# `check` takes what is to be a str.
def text(check, x):
    return check(x.__str__())


def text_by_repr(check, x):
    return check(x.__repr__())


def find(container, item):
    for x in container:
        if x is item or x == item:
            return True
    return False


def ask(container, item):
    return True if container.__contains__(item) else False


# The first n items, and one more if there is one.
def first(iterable, n):
    items = []
    for x in iterable:
        items.append(x)
        if len(items) > n:
            break
    return items


def map_next(function, iterator):
    for x in iterator:
        return function(x)
    raise StopIteration


def map_next_of_many(function, *iterators):
    args = []
    for iterator in iterators:
        for x in iterator:
            args.append(x)
            break
        else:
            raise StopIteration
    return function(*args)


def filter_next(function, iterator):
    for x in iterator:
        if x if function is None else function(x):
            return x
    raise StopIteration


def zip_next(*iterators):
    items = []
    for iterator in iterators:
        for x in iterator:
            items.append(x)
            break
        else:
            raise StopIteration
    return tuple(items)


# `count` moves on the number of an enumerate, `end` marks an iter(function, sentinel) as exhausted.
def enumerate_next(count, self, iterator):
    for x in iterator:
        return (count(self), x)
    raise StopIteration


def callable_next(end, self, function, sentinel):
    x = function()
    if x == sentinel:
        end(self)
        raise StopIteration
    return x


def close(native, generator):
    try:
        generator.throw(GeneratorExit)
    except (GeneratorExit, StopIteration):
        return
    raise RuntimeError("generator ignored GeneratorExit")
