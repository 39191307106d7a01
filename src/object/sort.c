/* list.sort: a stable merge sort, bottom up and balanced, on an array that the list has been emptied of
 * meanwhile.
 *
 * With a key function the array holds pairs of key and item, else items alone. If all keys are small ints,
 * floats or strs they are compared here; only otherwise can a comparison run Python code, allocate or
 * fail. Whenever it fails, the array still holds every item once. */
#include "object/number.h"
#include "object/str.h"
#include "object/table.h"
#include "vm/ask.h"

#define RUN 8u /* entries that are sorted by insertion */

enum sort_mode { SORT_ANY, SORT_SMALL, SORT_REAL, SORT_STR };

enum { LIST, KEY, ITEMS, SCRATCH, PLAIN, ORIGINAL, N_ROOTS };

struct sorter {
    struct xv_vm *vm;
    xv_value *r;    /* roots, N_ROOTS of them */
    size_t n;       /* entries */
    unsigned shift; /* entries have 1 << shift words */
    enum sort_mode mode;
    bool reverse;
};

static bool text_less(const struct xv_vm *vm, xv_value a, xv_value b) {
    struct xv_text ta = xv_text(vm, a), tb = xv_text(vm, b);
    int order = memcmp(ta.data, tb.data, ta.len < tb.len ? ta.len : tb.len);
    return order != 0 ? order < 0 : ta.len < tb.len;
}

/* Whether the entry with key b, which stands behind that with key a, belongs before it: 1, 0, -1. */
static inline int goes_first(const struct sorter *s, xv_value b, xv_value a) {
    if (s->reverse) {
        xv_value t = a;
        a = b;
        b = t;
    }
    switch (s->mode) {
    case SORT_SMALL:
        /* The tags are the same, so the words order as the numbers do. */
        return (intptr_t)b < (intptr_t)a;
    case SORT_REAL:
        return xv_float(b) < xv_float(a);
    case SORT_STR:
        return text_less(s->vm, b, a);
    default:
        return xv_less(s->vm, b, a);
    }
}

static enum sort_mode mode_of(const struct xv_vm *vm, xv_value v) {
    return xv_is_small(v) ? SORT_SMALL : xv_is_float(v) ? SORT_REAL : xv_is_str(vm, v) ? SORT_STR : SORT_ANY;
}

static void choose_mode(struct sorter *s) {
    const xv_value *a = xv_items(s->r[ITEMS]);
    s->mode = mode_of(s->vm, a[0]);
    for (size_t i = 1; i < s->n && s->mode != SORT_ANY; i++) {
        if (mode_of(s->vm, a[i << s->shift]) != s->mode) {
            s->mode = SORT_ANY;
        }
    }
}

/* The place in [lo, at) for the entry at `at`: behind all that it does not precede. */
static bool find_place(const struct sorter *s, size_t lo, size_t at, size_t *out) {
    size_t hi = at;
    const xv_value *a = xv_items(s->r[ITEMS]);
    /* Mostly it is where it belongs, or nearly. */
    for (size_t mid = at - 1; lo < hi; mid = lo + (hi - lo) / 2) {
        int first = goes_first(s, a[at << s->shift], a[mid << s->shift]);
        if (first < 0) {
            return false;
        }
        if (first) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
        a = xv_items(s->r[ITEMS]);
    }
    *out = lo;
    return true;
}

static bool insertion_sort(const struct sorter *s, size_t lo, size_t hi) {
    size_t width = (size_t)1 << s->shift;
    for (size_t at = lo + 1; at < hi; at++) {
        size_t to;
        if (!find_place(s, lo, at, &to)) {
            return false;
        }
        if (to != at) {
            xv_value *a = xv_items(s->r[ITEMS]), entry[2];
            memcpy(entry, a + at * width, width * sizeof *a);
            memmove(a + (to + 1) * width, a + to * width, (at - to) * width * sizeof *a);
            memcpy(a + to * width, entry, width * sizeof *a);
        }
    }
    return true;
}

/* Merges [lo, mid) and [mid, hi), the former by way of the scratch array. */
static bool merge(const struct sorter *s, size_t lo, size_t mid, size_t hi) {
    unsigned shift = s->shift;
    xv_value *a = xv_items(s->r[ITEMS]);
    int first = goes_first(s, a[mid << shift], a[(mid - 1) << shift]);
    if (first <= 0) {
        return first == 0;
    }
    a = xv_items(s->r[ITEMS]);
    xv_value *left = xv_items(s->r[SCRATCH]);
    size_t n = mid - lo, i = 0, j = mid, to = lo;
    memcpy(left, a + (lo << shift), (n << shift) * sizeof *a);
    while (i < n && j < hi) {
        first = goes_first(s, a[j << shift], left[i << shift]);
        if (s->mode == SORT_ANY) {
            a = xv_items(s->r[ITEMS]);
            left = xv_items(s->r[SCRATCH]);
            if (first < 0) {
                break;
            }
        }
        const xv_value *from = first ? a + (j++ << shift) : left + (i++ << shift);
        a[to << shift] = from[0];
        if (shift != 0) {
            a[(to << 1) + 1] = from[1];
        }
        to++;
    }
    memcpy(a + (to << shift), left + (i << shift), ((n - i) << shift) * sizeof *a);
    return first >= 0;
}

