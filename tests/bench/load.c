/* Measures the strategies of loading against each other, in one process and turn by turn, so that whatever else the
 * machine does meets all of them alike.
 *
 *   load [--rounds N] [--loads N] [--scale N] [--only STRATEGY] [--program NAME] MODULE.mpy … --programs PROGRAM.mpy …
 *
 * There is a VM for each strategy. Loading: each module is imported and unloaded again --loads times in each round;
 * the time of the imports counts, least of all rounds. RAM: what all modules together keep. Speed: run(--scale) of
 * each program, least of all rounds. With --only there is one strategy, and with --program one program that runs: for
 * a profiler, which counts instructions. Prints JSON; exit status 1 if strategies give different results, 2 if
 * something else is wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xipvm/xipvm.h"

enum way { IN_PLACE, PRELINKED, LINKED, WAYS };
static const char *const titles[WAYS] = {"in_place", "prelinked", "linked"};
static bool present[WAYS] = {true, XIPVM_PRELINKED, XIPVM_LINKING};

#define MAX_BLOBS 64
#define ARENA (XIPVM_MIN_ARENA + ((size_t)1 << 20))

struct bytes {
    uint8_t *data;
    size_t size, room;
};

struct blob {
    char name[64];
    struct bytes file, image;
    double load[WAYS], run[WAYS]; /* least seconds; 0: none yet */
};

static struct {
    struct blob blobs[MAX_BLOBS];
    size_t n, n_modules; /* modules first, then programs */
    long rounds, loads, scale;
    const char *program; /* the only one to run, or NULL */
    bool differs;
} bench = {.rounds = 5, .loads = 20, .scale = 200};

#ifdef __GNUC__
__attribute__((format(printf, 1, 2)))
#endif
static void fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void note_least(double *least, double seconds) {
    if (*least <= 0 || seconds < *least) {
        *least = seconds;
    }
}

/* ---- blobs */

static bool append(void *context, const void *data, size_t len) {
    struct bytes *b = context;
    if (len > b->room - b->size) {
        b->room = 2 * b->room + len;
        b->data = realloc(b->data, b->room);
        if (b->data == NULL) {
            fail("no memory");
        }
    }
    memcpy(b->data + b->size, data, len);
    b->size += len;
    return true;
}

static void read_file(const char *path, struct bytes *out) {
    uint8_t piece[4096];
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fail("cannot read %s", path);
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        append(out, piece, n);
    }
    fclose(f);
}

static void add_blob(const char *path) {
    if (bench.n == MAX_BLOBS) {
        fail("more than %d blobs", MAX_BLOBS);
    }
    struct blob *b = &bench.blobs[bench.n++];
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t len = strcspn(name, ".");
    if (len == 0 || len >= sizeof b->name) {
        fail("%s is no name of a module", path);
    }
    memcpy(b->name, name, len);
    read_file(path, &b->file);
    if (XIPVM_PRELINKED) {
        struct xipvm_fault fault;
        size_t size = 2 * b->file.size + XIPVM_VERIFY_SCRATCH;
        void *scratch = malloc(size);
        if (xipvm_prelink(b->file.data, b->file.size, scratch, size, append, &b->image, &fault) != XIPVM_OK) {
            fail("%s: %s", path, fault.message);
        }
        free(scratch);
    }
}

/* ---- the host of each VM */

struct host {
    enum way way;
    const struct blob *reading;
    size_t at;
    struct xipvm_hal hal;
    xipvm_vm *vm;
};

static int32_t read_stream(void *stream, void *buffer, size_t size) {
    struct host *h = stream;
    size_t left = h->reading->file.size - h->at, n = left < size ? left : size;
    memcpy(buffer, h->reading->file.data + h->at, n);
    h->at += n;
    return (int32_t)n;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    struct host *h = context;
    for (size_t i = 0; i < bench.n; i++) {
        const struct blob *b = &bench.blobs[i];
        if (strlen(b->name) != len || memcmp(b->name, name, len) != 0) {
            continue;
        }
        if (h->way == LINKED) {
            h->reading = b;
            h->at = 0;
            out->read = read_stream;
            out->stream = h;
            out->size = b->file.size;
        } else {
            const struct bytes *bytes = h->way == PRELINKED ? &b->image : &b->file;
            out->data = bytes->data;
            out->size = bytes->size;
        }
        return true;
    }
    return false;
}

