// Copies files in the current folder, which has to be granted: system calls and their checks.
#include <unistd.h>

#include "benchmark.h"

static FILE *open_file(const char *name, const char *mode) {
    FILE *file = fopen(name, mode);
    if (file == NULL) {
        perror(name);
        exit(4);
    }
    return file;
}

static uint64_t copy(const char *from, const char *to, size_t step) {
    static uint8_t buffer[65536];
    FILE *in = open_file(from, "rb"), *out = open_file(to, "wb");
    uint64_t sum = 0;
    for (size_t got; (got = fread(buffer, 1, step, in)) > 0;) {
        sum += buffer[0] + buffer[got - 1];
        if (fwrite(buffer, 1, got, out) != got) exit(5);
    }
    fclose(in);
    if (fclose(out) != 0) exit(5);
    return sum;
}

int main(int argc, char **argv) {
    int rounds = size_for(argc, argv, 8, 80, 400);
    uint32_t state = 71;
    uint64_t sum = 0;
    FILE *file = open_file("copied.0", "wb");
    for (int i = 0; i < 1 << 20; i++) {
        uint32_t word = next_random(&state);
        fwrite(&word, sizeof word, 1, file);
    }
    fclose(file);
    for (int round = 0; round < rounds; round++) {
        const char *from = round % 2 ? "copied.1" : "copied.0", *to = round % 2 ? "copied.0" : "copied.1";
        sum = mix(sum, copy(from, to, (size_t)1 << (8 + round % 9)));
    }
    unlink("copied.0");
    unlink("copied.1");
    print_checksum(sum);
    return 0;
}