/* The first entry of part `i` of 1 << `log` equal ones. */
static size_t part_start(const struct sorter *s, uint64_t i, unsigned log) {
    return (size_t)((i * s->n) >> log);
}

static bool sort_parts(const struct sorter *s) {
    unsigned log = 0;
    while (s->n >> log > RUN) {
        log++;
    }
    for (uint64_t i = 0; i >> log == 0; i++) {
        if (!insertion_sort(s, part_start(s, i, log), part_start(s, i + 1, log))) {
            return false;
        }
    }
    for (; log > 0; log--) {
        for (uint64_t i = 0; i >> log == 0; i += 2) {
            if (!merge(s, part_start(s, i, log), part_start(s, i + 1, log), part_start(s, i + 2, log))) {
                return false;
            }
        }
    }
    return true;
}

/* Makes the array of pairs of key and item. */
static bool make_pairs(struct sorter *s) {
    s->r[SCRATCH] = xv_alloc_array(s->vm, s->n * 2);
    if (s->r[SCRATCH] == XV_NULL) {
        return false;
    }
    for (size_t i = 0; i < s->n; i++) {
        xv_value item = xv_items(s->r[ITEMS])[i];
        xv_items(s->r[SCRATCH])[2 * i + 1] = item;
        xv_value key = xv_call(s->vm, s->r[KEY], &item, 1);
        if (key == XV_NULL) {
            return false;
        }
        xv_items(s->r[SCRATCH])[2 * i] = key;
    }
    xv_value plain = s->r[ITEMS];
    s->r[ITEMS] = s->r[SCRATCH];
    s->r[SCRATCH] = plain;
    s->shift = 1;
    return true;
}

/* Sorts the array in r[ITEMS], whose mode was chosen unless there is a key function; leaves a permutation of its
 * items there in any case. */
static bool sort_array(struct sorter *s) {
    if (s->r[KEY] != XV_NULL) {
        if (!make_pairs(s)) {
            return false;
        }
        choose_mode(s);
    }
    /* The plain items, to be filled again from the pairs. */
    s->r[PLAIN] = s->r[SCRATCH];
    /* Parts may differ in size by one. */
    s->r[SCRATCH] = s->n > RUN ? xv_alloc_array(s->vm, (s->n / 2 + 1) << s->shift) : XV_NULL;
    bool ok = s->n <= RUN || s->r[SCRATCH] != XV_NULL;
    ok = ok && sort_parts(s);
    if (s->shift != 0) {
        xv_value *to = xv_items(s->r[PLAIN]);
        const xv_value *from = xv_items(s->r[ITEMS]);
        for (size_t i = 0; i < s->n; i++) {
            to[i] = from[2 * i + 1];
        }
        s->r[ITEMS] = s->r[PLAIN];
    }
    return ok;
}

/* For a sort that is done once more from the beginning when it has asked (vm/ask.h). */
static bool copy_items(struct sorter *s) {
    xv_value copy = xv_alloc_array(s->vm, s->n);
    if (copy == XV_NULL) {
        return false;
    }
    memcpy(xv_items(copy), xv_items(s->r[ITEMS]), s->n * sizeof(xv_value));
    s->r[ORIGINAL] = s->r[ITEMS];
    s->r[ITEMS] = copy;
    return true;
}

bool xv_list_sort(struct xv_vm *vm, xv_value list, xv_value key, bool reverse) {
    size_t n = xv_list(list)->len;
    if (n < 2 && (n == 0 || key == XV_NULL)) {
        return true;
    }
    if (n >= XV_MAX_WORDS / 2) {
        xv_raise_memory(vm);
        return false;
    }
    xv_value r[N_ROOTS] = {list, key, xv_list(list)->items};
    struct sorter s = {vm, r, n, 0, SORT_ANY, reverse};
    XV_ENTER(vm, r);
    if (key == XV_NULL) {
        choose_mode(&s);
    }
    bool asks = s.mode == SORT_ANY && xv_can_ask(vm);
    if (asks && !copy_items(&s)) {
        XV_LEAVE(vm);
        return false;
    }
    xv_list(r[LIST])->items = XV_NULL;
    xv_list(r[LIST])->len = 0;
    bool ok = sort_array(&s);
    struct xv_list *l = xv_list(r[LIST]);
    bool modified = l->items != XV_NULL;
    if (asks && vm->question != XV_NULL) {
        r[ITEMS] = r[ORIGINAL];
    }
    l->items = r[ITEMS];
    l->len = n;
    if (ok && modified) {
        xv_raise(vm, &xv_exc_ValueError, "list modified during sort");
        ok = false;
    }
    XV_LEAVE(vm);
    return ok;
}
