// A reactor with what C needs of WASI.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define EXPORT(name) __attribute__((export_name(name)))

static int initialized;

__attribute__((constructor)) static void initialize(void) { initialized = 1; }

EXPORT("is_initialized") int is_initialized(void) { return initialized; }

EXPORT("allocate") void *allocate(size_t size) { return malloc(size); }

EXPORT("greet") void greet(void) {
    const char *name = getenv("NAME");
    printf("hello, %s\n", name == NULL ? "nobody" : name);
    fflush(stdout);
}

EXPORT("read_file") int read_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) return -1;
    int first = fgetc(file);
    fclose(file);
    return first;
}

EXPORT("write_file") int write_file(const char *path) {
    FILE *file = fopen(path, "w");
    if (file == NULL) return -1;
    int result = fputs("from the guest\n", file);
    return fclose(file) == 0 && result >= 0 ? 0 : -1;
}

EXPORT("leave") void leave(int status) { exit(status); }

EXPORT("close_output") int close_output(void) { return fclose(stdout); }

// Has what is written to the standard output go to a file.
EXPORT("redirect") int redirect(const char *path) {
    FILE *file = fopen(path, "w");
    return file == NULL ? -1 : __wasi_fd_renumber(fileno(file), 1);
}

// Closes what is granted, and gives up what may be done with the rest.
EXPORT("give_up") int give_up(void) {
    return __wasi_fd_close(3) + __wasi_fd_close(0) + __wasi_fd_fdstat_set_rights(4, 0, 0);
}
