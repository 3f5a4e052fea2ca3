// Copies files in the current folder, which has to be granted: system calls and their checks.
#include <fcntl.h>
#include <unistd.h>

#include "benchmark.h"

static int open_file(const char *name, int flags) {
    int file = open(name, flags, 0666);
    if (file < 0) {
        perror(name);
        exit(4);
    }
    return file;
}

static void write_all(int file, const void *bytes, size_t size) {
    if (write(file, bytes, size) != (ssize_t)size) exit(5);
}

// Not by way of stdio, whose buffers differ from one C library to another.
static uint64_t copy(const char *from, const char *to, size_t step) {
    static uint8_t buffer[65536];
    int in = open_file(from, O_RDONLY), out = open_file(to, O_WRONLY | O_CREAT | O_TRUNC);
    uint64_t sum = 0;
    for (ssize_t got; (got = read(in, buffer, step)) > 0;) {
        sum += buffer[0] + buffer[got - 1];
        write_all(out, buffer, (size_t)got);
    }
    if (close(in) != 0 || close(out) != 0) exit(5);
    return sum;
}

int main(int argc, char **argv) {
    enum { WORDS = 1 << 20 };
    int rounds = size_for(argc, argv, 3, 27, 135);
    uint32_t state = 71, *words = allocate(WORDS * sizeof *words);
    uint64_t sum = 0;
    for (int i = 0; i < WORDS; i++) words[i] = next_random(&state);
    int file = open_file("copied.0", O_WRONLY | O_CREAT | O_TRUNC);
    write_all(file, words, WORDS * sizeof *words);
    close(file);
    for (int round = 0; round < rounds; round++) {
        const char *from = round % 2 ? "copied.1" : "copied.0", *to = round % 2 ? "copied.0" : "copied.1";
        sum = mix(sum, copy(from, to, (size_t)1 << (8 + round % 9)));
    }
    unlink("copied.0");
    unlink("copied.1");
    print_checksum(sum);
    return 0;
}