static uint64_t clock_us(void *context) {
    (void)context;
    return (uint64_t)(now() * 1e6);
}

static void write_error(void *context, const void *data, size_t len) {
    (void)context;
    fwrite(data, 1, len, stderr);
}

static void open_host(struct host *h, enum way way) {
    *h = (struct host){.way = way};
    h->hal = (struct xipvm_hal){.context = h, .find_blob = find_blob, .write = write_error, .clock_us = clock_us};
    void *arena = malloc(ARENA);
    if (arena == NULL || xipvm_open(arena, ARENA, &h->hal, &h->vm) != XIPVM_OK) {
        fail("a VM cannot be opened");
    }
}

static void must(const struct host *h, enum xipvm_status status, const struct blob *b) {
    if (status != XIPVM_OK) {
        xipvm_exception_print(h->vm);
        fail("%s, %s: %s", b->name, titles[h->way], xipvm_status_text(status));
    }
}

/* ---- what is measured */

static void time_loading(struct host *hosts) {
    for (size_t i = 0; i < bench.n_modules; i++) {
        struct blob *b = &bench.blobs[i];
        double spent[WAYS] = {0};
        for (long k = 0; k < bench.loads; k++) {
            for (int way = 0; way < WAYS; way++) {
                if (present[way]) {
                    double start = now();
                    enum xipvm_status status = xipvm_import(hosts[way].vm, b->name, NULL);
                    spent[way] += now() - start;
                    must(&hosts[way], status, b);
                    must(&hosts[way], xipvm_unload(hosts[way].vm, b->name), b);
                }
            }
        }
        for (int way = 0; way < WAYS; way++) {
            note_least(&b->load[way], spent[way]);
        }
    }
}

static int64_t run_program(struct host *h, struct blob *b, xipvm_handle module, xipvm_handle n) {
    xipvm_handle result;
    int64_t answer;
    double start = now();
    enum xipvm_status status = xipvm_call_method(h->vm, module, "run", &n, 1, &result);
    note_least(&b->run[h->way], now() - start);
    must(h, status, b);
    must(h, xipvm_to_int(h->vm, result, &answer), b);
    xipvm_release(h->vm, result);
    return answer;
}

static void time_running(struct host *hosts) {
    for (size_t i = bench.n_modules; i < bench.n; i++) {
        struct blob *b = &bench.blobs[i];
        if (bench.program != NULL && strcmp(bench.program, b->name) != 0) {
            continue;
        }
        xipvm_handle modules[WAYS] = {0}, scales[WAYS] = {0};
        for (int way = 0; way < WAYS; way++) {
            if (present[way]) {
                must(&hosts[way], xipvm_import(hosts[way].vm, b->name, &modules[way]), b);
                must(&hosts[way], xipvm_make_int(hosts[way].vm, bench.scale, &scales[way]), b);
            }
        }
        for (long round = 0; round < bench.rounds; round++) {
            int64_t first = 0;
            bool any = false;
            for (int way = 0; way < WAYS; way++) {
                if (!present[way]) {
                    continue;
                }
                int64_t answer = run_program(&hosts[way], b, modules[way], scales[way]);
                first = any ? first : answer;
                any = true;
                if (answer != first) {
                    fprintf(stderr, "load: %s gives %lld by one strategy and %lld %s\n", b->name, (long long)first,
                            (long long)answer, titles[way]);
                    bench.differs = true;
                }
            }
        }
        for (int way = 0; way < WAYS; way++) {
            xipvm_release(hosts[way].vm, modules[way]);
            xipvm_release(hosts[way].vm, scales[way]);
        }
    }
}

/* ---- what is told */

