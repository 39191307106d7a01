# Native functions that call back Python code many times, or change something between, once more in Python, for programs that run in
# slices (vm/ask.h). lib/resumable.c says which stands for which, by the order of the functions here; it finds them in
# the blob without ever running its body, so there are no globals, and no defaults.
#
# The first argument is the native that is being replaced, or one that the function needs.


# Parameters have no names where keywords may have any.
def gather(*args, **kw):
    return args[0]([x for x in args[1]], *args[2:], **kw)


def gather_second(*args, **kw):
    return args[0](args[1], [x for x in args[2]], *args[3:], **kw)


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
            # The same comparisons as the native makes: parts of up to 8 by insertion, then merged in pairs.
            n = len(items)
            order = [i for i in range(n)]
            log = 0
            while n >> log > 8:
                log += 1
            for part in range(1 << log):
                start = part * n >> log
                for at in range(start + 1, (part + 1) * n >> log):
                    k = keys[order[at]]
                    low = start
                    high = at
                    middle = at - 1
                    while low < high:
                        other = keys[order[middle]]
                        if (other < k) if down else (k < other):
                            high = middle
                        else:
                            low = middle + 1
                        middle = low + (high - low) // 2
                    order.insert(low, order.pop(at))
            while log > 0:
                for part in range(0, 1 << log, 2):
                    to = part * n >> log
                    right = middle = (part + 1) * n >> log
                    high = (part + 2) * n >> log
                    a = keys[order[middle - 1]]
                    b = keys[order[middle]]
                    if (a < b) if down else (b < a):
                        lefts = order[to:middle]
                        left = 0
                        while left < len(lefts) and right < high:
                            a = keys[lefts[left]]
                            b = keys[order[right]]
                            if (a < b) if down else (b < a):
                                order[to] = order[right]
                                right += 1
                            else:
                                order[to] = lefts[left]
                                left += 1
                            to += 1
                        order[to:right] = lefts[left:]
                log -= 1
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


def find(container, item):
    for x in container:
        if x is item or x == item:
            return True
    return False


# The first n items, and one more if there is one.
def first(iterable, n):
    items = []
    for x in iterable:
        items.append(x)
        if len(items) > n:
            break
    return items


def map_next(function, iterator):
    return function(next(iterator))


def map_next_of_many(function, *iterators):
    return function(*[next(iterator) for iterator in iterators])


def filter_next(function, iterator):
    while True:
        x = next(iterator)
        if x if function is None else function(x):
            return x


def zip_next(*iterators):
    return tuple([next(iterator) for iterator in iterators])


# `count` moves on the number of an enumerate, `end` marks an iter(function, sentinel) as exhausted.
def enumerate_next(count, self, iterator):
    x = next(iterator)
    return (count(self), x)


# Of what goes by index; `step` moves on to the end or by one.
def index_next(step, self, sequence, index):
    try:
        x = sequence[index]
    except (IndexError, StopIteration):
        step(self, True)
        raise StopIteration
    step(self, False)
    return x


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


# Whatever can be called.
def call(*args, **kw):
    return args[0](*args[1:], **kw)
