/* The parts of the xipvm command. */
#ifndef XIPVM_DESKTOP_H
#define XIPVM_DESKTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xipvm/xipvm.h"

/* Exit statuses. */
enum { STATUS_OK = 0, STATUS_EXCEPTION = 1, STATUS_USAGE = 2, STATUS_REFUSED = 3 };

/* Says what is wrong on standard error, "xipvm: …", after flushing what programs printed. */
void complain(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* Zeroed memory; there is no going on without it: a complaint, and the end of the process. */
void *get_memory(size_t size);

/* ---- host.c: files mapped into memory, and the HAL */

struct file {
    const uint8_t *data;
    size_t size;
};

/* Maps a file, read-only, until the process ends. False: errno says why. */
bool map_file(const char *path, struct file *out);

/* Modules are looked for in the ROMFS image `image` or, if that is NULL, beside `program`, and then along the
 * environment variable XIPVM_PATH. False after a complaint. */
bool set_search_path(const char *program, const char *image);

/* How files are given to the VM. */
enum presentation { PRESENT_IN_PLACE, PRESENT_LINK, PRESENT_PRELINKED, PRESENT_MIXED };
/* False if there is no such strategy. */
bool set_strategy(const char *name);
/* Fills in how the VM gets at a blob that was mapped. */
void present(const struct file *file, struct xipvm_source *out);

/* The prelinked image of a mapped file, which stays. False with *fault if it cannot be prelinked. */
bool prelink_image(const struct file *file, struct file *out, struct xipvm_fault *fault);

extern const struct xipvm_hal desktop_hal;
/* The files of it (files.c). */
extern const struct xipvm_files desktop_files;

/* Where the module was that a program imported last; NULL if it imported none. */
const char *last_module(void);

/* Writes what programs printed to standard output. False if it could not be written. */
bool flush_output(void);

/* ---- the commands; `argv` begins with the command's name. They return exit statuses. */
int command_run(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_info(int argc, char **argv);
int command_names(int argc, char **argv);
int command_dis(int argc, char **argv);
int command_prelink(int argc, char **argv);

/* Maps and checks a blob for the commands that look at one: STATUS_OK, or another status after a complaint.
 */
int open_blob(const char *path, struct file *file);

/* "PATH: byte N: rule X: message" on standard error. */
void report_fault(const char *path, const struct xipvm_fault *fault);

#endif
