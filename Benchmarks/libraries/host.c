// Runs a program that has been compiled to a library, as what its author meant it to be.
#include "bench.h"

#include <stdio.h>

int main(int argc, char **argv) {
    const char *arguments[] = {"program", argc > 1 ? argv[1] : "normal", NULL};
    smelt_directory here = {.host = ".", .guest = "."};
    smelt_options options = SMELT_OPTIONS_INIT;
    options.arguments = arguments;
    options.directories = &here;
    options.directory_count = 1;
    options.streams = SMELT_STDIN | SMELT_STDOUT | SMELT_STDERR;
#ifdef FUEL
    options.fuel = UINT64_MAX / 4;
#endif
    smelt_error error;
    bench *instance = bench_new(NULL, &options, &error);
    if (instance == NULL) return fputs(error.message, stderr), 1;
    enum smelt_status status = bench__start(instance);
    if (status == SMELT_OK) return 0;
    const smelt_error *reason = bench_error(instance);
    if (status == SMELT_EXITED) return reason->detail;
    fputs(reason->message, stderr);
    return 1;
}