static void print_ram(const struct host *h) {
    struct xipvm_stats before, after;
    xipvm_collect(h->vm);
    xipvm_stats(h->vm, &before);
    for (size_t i = 0; i < bench.n_modules; i++) {
        must(h, xipvm_import(h->vm, bench.blobs[i].name, NULL), &bench.blobs[i]);
    }
    xipvm_exception_clear(h->vm);
    xipvm_collect(h->vm);
    xipvm_stats(h->vm, &after);
    printf("\"%s\": {\"heap\": %zu, \"tables\": %zu, \"names\": %zu, \"code\": %llu}", titles[h->way],
           after.live_heap - before.live_heap, after.table_bytes - before.table_bytes, after.pool_bytes - before.pool_bytes,
           (unsigned long long)(after.code_in_ram - before.code_in_ram + after.code_in_place - before.code_in_place));
}

/* Times as ratios to those in place. */
static void print_ratios(const char *name, const double *times) {
    printf("\"%s\": {", name);
    const char *comma = "";
    for (int way = 1; way < WAYS; way++) {
        if (present[way] && present[IN_PLACE]) {
            printf("%s\"%s\": %.3f", comma, titles[way], times[way] / times[IN_PLACE]);
            comma = ", ";
        }
    }
    fputs("}", stdout);
}

static void print_results(void) {
    double total[WAYS] = {0};
    puts(",\n\"load\": {");
    for (size_t i = 0; i < bench.n_modules; i++) {
        print_ratios(bench.blobs[i].name, bench.blobs[i].load);
        puts(",");
        for (int way = 0; way < WAYS; way++) {
            total[way] += bench.blobs[i].load[way];
        }
    }
    print_ratios("all", total);
    puts("\n},\n\"run\": {");
    for (size_t i = bench.n_modules; i < bench.n; i++) {
        print_ratios(bench.blobs[i].name, bench.blobs[i].run);
        puts(i + 1 < bench.n ? "," : "");
    }
    puts("}}");
}

static bool number_option(int argc, char **argv, int *i, const char *name, long *out) {
    if (strcmp(argv[*i], name) != 0) {
        return false;
    }
    *out = *i + 1 < argc ? strtol(argv[++*i], NULL, 10) : 0;
    if (*out < 1) {
        fail("%s wants a positive number", name);
    }
    return true;
}

static void choose(const char *title) {
    bool any = false;
    for (int way = 0; way < WAYS; way++) {
        present[way] = present[way] && strcmp(titles[way], title) == 0;
        any = any || present[way];
    }
    if (!any) {
        fail("--only wants in_place, prelinked or linked, as far as this build has them");
    }
}

int main(int argc, char **argv) {
    static struct host hosts[WAYS];
    bool programs = false;
    for (int i = 1; i < argc; i++) {
        if (number_option(argc, argv, &i, "--rounds", &bench.rounds) ||
            number_option(argc, argv, &i, "--loads", &bench.loads) || number_option(argc, argv, &i, "--scale", &bench.scale)) {
            continue;
        }
        if (strcmp(argv[i], "--programs") == 0) {
            programs = true;
        } else if (strcmp(argv[i], "--program") == 0 && i + 1 < argc) {
            bench.program = argv[++i];
        } else if (strcmp(argv[i], "--only") == 0) {
            choose(i + 1 < argc ? argv[++i] : "");
        } else {
            add_blob(argv[i]);
            bench.n_modules += !programs;
        }
    }
    for (int way = 0; way < WAYS; way++) {
        if (present[way]) {
            open_host(&hosts[way], (enum way)way);
        }
    }
    for (long round = 0; round < bench.rounds; round++) {
        time_loading(hosts);
    }
    printf("{\"bits\": %u,\n\"ram\": {", (unsigned)sizeof(void *) * 8);
    const char *comma = "";
    for (int way = 0; way < WAYS; way++) {
        if (present[way]) {
            fputs(comma, stdout);
            print_ram(&hosts[way]);
            comma = ",\n";
        }
    }
    fputs("}", stdout);
    time_running(hosts);
    print_results();
    return bench.differs ? 1 : 0;
}
