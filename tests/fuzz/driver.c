/* Drives a target without libFuzzer.
 *
 *     fuzz_<target> [--accepted] FILE|FOLDER...            replays inputs, none of which may be refused
 *     fuzz_<target> --mutants N [--seed S] [--first I] [--keep FILE] FILE|FOLDER...
 *
 * The latter makes N mutants of the inputs, numbers I, I + 1, ..., and counts what becomes of them. A mutant follows
 * from S, its number and the inputs alone. One that crashes the target is left in the file that --keep names. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64 /* for 32-bit builds, to list folders of 64-bit machines */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "blob/reader.h"
#include "fuzz.h"
#include "mutator.h"

#ifdef HAS_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

#define LARGEST_INPUT (1u << 16)

struct input {
    char *path;
    uint8_t *data;
    size_t size;
};

static struct input *inputs;
static size_t n_inputs;

static void *get(void *old, size_t size) {
    void *p = realloc(old, size);
    FUZZ_CHECK(p != NULL);
    return p;
}

static void add_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        exit(2);
    }
    struct input in = {get(NULL, strlen(path) + 1), get(NULL, LARGEST_INPUT), 0};
    strcpy(in.path, path);
    in.size = fread(in.data, 1, LARGEST_INPUT, f);
    fclose(f);
    inputs = get(inputs, (n_inputs + 1) * sizeof *inputs);
    inputs[n_inputs++] = in;
}

static void add(const char *path) {
    struct stat info;
    DIR *folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? opendir(path) : NULL;
    if (folder == NULL) {
        add_file(path);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            char *inside = get(NULL, strlen(path) + strlen(entry->d_name) + 2);
            sprintf(inside, "%s/%s", path, entry->d_name);
            add(inside);
            free(inside);
        }
    }
    closedir(folder);
}

/* Folders are listed in any order. */
static int by_path(const void *a, const void *b) {
    return strcmp(((const struct input *)a)->path, ((const struct input *)b)->path);
}

/* ---- counting */

static unsigned long outcomes[FUZZ_OUTCOMES], refusals[XIPVM_BLOB_ERROR_COUNT];

static void count(void) {
    outcomes[fuzz_result.outcome]++;
    if (fuzz_result.outcome == FUZZ_REFUSED) {
        refusals[fuzz_result.code]++;
    }
}

static void report(unsigned long n, double seconds) {
    static const struct {
        const char *name, *rule;
    } rows[] = {{"OK", ""},
#define ROW(name, rule, message) {#name, rule},
                XIPVM_BLOB_ERRORS(ROW)
#undef ROW
    };
    for (size_t i = 1; i < XIPVM_BLOB_ERROR_COUNT; i++) {
        if (refusals[i] > 0) {
            printf("  refused by %-8s %-24s %9lu\n", rows[i].rule, rows[i].name, refusals[i]);
        }
    }
    printf("%lu mutants: %lu refused, %lu ran to their end, %lu ended by an exception, %lu stopped; %.0f a second\n", n,
           outcomes[FUZZ_REFUSED], outcomes[FUZZ_OK], outcomes[FUZZ_EXCEPTION], outcomes[FUZZ_STOPPED],
           seconds > 0 ? (double)n / seconds : 0);
}

/* ---- what is left of a crash */

static uint8_t current[LARGEST_INPUT], given[LARGEST_INPUT];
static size_t current_size;
static const char *current_name = "a mutant", *keep;

static void leave_crash(void) {
    FILE *f = keep == NULL ? NULL : fopen(keep, "wb");
    fprintf(stderr, "fuzz: the input was %s\n", current_name);
    if (f != NULL) {
        fwrite(current, 1, current_size, f);
        fclose(f);
        fprintf(stderr, "fuzz: it is in %s\n", keep);
    }
}

static void on_crash(int signal_number) {
    leave_crash();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void run_current(void) {
    memcpy(given, current, current_size);
    LLVMFuzzerTestOneInput(given, current_size);
    count();
}

/* ---- */

static void make_mutant(uint64_t seed, unsigned long number) {
    uint64_t random = seed ^ (uint64_t)number * 0x2545f4914f6cdd1du;
    const struct input *in = &inputs[number % n_inputs];
    memcpy(current, in->data, in->size);
    current_size = in->size;
    for (unsigned n = 1 + fuzz_random(&random) % 3; n > 0; n--) {
        current_size = mutate(current, current_size, sizeof current, &random);
    }
}

int main(int argc, char **argv) {
    unsigned long n_mutants = 0, first = 0, seed = 1, bad = 0;
    bool accepted = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--mutants") == 0 && i + 1 < argc) {
            n_mutants = strtoul(argv[++i], NULL, 0);
        } else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
            seed = strtoul(argv[++i], NULL, 0);
        } else if (strcmp(argv[i], "--first") == 0 && i + 1 < argc) {
            first = strtoul(argv[++i], NULL, 0);
        } else if (strcmp(argv[i], "--accepted") == 0) {
            accepted = true;
        } else if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc) {
            keep = argv[++i];
        } else {
            add(argv[i]);
        }
    }
    if (n_inputs == 0) {
        fprintf(stderr, "usage: %s [--mutants N [--seed S] [--first I] [--keep FILE]] FILE|FOLDER...\n", argv[0]);
        return 2;
    }
    qsort(inputs, n_inputs, sizeof *inputs, by_path);
    signal(SIGABRT, on_crash);
#ifdef HAS_ASAN
    __sanitizer_set_death_callback(leave_crash);
#else
    signal(SIGSEGV, on_crash);
#endif
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (n_mutants == 0) {
        for (size_t i = 0; i < n_inputs; i++) {
            memcpy(current, inputs[i].data, inputs[i].size);
            current_size = inputs[i].size;
            current_name = inputs[i].path;
            run_current();
            if (accepted && fuzz_result.outcome == FUZZ_REFUSED) {
                printf("%s is refused: %s\n", current_name, xv_blob_error_text(fuzz_result.code));
                bad++;
            }
        }
        printf("%zu inputs: %lu refused, %lu ran to their end, %lu ended by an exception, %lu stopped\n", n_inputs,
               outcomes[FUZZ_REFUSED], outcomes[FUZZ_OK], outcomes[FUZZ_EXCEPTION], outcomes[FUZZ_STOPPED]);
        printf("%lu passed, %lu failed\n", (unsigned long)n_inputs - bad, bad);
        return bad > 0;
    }
    for (unsigned long i = 0; i < n_mutants; i++) {
        static char name[40];
        snprintf(name, sizeof name, "mutant %lu", first + i);
        current_name = name;
        make_mutant(seed, first + i);
        run_current();
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    report(n_mutants, (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    return 0;
}
