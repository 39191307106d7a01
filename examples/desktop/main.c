/* xipvm: runs, checks and shows .mpy files on a desktop. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop.h"

static const char usage[] =
    "usage: xipvm run [--heap SIZE[k|M]] [--strategy NAME] [--stats] FILE.mpy [ARG ...]\n"
    "       xipvm run [--heap SIZE[k|M]] [--strategy NAME] [--stats] --romfs IMAGE NAME [ARG ...]\n"
    "       xipvm verify FILE.mpy ...\n"
    "       xipvm info FILE.mpy\n"
    "       xipvm dis FILE.mpy\n"
    "       xipvm names FILE.mpy ...\n"
    "       xipvm prelink FILE.mpy -o FILE.xip\n"
    "\n"
    "run     runs a program; its imports are looked for beside FILE.mpy and then in the folders and ROMFS\n"
    "        images of XIPVM_PATH, which are separated by colons\n"
    "          --heap SIZE   bytes of the arena, with k or M for units of 1024 or 1024 * 1024 (default 8M)\n"
    "          --romfs IMAGE the program is the module NAME of a ROMFS image, in which its imports are "
    "looked for\n"
    "                        first\n"
    "          --strategy NAME  how blobs are loaded: in-place (the default), link (read as streams into the\n"
    "                        arena), prelinked (on the fly), or mixed (each of these in turn)\n"
    "          --stats       a line of JSON about the memory used, on standard error at the end\n"
    "verify  says whether files would be accepted, and if not why\n"
    "info    shows what is in a file, and what loading it takes\n"
    "dis     shows the instructions\n"
    "names   lists the names that this build does not know, for builds that are to know them (XIPVM_NAMES of CMake)\n"
    "prelink writes the same program with its names linked to this very build, which alone runs it\n"
    "\n"
    "Exit status: 0; 1 after an uncaught exception (or what sys.exit says); 2 for a wrong command line or\n"
    "a file that cannot be read; 3 if a blob is refused.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"run", command_run},
    {"verify", command_verify},
    {"info", command_info},
    {"dis", command_dis},
    {"names", command_names},
    {"prelink", command_prelink},
};

void complain(const char *format, ...) {
    va_list args;
    flush_output();
    va_start(args, format);
    fputs("xipvm: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void *get_memory(size_t size) {
    void *memory = calloc(1, size == 0 ? 1 : size);
    if (memory == NULL) {
        complain("out of memory");
        exit(STATUS_USAGE);
    }
    return memory;
}

void report_fault(const char *path, const struct xipvm_fault *fault) {
    flush_output();
    fprintf(stderr, "%s: byte %zu: rule %s: %s\n", path, fault->offset, fault->rule, fault->message);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs(usage, stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        fputs(usage, stdout);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            int status = commands[i].run(argc - 1, argv + 1);
            if (fflush(stdout) != 0 || !flush_output()) {
                fputs("xipvm: cannot write to standard output\n", stderr);
                return status == STATUS_OK ? STATUS_EXCEPTION : status;
            }
            return status;
        }
    }
    fprintf(stderr, "xipvm: unknown command '%s'\n%s", argv[1], usage);
    return STATUS_USAGE;
}
