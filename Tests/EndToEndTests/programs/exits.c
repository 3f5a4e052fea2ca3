// Leaving: handlers run in reverse order, buffered output arrives, the status is kept.
#include <stdio.h>
#include <stdlib.h>

static void first(void) { printf("first\n"); }
static void second(void) { printf("second\n"); }

int main(void) {
    atexit(first);
    atexit(second);
    printf("no newline yet");
    fprintf(stderr, "to standard error\n");
    printf("\n");
    exit(42);
}
