// A reactor with what C needs of WASI.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
