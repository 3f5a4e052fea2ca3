// Raises a signal, or waits for one: raise [NUMBER], with WASI's numbers.
#include <stdio.h>
#include <stdlib.h>

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_raise"))) int proc_raise(
    int signal);

int main(int count, char **arguments) {
    puts("ready");
    fflush(stdout);
    if (count < 2) {
        for (volatile int forever = 1; forever;) continue;
    }
    printf("returned %d\n", proc_raise(atoi(arguments[1])));
    return 3;
}
